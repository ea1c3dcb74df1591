"""The report of a closed run: files for the record, one message for people, safe to make again."""

import csv
import io
import json

import pytest

from billing_sync.domain.errors import Blocked
from billing_sync.domain.event_types import FINISHED
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import about, ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR

pytestmark = pytest.mark.companies(ALDER, XENON)


def finished(stack: LocalStack, run_id: str = "") -> Event:
    return {"detail-type": FINISHED, "detail": {"run_id": run_id or stack.newest().id}}


def test_the_files_tell_every_row_of_the_run(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)

    document = json.loads(stack.report(run.id))
    rows = list(csv.DictReader(io.StringIO(stack.report(run.id, "rows.csv"))))

    assert document["result"] == "WROTE 2 quantities: held, 1 held"
    assert len(rows) == len(document["rows"]) == len(stack.runs.rows(run)) == 8
    by_addition = {int(row["addition"]): row for row in rows}
    assert by_addition[XENON_EDR]["outcome"] == "held" and by_addition[XENON_EDR]["before"] == "20"
    assert by_addition[ALDER_EDR]["target"] == "25"
    assert document["tie_out"]["edr"] == {"used": 225, "held": 200, "updated": 25, "unknown": 0}


def test_the_message_has_the_fact_the_tie_out_the_rows_and_the_way_on(stack: LocalStack) -> None:
    stack.sync()

    (text,) = stack.notices()

    assert text.startswith("WROTE 2 quantities: held")
    assert "invoice account 5003 of 2026-07-14" in text and "2 of 2 companies read" in text
    assert "edr: 225 used = 200 held + 25 updated" in text
    assert "Xenon Labs, edr: 20 -> 200 held rise" in text
    assert '"action": "release", "run_id": "000001-sync"' in text
    for name in ("report.html", "run.json", "rows.csv"):
        assert f"s3://reports/runs/000001-sync/{name}" in text


def test_people_are_told_once_and_the_files_can_be_made_again(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)
    before = stack.report(run.id)

    stack.deliver_event(finished(stack))
    stack.deliver_event(finished(stack))

    assert stack.notices() == []
    assert stack.report(run.id) == before
    assert stack.runs.get(run.id) == run


def test_a_report_that_failed_is_made_by_the_next_event(stack: LocalStack) -> None:
    stack.plan()
    while stack.deliver_messages():
        pass
    (event,) = stack.put_events()
    assert event["detail"] == about(stack.newest())
    assert stack.notices() == [] and stack.newest().announced_at is None

    stack.deliver_event(event)

    assert len(stack.notices()) == 1 and stack.newest().announced_at is not None


def test_an_open_or_unknown_run_is_not_reported(stack: LocalStack) -> None:
    stack.plan()

    for run_id in (stack.newest().id, "000099-sync"):
        with pytest.raises(Blocked, match=f"run '{run_id}' is not there or not closed"):
            stack.deliver_event(finished(stack, run_id))
    assert stack.notices() == []


def test_a_run_that_needs_a_person_is_counted_for_the_alarm(
    stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.sync()

    assert "RunHeld" in capsys.readouterr().out
