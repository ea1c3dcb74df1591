"""A failed check of a reply or an event in one line for an operator."""

from pydantic import ValidationError


def explained(error: ValidationError) -> str:
    """Field and complaint of each problem, without the values that came in."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{_place(problem['loc'])}: {problem['msg']}" for problem in problems)[:300]


def named(error: ValidationError, *, tags: frozenset[str] = frozenset()) -> str:
    """Field, value and complaint of each problem; `tags` name alternatives, which are no fields."""
    return "; ".join(
        f"{'.'.join(str(step) for step in problem['loc'] if step not in tags) or 'the event'}"
        f" is {problem['input']!r:.100}: {problem['msg']}"
        for problem in error.errors(include_url=False)
    )


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "reply"
