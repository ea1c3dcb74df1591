"""Other writers of the quantities that we write: a warning for a program, a note for a person."""

from decimal import Decimal

import pytest

from billing_sync.domain.checks.check import Found, Status
from billing_sync.domain.checks.other_writers import other_writers
from billing_sync.domain.vendors.connectwise import Member
from tests.unit.builders import a_written, an_addition

US = Member(3, "BillingSync", "Billing Sync")


def found(member: str, changed: int, *, quantity: int = 77) -> Found:
    """Of three additions that we wrote 12 to, so many were saved since by this member."""
    additions = [
        an_addition(701 + at, quantity=Decimal(quantity), updated_by=member)
        if at < changed
        else an_addition(701 + at, updated_by=US.identifier)
        for at in range(3)
    ]
    return other_writers([a_written(addition.id) for addition in additions], additions, US)


@pytest.mark.parametrize("member", ["HuntressAPI", "PSA-Sync", "apibilling"])
def test_an_integration_that_changes_what_we_wrote_is_warned_of(member: str):
    warned = found(member, 1)

    assert warned.status is Status.WARN
    assert warned.details == (f"{member}: 1 addition, such as 701 of Company 1",)
    assert "than our API member BillingSync" in warned.message
    assert "Sync With ConnectWise Agreements: No" in warned.fix


def test_a_member_that_changes_many_is_warned_of_whatever_its_name():
    warned = found("jmarsh", 3)

    assert warned.status is Status.WARN
    assert warned.details == ("jmarsh: 3 additions, such as 701 of Company 1",)


@pytest.mark.parametrize("changed", [1, 2])
def test_a_person_who_corrects_one_or_two_is_named_without_a_warning(changed: int):
    finding = found("jmarsh", changed)

    assert (finding.status, len(finding.details)) == (Status.PASS, 1)
    assert "jmarsh" in finding.details[0]


def test_beside_a_program_people_are_not_named():
    additions = [
        an_addition(701, quantity=Decimal(9), updated_by="HuntressAPI"),
        an_addition(702, quantity=Decimal(9), updated_by="jmarsh"),
    ]

    warned = other_writers([a_written(701), a_written(702)], additions, US)

    assert [detail.split(":")[0] for detail in warned.details] == ["HuntressAPI"]


@pytest.mark.parametrize("member", ["BillingSync", "BILLINGSYNC", " billingsync "])
def test_our_own_saves_are_ours_whatever_the_case_of_the_name(member: str):
    assert (found(member, 3).status, found(member, 3).details) == (Status.PASS, ())


def test_a_save_that_left_our_quantity_alone_is_none_of_this():
    finding = found("HuntressAPI", 3, quantity=12)

    assert (finding.status, finding.details) == (Status.PASS, ())
    assert "of 3 additions that we wrote nobody else changed one" in finding.message


def test_what_we_never_wrote_is_not_looked_at():
    others = an_addition(702, quantity=Decimal(9), updated_by="HuntressAPI")

    finding = other_writers([a_written(701)], [an_addition(701), others], US)

    assert finding.status is Status.PASS and "of 1 addition that we wrote" in finding.message


def test_a_save_without_a_name_counts_as_another_writer():
    (detail,) = found("", 1).details

    assert detail.startswith("an unnamed member: 1 addition")
