"""A failed check of a reply in one line for an operator."""

from pydantic import ValidationError


def explained(error: ValidationError) -> str:
    """Field and complaint of each problem, without the values that came in."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{_place(problem['loc'])}: {problem['msg']}" for problem in problems)[:300]


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "reply"
