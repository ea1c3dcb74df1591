"""Whether somebody else writes the quantities that we write, as Huntress's own sync would."""

from collections.abc import Iterable

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.checks.check import Found, passed, warned
from billing_sync.domain.vendors.connectwise import Addition, Member
from billing_sync.domain.wording import counted

MANY = 3  # a person corrects one or two; a program writes them all
PROGRAMS = ("huntress", "api", "sync", "integration", "billing", "automation", "service")
FIX = (
    "If this is Huntress's own sync, turn it off. In Huntress: Integrations > ConnectWise > Billing"
    " > Sync With ConnectWise Agreements: No. If it is another integration, only one of the two may"
    " write these quantities."
)


def other_writers(written: Iterable[Written], additions: Iterable[Addition], us: Member) -> Found:
    """Additions that hold another quantity than ours, by who saved them last.

    ConnectWise tells only the member's identifier, so whether it is a person can but be guessed,
    by its name and by how many additions it changed.
    """
    ours = {one.addition_id: one for one in written}
    seen = [one for one in additions if one.id in ours]
    by_member: dict[str, list[Addition]] = {}
    for one in seen:
        member = one.updated_by.strip()
        if one.quantity != ours[one.id].quantity and member.casefold() != us.identifier.casefold():
            by_member.setdefault(member or "an unnamed member", []).append(one)
    programs = {name for name, changed in by_member.items() if _is_program(name, len(changed))}
    told = [
        f"{name}: {counted(len(changed), 'addition')}, such as {changed[0].id} of"
        f" {ours[changed[0].id].company_name or ours[changed[0].id].company_id}"
        for name, changed in sorted(by_member.items(), key=lambda each: -len(each[1]))
        if not programs or name in programs
    ]
    looked = counted(len(seen), "addition")
    if programs:
        return warned(
            f"of {looked} that we wrote some were changed since by another than our API member"
            f" {us.identifier}: perhaps another sync",
            FIX,
            details=told,
        )
    if told:
        return passed(f"of {looked} that we wrote people changed some since", details=told)
    return passed(f"of {looked} that we wrote nobody else changed one since")


def _is_program(name: str, changed: int) -> bool:
    return changed >= MANY or any(word in name.casefold() for word in PROGRAMS)
