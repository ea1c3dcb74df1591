"""Events of the Lambda console become commands to paste."""

import pytest

from tools.operator.runs.next_steps import in_commands


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("then sync again with {}", "then sync again with billing-sync sync"),
        (
            'Write held rows with {"action": "release", "run_id": "000012-sync", "plan_hash": "ab",'
            ' "by": "<your name>", "companies": [250, 251]}',
            "Write held rows with billing-sync release 000012-sync --companies 250,251",
        ),
        (
            '{"action": "undo", "run_id": "000012-sync", "by": "A", "preview": true} shows it',
            "billing-sync undo 000012-sync --preview shows it",
        ),
        ('{"action": "preview"}, or {}', "billing-sync preview, or billing-sync sync"),
        ("a name with { in it", "a name with { in it"),
        ('{"color": 1} is no event', '{"color": 1} is no event'),
        ("nothing to replace", "nothing to replace"),
    ],
)
def test_each_event_in_a_sentence_is_the_command_that_sends_it(text: str, message: str) -> None:
    assert in_commands(text) == message
