"""The rights that the API member's role must have, and those it should not have."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_sync.domain.checks.check import Found, Status, failed, passed, unverified, warned
from billing_sync.domain.vendors.connectwise import OwnMember, SecurityLevel

ROLE = "In ConnectWise: System > Security Roles > the API member's role >"
MEMBER = "System > Members > API Members > the API member"
LEVELS = ("none", "my", "all")


@dataclass(frozen=True, slots=True)
class Needed:
    """A right the API member needs, and those it should not have."""

    module: str
    function: str
    all_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.module} > {self.function}"

    @property
    def fix(self) -> str:
        """The click path, with every level."""
        needed = [f"{right.capitalize()} All" for right in self.all_of]
        spare = [f"{right.capitalize()} None" for right in self.none_of]
        return f"{ROLE} {self}: {', '.join(needed + spare)}."


AGREEMENTS = Needed("Finance", "Agreements", ("inquire", "edit"), ("add", "delete"))
CATALOG = Needed("Procurement", "Product Catalog", ("inquire",), ("add", "edit", "delete"))
RIGHTS = (AGREEMENTS, CATALOG)
CONFIRM = (
    "Where ConnectWise does not show it, look at the role yourself, then: billing-sync settings"
    " confirm-connectwise-role"
)


def confirmed(found: Found, by: str) -> Found:
    """The finding, by the person who looked at the role where ConnectWise does not show it.

    `by` is who and when, "" when nobody did. What ConnectWise shows is never overruled.
    """
    if found.status is not Status.UNVERIFIED:
        return found
    if by:
        return passed(f"confirmed by {by}; {found.message}")
    return unverified(found.message, f"{found.fix} {CONFIRM}")


def judged(needed: Needed, levels: Iterable[SecurityLevel], *, admin: bool | None) -> Found:
    """The check of a right by the role's levels; `admin` is None where it is unknown.

    The labels of `mySecurity`, and its answer for an administrator, are not documented
    (docs/vendors/connectwise.md#rights-of-the-api-member): a right that is not clearly shown is
    not verified, and never failed.
    """
    found = _lines(levels, needed)
    if len(found) == 1:
        return _judged(needed, found[0], admin=admin)
    lines = "; ".join(f"{level.module} > {level.function}: {_shown(level)}" for level in found)
    message = f"mySecurity shows {len(found)} lines for {needed}{lines and f' ({lines})'}"
    return unverified(f"{message}{_ADMIN if admin else ''}", needed.fix)


def _judged(needed: Needed, level: SecurityLevel, *, admin: bool | None) -> Found:
    own = {right: getattr(level, right).strip().casefold() for right in _ALL}
    given = {own[right] for right in needed.all_of}
    if not given <= set(LEVELS):
        return unverified(f"mySecurity shows {_shown(level)}", needed.fix)
    if given != {"all"} and admin:
        return unverified(f"{_shown(level)}{_ADMIN}", needed.fix)
    if given != {"all"}:
        short = ": My hides what the member does not own" if "my" in given else ""
        return failed(f"{_shown(level)}{short}", needed.fix)
    if any(own[right] not in {"", "none"} for right in needed.none_of):
        return warned(f"{_shown(level)}: more than needed", needed.fix)
    return passed(_shown(level))


def hidden_rows(
    levels: Iterable[SecurityLevel] | None,
    member: OwnMember | None,
    customized: Iterable[str] | None,
) -> Found:
    """Restrictions that may hide agreements although the levels are All; None where not read.

    Hidden agreements look the same as missing ones. A restriction that is not given is unknown.
    """
    restrictions: list[str] = []
    if any(level.customized for level in _lines(levels or (), AGREEMENTS)):
        restrictions.append("the role's Finance > Agreements is customized")
    if customized:
        restrictions.append(f"the role is customized to {', '.join(sorted(customized))}")
    if member and member.location_restricted:
        restrictions.append("the member is restricted to its location")
    if member and member.department_restricted:
        restrictions.append("the member is restricted to its department")
    if member and member.structure_level.strip().casefold() not in {"", "corporate"}:
        restrictions.append(f"the member's level is {member.structure_level}, not Corporate")
    fix = (
        f"{ROLE} Finance > Agreements > customize: allow all agreements. And {MEMBER}: level"
        " Corporate, not restricted to a location or department."
    )
    if restrictions:
        return warned(f"{'; '.join(restrictions)}: agreements may be hidden", fix)
    if levels is None or member is None or customized is None or _silent(member):
        return unverified("ConnectWise does not say what restricts the member", fix)
    return passed("nothing that hides agreements")


_ALL = ("inquire", "add", "edit", "delete")
_ADMIN = "; the member is an administrator, whose levels need not be shown"


def _silent(member: OwnMember) -> bool:
    """Whether ConnectWise leaves out one of the member's limits."""
    flags = (member.location_restricted, member.department_restricted)
    return None in flags or not member.structure_level.strip()


def _lines(levels: Iterable[SecurityLevel], needed: Needed) -> list[SecurityLevel]:
    """The role's lines for this right; of several, those that are not on a report."""
    found = [level for level in levels if _means(level, needed)]
    return [level for level in found if not level.report] or found if len(found) > 1 else found


def _means(level: SecurityLevel, needed: Needed) -> bool:
    modules = {level.module, *level.module_labels}
    functions = {level.function, *level.function_labels}
    return _plain(needed.module) in map(_plain, modules) and _plain(needed.function) in map(
        _plain, functions
    )


def _plain(label: str) -> str:
    """`Product Catalog`, `product catalog ` and `ProductCatalog` are the same."""
    return "".join(label.split()).casefold()


def _shown(level: SecurityLevel) -> str:
    return ", ".join(f"{right.capitalize()} {getattr(level, right) or 'unset'}" for right in _ALL)
