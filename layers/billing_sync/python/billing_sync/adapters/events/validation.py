"""A failed validation of a reply or an event, in one line for an operator."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def explained(error: ValidationError) -> str:
    """Field and complaint of each problem, without the received values."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{_place(problem['loc'])}: {problem['msg']}" for problem in problems)[:300]


def named(error: ValidationError, *, tags: frozenset[str] = frozenset()) -> str:
    """Field, value and complaint of each problem; `tags` name alternatives, which are no fields."""
    return "; ".join(
        _named(problem, ".".join(str(step) for step in problem["loc"] if step not in tags))
        for problem in error.errors(include_url=False)
    )


def _named(problem: ErrorDetails, place: str) -> str:
    value = f"{problem['input']!r:.100}"
    match problem["type"]:
        case "missing":
            return f"{place} is missing"
        case "extra_forbidden":
            return f"{place} is {value}: there is no such key"
        case "union_tag_invalid":
            given = problem["ctx"]
            return (
                f"{given['discriminator'].strip(chr(39))} is '{given['tag']}': it is one of"
                f" {given['expected_tags']}"
            )
        case "model_attributes_type" | "dict_type" if not place:
            return f"the event is {value}: it must be an object, in braces"
        case _:
            return f"{place or 'the event'} is {value}: {problem['msg']}"


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "reply"
