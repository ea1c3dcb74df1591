"""The shared code without one of its guards: where a guard is marked, and how it is removed."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Literal

REPOSITORY = Path(__file__).parents[2]
SHARED_CODE = REPOSITORY / "layers" / "billing_sync" / "python"
MARKER = re.compile(r"#\s*guard\b.*")
WELL_FORMED = re.compile(r"# guard: (?P<slugs>[a-z0-9-]+(?:, [a-z0-9-]+)*)(?: - .+)?")

Operator = Literal["never", "always", "gone", "flipped", "fresh"]


@dataclass(frozen=True, slots=True)
class Guard:
    """What must be true, the slug that marks the code for it, and the test that depends on it.

    `operator` removes the guard from the code; `shown_by` is a test under `tests/`.
    """

    name: str
    slug: str
    operator: Operator
    shown_by: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A guard's place in the shared code; `line` is where its node begins."""

    slug: str
    file: Path
    line: int

    @property
    def module(self) -> str:
        """The dotted name under which the file is imported."""
        return ".".join(self.file.relative_to(SHARED_CODE).with_suffix("").parts)


@cache
def markers() -> tuple[Marker, ...]:
    """Every marker of the shared code; one alone on its line marks the code below it."""
    files = sorted(SHARED_CODE.rglob("*.py"))
    return tuple(marker for file in files for marker in _markers_in(file))


def _markers_in(file: Path) -> Iterator[Marker]:
    source = file.read_text()
    if not MARKER.search(source):
        return
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or not MARKER.match(token.string):
            continue
        found = WELL_FORMED.fullmatch(token.string)
        assert found, f"{file}:{token.start[0]}: write '# guard: slug, slug - why'"
        line = token.start[0]
        while lines[line - 1].lstrip().startswith("#"):
            line += 1
        for slug in found["slugs"].split(", "):
            yield Marker(slug, file, line)


class Mutant(SourceFileLoader):
    """Imports one module as it is without a guard; it goes first into `sys.meta_path`.

    Raises `LookupError` when the marker is missing or doubled, or the operator has nothing, or
    more than one thing, to take out there.
    """

    def __init__(self, slug: str, operator: Operator) -> None:
        marked = [marker for marker in markers() if marker.slug == slug]
        if len(marked) != 1:
            raise LookupError(f"{len(marked)} markers '# guard: {slug}' in the shared code")
        super().__init__(marked[0].module, str(marked[0].file))
        self._tree = without(marked[0].file.read_text(), marked[0].line, operator)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The module's spec with this loader; None for every other module."""
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """The code without the guard, past any bytecode cache."""
        return compile(self._tree, self.path, "exec", dont_inherit=True)

    def loaded(self, modules: dict[str, ModuleType]) -> bool:
        """Whether the module among these is the one without the guard."""
        return self.name in modules and modules[self.name].__loader__ is self


def without(source: str, line: int, operator: Operator) -> ast.Module:
    """The source's tree, with the outermost node that begins on this line and suits changed."""
    tree = ast.parse(source)
    level: list[ast.AST] = [tree]
    while level:
        edits = [edit for node in level for edit in _EDITS[operator](node, line)]
        if len(edits) > 1:
            raise LookupError(f"line {line}: '{operator}' could change {len(edits)} things there")
        if edits:
            edits[0]()
            assert ast.dump(tree) != ast.dump(ast.parse(source)), f"line {line}: nothing changed"
            return ast.fix_missing_locations(tree)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    raise LookupError(f"line {line}: '{operator}' finds nothing to change there")


Edits = Iterator[Callable[[], object]]


def _condition(node: ast.AST, line: int, *, value: bool) -> Edits:
    """The test of an `if`, or what is returned or assigned where that is a condition."""
    if getattr(node, "lineno", None) != line:
        return
    if isinstance(node, ast.If | ast.IfExp):
        yield partial(setattr, node, "test", ast.Constant(value))
    elif isinstance(node, ast.Return | ast.Assign) and isinstance(
        node.value, ast.Compare | ast.BoolOp | ast.UnaryOp
    ):
        yield partial(setattr, node, "value", ast.Constant(value))


def _gone(parent: ast.AST, line: int) -> Edits:
    """A statement, an entry of a dict, an argument, an element, an operand, or a filter."""
    for place in _entries(parent, line):
        yield lambda at=place: (parent.keys.pop(at), parent.values.pop(at))
    for nodes in vars(parent).values():
        for place, node in enumerate(nodes if isinstance(nodes, list) else ()):
            if getattr(node, "lineno", None) != line or isinstance(node, ast.BoolOp):
                continue  # of and/or an operand is taken out, never the whole
            if isinstance(node, ast.stmt):
                yield partial(nodes.__setitem__, place, ast.Pass())
            elif isinstance(parent, ast.BoolOp):
                neutral = ast.Constant(isinstance(parent.op, ast.And))
                yield partial(nodes.__setitem__, place, neutral)
            elif isinstance(parent, ast.Call | ast.comprehension | ast.Tuple | ast.List | ast.Set):
                yield partial(nodes.pop, place)


def _flipped(node: ast.AST, line: int) -> Edits:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool) and node.lineno == line:
        yield partial(setattr, node, "value", not node.value)


def _fresh(node: ast.AST, line: int) -> Edits:
    """The value of a dict's entry: a text that is different each time."""
    for place in _entries(node, line):
        text = ast.parse("__import__('uuid').uuid4().hex", mode="eval").body
        yield partial(node.values.__setitem__, place, text)


def _entries(node: ast.AST, line: int) -> list[int]:
    """The places of a dict's entries that begin on this line; none for any other node."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [place for place, key in enumerate(keys) if key is not None and key.lineno == line]


_EDITS: dict[Operator, Callable[[ast.AST, int], Edits]] = {
    "never": partial(_condition, value=False),
    "always": partial(_condition, value=True),
    "gone": _gone,
    "flipped": _flipped,
    "fresh": _fresh,
}
