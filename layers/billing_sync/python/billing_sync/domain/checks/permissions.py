"""What the API member's role must allow, and what it had better not."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_sync.domain.checks.check import Found, failed, passed, unverified, warned
from billing_sync.domain.vendors.connectwise import OwnMember, SecurityLevel

ROLE = "In ConnectWise: System > Security Roles > the API member's role >"
MEMBER = "System > Members > API Members > the API member"
LEVELS = ("none", "my", "all")


@dataclass(frozen=True, slots=True)
class Needed:
    """A right the API member needs, and those it does not."""

    module: str
    function: str
    all_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.module} > {self.function}"

    @property
    def fix(self) -> str:
        """The click path, with every level."""
        wanted = [f"{right.capitalize()} All" for right in self.all_of]
        spare = [f"{right.capitalize()} None" for right in self.none_of]
        return f"{ROLE} {self}: {', '.join(wanted + spare)}."


AGREEMENTS = Needed("Finance", "Agreements", ("inquire", "edit"), ("add", "delete"))
CATALOG = Needed("Procurement", "Product Catalog", ("inquire",), ("add", "edit", "delete"))
RIGHTS = (AGREEMENTS, CATALOG)


def judged(needed: Needed, levels: Iterable[SecurityLevel], *, admin: bool | None) -> Found:
    """What the role's levels say of the right; `admin` is None where nobody could tell.

    How `mySecurity` labels things, and what it answers for an administrator, is not documented
    (docs/vendors/connectwise.md#rights-of-the-api-member): what is not plainly there is not
    verified, and never failed.
    """
    found = [level for level in levels if _means(level, needed)]
    if len(found) == 1:
        return _judged(needed, found[0])
    lines = "; ".join(f"{one.module} > {one.function}: {_told(one)}" for one in found)
    told = f"mySecurity shows {len(found)} lines for {needed}{lines and f' ({lines})'}"
    if admin and not found:
        return warned(f"{told}; the member is an administrator: more than needed", needed.fix)
    return unverified(told, needed.fix)


def _judged(needed: Needed, level: SecurityLevel) -> Found:
    own = {right: getattr(level, right).strip().casefold() for right in _ALL}
    wanted = {own[right] for right in needed.all_of}
    if not wanted <= set(LEVELS):
        return unverified(f"mySecurity shows {_told(level)}", needed.fix)
    if wanted != {"all"}:
        short = ": My hides what the member does not own" if "my" in wanted else ""
        return failed(f"{_told(level)}{short}", needed.fix)
    if any(own[right] not in {"", "none"} for right in needed.none_of):
        return warned(f"{_told(level)}: more than needed", needed.fix)
    return passed(_told(level))


def hidden_rows(
    levels: Iterable[SecurityLevel] | None,
    member: OwnMember | None,
    customized: Iterable[str] | None,
) -> Found:
    """What may hide agreements although the levels are All; None is what could not be read.

    Hidden rows cannot be told from rows that are not there.
    """
    told: list[str] = []
    if any(level.customized for level in levels or () if _means(level, AGREEMENTS)):
        told.append("the role's Finance > Agreements is customized")
    if customized:
        told.append(f"the role is customized to {', '.join(sorted(customized))}")
    if member and member.location_restricted:
        told.append("the member is restricted to its location")
    if member and member.department_restricted:
        told.append("the member is restricted to its department")
    if member and member.structure_level.strip().casefold() not in {"", "corporate"}:
        told.append(f"the member's level is {member.structure_level}, not Corporate")
    fix = (
        f"{ROLE} Finance > Agreements > customize: allow all agreements. And {MEMBER}: level"
        " Corporate, not restricted to a location or department."
    )
    if told:
        return warned(f"{'; '.join(told)}: agreements may be hidden", fix)
    if None in (levels, member, customized):
        return unverified("ConnectWise does not say what restricts the member", fix)
    return passed("nothing that hides agreements")


_ALL = ("inquire", "add", "edit", "delete")


def _means(level: SecurityLevel, needed: Needed) -> bool:
    modules = {level.module, *level.module_labels}
    functions = {level.function, *level.function_labels}
    return _plain(needed.module) in map(_plain, modules) and _plain(needed.function) in map(
        _plain, functions
    )


def _plain(label: str) -> str:
    """`Product Catalog`, `product catalog ` and `ProductCatalog` are one."""
    return "".join(label.split()).casefold()


def _told(level: SecurityLevel) -> str:
    return ", ".join(f"{right.capitalize()} {getattr(level, right) or 'unset'}" for right in _ALL)
