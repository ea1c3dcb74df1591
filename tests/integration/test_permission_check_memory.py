"""permission-check remembers what was known, and tells what got worse: once, and not too often."""

import pytest

from billing_sync.domain.event_types import CHECK_WORSE
from tests.integration.check_lines import RIGHT, refused, right
from tests.integration.local_stack import LocalStack


def test_what_got_worse_is_named_counted_and_put_on_the_bus_once(
    stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.check()["worse"] == []
    right(stack, editLevel="None")

    answer = stack.check()

    assert answer["worse"] == [RIGHT]
    assert "PermissionCheckWorse" in capsys.readouterr().out
    (event,) = stack.put_events()
    assert event["detail-type"] == CHECK_WORSE
    assert event["detail"]["result"] == answer["result"]
    (worse,) = event["detail"]["worse"]
    assert (worse["check"], worse["status"]) == (RIGHT, "fail")
    assert "Edit All" in worse["fix"]
    assert stack.check()["worse"] == []
    right(stack, editLevel="All")
    assert stack.check()["worse"] == []
    assert stack.put_events() == []


def test_the_first_check_has_nothing_to_be_worse_than(bare_stack: LocalStack) -> None:
    assert bare_stack.check()["worse"] == []


def test_a_passing_outage_is_no_worsening_and_hides_none(stack: LocalStack) -> None:
    stack.check()
    stack.connectwise.add_fault(refused("mySecurity"))
    assert stack.check()["worse"] == []
    stack.connectwise.clear_faults()
    assert stack.check()["worse"] == []
    stack.connectwise.add_fault(refused("mySecurity"))
    stack.check()
    stack.connectwise.clear_faults()
    right(stack, editLevel="None")

    assert stack.check()["worse"] == [RIGHT]


def test_what_was_bad_before_an_outage_is_no_news_after_it(stack: LocalStack) -> None:
    right(stack, editLevel="None")
    stack.check()
    stack.connectwise.add_fault(refused("mySecurity"))
    stack.check()
    stack.connectwise.clear_faults()

    assert stack.check()["worse"] == []


def test_a_line_that_comes_back_is_compared_with_what_it_was(stack: LocalStack) -> None:
    stack.check()
    stack.set_settings(release_valid_days=90)  # no settings, no line of a product
    assert stack.check()["worse"] == ["Settings"]
    stack.set_settings(release_valid_days=7)
    stack.connectwise.state.catalog[101]["inactiveFlag"] = True

    assert stack.check()["worse"] == ["Product edr"]


def test_a_line_that_was_never_there_is_not_worse(stack: LocalStack) -> None:
    stack.check()
    items = {"edr": 101, "itdr": 102, "sat": 103, "siem": 104, "ispm": 204}
    stack.set_settings(products={name: {"catalog_item_id": item} for name, item in items.items()})

    assert stack.check()["worse"] == []


def test_more_of_the_same_trouble_is_no_other_trouble(full_stack: LocalStack) -> None:
    stack = full_stack
    stack.config.delete_item(Key={"pk": "MAPPING", "sk": "ORG#101"})
    stack.check()
    stack.config.delete_item(Key={"pk": "MAPPING", "sk": "ORG#103"})

    assert stack.check()["worse"] == []


def test_a_long_message_is_cut_in_the_event_and_whole_in_the_answer(stack: LocalStack) -> None:
    stack.check()
    for number in range(60):
        item = {"pk": "MAPPING", "sk": f"ORG#{1000 + number}", "company_id": "x" * 200}
        stack.config.put_item(Item=item)

    answer = {each["check"]: each for each in stack.check()["checks"]}

    (event,) = stack.put_events()
    (worse,) = event["detail"]["worse"]
    assert worse["check"] == "Mappings"
    assert len(worse["message"]) == 1000 < len(answer["Mappings"]["message"])
