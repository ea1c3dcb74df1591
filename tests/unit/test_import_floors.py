"""The floors of the house, as `[tool.importlinter]` in pyproject.toml writes them down."""

from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.application.use_cases import lint_imports

# A function's start-up pays for every module it loads.
MOST_MODULES = {"company_sync": 67, "test_sync": 69, "sync_preview": 69, "run_report": 65}
ROOT = Path(__file__).parents[2]
PYPROJECT = str(ROOT / "pyproject.toml")


def test_nothing_imports_what_its_floor_forbids(capsys: pytest.CaptureFixture[str]):
    if not lint_imports(config_filename=PYPROJECT, cache_dir=None, no_logo=True):
        pytest.fail(capsys.readouterr().out, pytrace=False)


def test_every_module_of_ours_is_looked_at():
    roots = read_configuration(PYPROJECT)["session_options"]["root_packages"]
    folders = {"billing_sync": ROOT / "layers/billing_sync/python"}
    files = {
        ".".join(path.relative_to(folders.get(root, ROOT)).with_suffix("").parts)
        for root in roots
        for path in (folders.get(root, ROOT) / root).rglob("*.py")
    }

    graph = grimp.build_graph(*roots, cache_dir=None)

    assert {file.removesuffix(".__init__") for file in files} <= graph.modules


@pytest.mark.parametrize("function", MOST_MODULES)
def test_a_function_loads_only_the_modules_that_it_runs(function: str):
    graph = grimp.build_graph(
        "billing_sync", "functions", cache_dir=None, exclude_type_checking_imports=True
    )
    loaded = graph.find_upstream_modules(f"functions.{function}.handler")
    ours = {
        module
        for module in loaded
        if module.startswith("billing_sync.") and not graph.find_children(module)
    }

    assert len(ours) <= MOST_MODULES[function], sorted(ours)
