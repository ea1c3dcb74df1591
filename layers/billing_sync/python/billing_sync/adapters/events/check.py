"""The events of permission-check, validated; an invalid one is refused with the valid forms."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints, ValidationError, model_validator

from billing_sync.adapters.events.bus_events import Strict
from billing_sync.adapters.events.validation import named
from billing_sync.domain.errors import Blocked

FORMS = (
    "{}",
    '{"only": "huntress"}',
    '{"only": "connectwise"}',
    '{"list": "organizations"}',
    '{"list": "companies"}',
    '{"list": "catalog"}',
    '{"list": "catalog", "search": "huntress"}',
    '{"list": "catalog", "ids": [101, 102]}',
    '{"list": "additions", "company": 250}',
    '{"notify": "482913"}',
)


class Listing(Strict):
    """A list to choose from.

    Only the catalog can be searched, or be asked for some ids; additions are of a company.
    """

    list: Literal["organizations", "companies", "catalog", "additions"]
    search: Annotated[str, StringConstraints(strip_whitespace=True, max_length=75)] = ""
    ids: Annotated[tuple[PositiveInt, ...], Field(max_length=100)] = ()
    company: Annotated[int, Field(strict=True, gt=0)] | None = None

    @model_validator(mode="after")
    def _searchable(self) -> "Listing":
        if (self.search or self.ids) and self.list != "catalog":
            raise ValueError("only the catalog can be searched; leave search and ids out")
        if self.search and self.ids:
            raise ValueError("search and ids exclude each other; leave one of them out")
        if (self.company is not None) != (self.list == "additions"):
            raise ValueError("company belongs to the list of additions, and to no other")
        return self


@dataclass(frozen=True, slots=True)
class CheckAll:
    """Run every check."""


class CheckOne(Strict):
    """Run the checks of one vendor, to try its keys; the result is not stored."""

    only: Literal["huntress", "connectwise"]


class NotifyTest(Strict):
    """Put a test event with this code on the bus, for a person to confirm that it arrives."""

    notify: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]


def check_event(event: object) -> Listing | CheckOne | NotifyTest | CheckAll:
    """The validated event; raises `Blocked` with the valid forms."""
    if event == {}:
        return CheckAll()
    named_in = event if isinstance(event, dict) else {}
    form: type[Listing | CheckOne | NotifyTest] = Listing
    if "only" in named_in:
        form = CheckOne
    elif "notify" in named_in:
        form = NotifyTest
    try:
        return form.model_validate(event)
    except ValidationError as error:
        forms = "  ".join(FORMS)
        raise Blocked(f"{named(error)}. Valid events are: {forms}") from error
