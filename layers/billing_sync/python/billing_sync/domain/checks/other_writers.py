"""Whether another program writes the same quantities, as Huntress's own sync would."""

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
    """Additions with another quantity than ours, by the member who saved them last.

    ConnectWise gives only the member's identifier. Whether it is a person is a guess by its name
    and the number of additions it changed.
    """
    ours = {w.addition_id: w for w in written}
    seen = [addition for addition in additions if addition.id in ours]
    by_member: dict[str, list[Addition]] = {}
    for addition in seen:
        member = addition.updated_by.strip()
        changed = addition.quantity != ours[addition.id].quantity
        if changed and member.casefold() != us.identifier.casefold():
            by_member.setdefault(member or "an unnamed member", []).append(addition)
    programs = {name for name, changed in by_member.items() if _is_program(name, len(changed))}
    members = [
        f"{name}: {counted(len(changed), 'addition')}, such as {changed[0].id} of"
        f" {ours[changed[0].id].company_name or ours[changed[0].id].company_id}"
        for name, changed in sorted(by_member.items(), key=lambda item: -len(item[1]))
        if not programs or name in programs
    ]
    looked = counted(len(seen), "addition")
    if programs:
        return warned(
            f"of {looked} that we wrote some were changed since by another than our API member"
            f" {us.identifier}: perhaps another sync",
            FIX,
            details=members,
        )
    if members:
        return passed(f"of {looked} that we wrote people changed some since", details=members)
    return passed(f"of {looked} that we wrote nobody else changed one since")


def _is_program(name: str, changed: int) -> bool:
    return changed >= MANY or any(word in name.casefold() for word in PROGRAMS)
