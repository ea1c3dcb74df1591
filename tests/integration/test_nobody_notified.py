"""Where nobody receives notifications, nothing counts as announced, and every answer says so."""

import os

import pytest
import time_machine

from billing_sync.domain.event_types import NOTIFICATION_TEST
from functions.permission_check import handler as permission_check
from tests.integration.check_lines import line
from tests.integration.installed_stack import NEW_INVOICE_ID
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.small_world import ALDER_EDR

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
NOTIFICATIONS = "Notifications"
Clock = time_machine.Traveller


def remove_subscribers() -> None:
    for subscription in aws_client("sns").list_subscriptions()["Subscriptions"]:
        aws_client("sns").unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])


def subscribe(stack: LocalStack) -> None:
    """A queue confirms at once."""
    arn = aws_client("sqs").get_queue_attributes(
        QueueUrl=stack.aws.notices, AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    aws_client("sns").subscribe(TopicArn=os.environ["TOPIC_ARN"], Protocol="sqs", Endpoint=arn)


def finished(stack: LocalStack) -> int:
    """How often the event of a finished run was delivered."""
    return sum(event["detail-type"] == "Billing Sync Finished" for event in stack.events)


def test_without_a_subscriber_it_is_not_ready(stack: LocalStack) -> None:
    remove_subscribers()

    found = line(stack, NOTIFICATIONS)

    assert found["status"] == "fail"
    assert "billing-sync notifications confirm LINK" in found["fix"]
    assert stack.check()["result"].startswith("NOT READY")


def test_a_subscription_that_is_not_confirmed_notifies_nobody(stack: LocalStack) -> None:
    remove_subscribers()
    topic = os.environ["TOPIC_ARN"]
    aws_client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@x.org")

    found = line(stack, NOTIFICATIONS)

    assert (found["status"], found["details"]) == ("fail", ["not confirmed yet: ann@x.org"])


def test_a_person_who_received_a_test_outside_of_the_topic_makes_it_ready(
    stack: LocalStack,
) -> None:
    remove_subscribers()
    stack.set_settings(external_notifications="Ann on 2026-07-01")

    found = line(stack, NOTIFICATIONS)

    assert found["status"] == "pass" and "confirmed by Ann on 2026-07-01" in found["message"]


def test_every_answer_says_that_nobody_is_notified_until_somebody_is(stack: LocalStack) -> None:
    remove_subscribers()
    stack.check()

    for answer in (
        stack.press({"action": "show"}),
        stack.press({"action": "invoices"}),
        stack.press({"action": "stop", "run_id": "nothing", "by": "Ann"}),
        stack.look({"action": "preview"}),
        stack.look({"action": "show"}),
    ):
        assert answer["notifications"].startswith("NO NOTIFICATIONS ARE SENT")
    subscribe(stack)
    stack.check()
    assert "notifications" not in stack.press({"action": "show"})


def test_a_run_that_nobody_heard_of_is_announced_once_somebody_listens(
    stack: LocalStack, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    remove_subscribers()
    stack.sync()

    assert stack.quantity(ALDER_EDR) == 25 and stack.newest().announced_at is None
    assert "NobodyNotified" in capsys.readouterr().out
    assert stack.press({"action": "show"})["notifications"].startswith("NO NOTIFICATIONS")
    subscribe(stack)
    clock.shift(11 * MINUTE)
    stack.tick()
    stack.settle()

    (notice,) = stack.notices()
    assert stack.newest().id in notice
    assert stack.newest().announced_at is not None
    assert "notifications" not in stack.press({"action": "show"})


def test_what_nobody_heard_is_repeated_after_ten_minutes_an_hour_and_then_daily(
    stack: LocalStack, clock: Clock
) -> None:
    remove_subscribers()
    stack.sync()
    assert finished(stack) == 1
    for wait, most in ((10 * MINUTE, 2), (HOUR, 3), (DAY, 4), (DAY, 5)):
        clock.shift(wait - 5 * MINUTE)
        stack.tick()
        stack.settle()
        assert finished(stack) == most - 1
        clock.shift(6 * MINUTE)
        stack.tick()
        stack.settle()
        stack.tick()
        stack.settle()
        assert finished(stack) == most


def test_after_a_month_one_message_lists_what_was_missed(stack: LocalStack, clock: Clock) -> None:
    remove_subscribers()
    stack.sync()
    clock.shift(HOUR)
    stack.invoice_appears(id=NEW_INVOICE_ID + 1)
    stack.tick()
    stack.settle()
    runs = [run.id for run in stack.all_runs() if run.announced_at is None]
    assert len(runs) == 2
    subscribe(stack)
    clock.shift(31 * DAY)
    for _ in range(3):
        stack.tick()
        stack.settle()
        clock.shift(DAY)

    missed = [notice for notice in stack.notices() if any(run in notice for run in runs)]
    assert len(missed) == 1 and all(run in missed[0] for run in runs)
    assert all(run.announced_at for run in stack.all_runs() if run.id in runs)


def test_a_reminder_that_nobody_heard_is_still_due(late_stack: LocalStack, clock: Clock) -> None:
    late_stack.notices()
    remove_subscribers()
    clock.shift(5 * DAY + HOUR)
    late_stack.tick()
    late_stack.settle()
    subscribe(late_stack)
    clock.shift(11 * MINUTE)
    late_stack.tick()
    late_stack.settle()

    assert [n for n in late_stack.notices() if "still holds" in n]


def test_a_voided_invoice_that_nobody_heard_of_is_still_reported(
    stack: LocalStack, clock: Clock
) -> None:
    stack.sync()
    stack.notices()
    remove_subscribers()
    stack.huntress.state.invoices[NEW_INVOICE_ID]["status"] = "voided"
    stack.tick()
    stack.settle()
    subscribe(stack)
    clock.shift(11 * MINUTE)
    stack.tick()
    stack.settle()

    assert [n for n in stack.notices() if "Huntress voided invoice" in n]


def test_a_test_notification_is_an_event_on_the_bus_and_no_mail(stack: LocalStack) -> None:
    answer = permission_check.handler({"notify": "482913"}, LambdaContext())

    (event,) = stack.put_events()
    assert event["detail-type"] == NOTIFICATION_TEST
    assert "482913" in str(event["detail"])
    assert "482913" not in str(answer) and stack.notices() == []


def code_of_the_test(stack: LocalStack) -> str:
    (event,) = stack.put_events()
    return str(event["detail"]["code"])


def test_who_received_a_test_outside_of_the_topic_is_recorded_by_its_digits(
    operator: OperatorLine, stack: LocalStack
) -> None:
    words = ("notifications", "external", "--by", "Ann")
    wrong = operator(*words, answers=["12"])
    assert wrong.exit_code == 1 and "not the digits" in wrong.stderr
    code = code_of_the_test(stack)
    assert code not in wrong.output and len(code) == 6
    unanswered = operator(*words)
    assert unanswered.exit_code != 0
    current = stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]
    assert "external_notifications" not in current

    stack.put_events()
    done = operator(*words, meanwhile=lambda: code_of_the_test(stack))

    assert done.exit_code == 0, done.output
    current = stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]
    assert current["external_notifications"] == "Ann on 2026-07-14"


def test_the_command_line_says_that_nobody_is_notified(
    operator: OperatorLine, stack: LocalStack
) -> None:
    remove_subscribers()
    stack.check()

    assert "NO NOTIFICATIONS ARE SENT" in operator("stop", "000001-sync").stderr


def test_alarms_without_a_subscriber_are_warned_of(stack: LocalStack) -> None:
    for subscription in aws_client("sns").list_subscriptions()["Subscriptions"]:
        if subscription["TopicArn"] == os.environ["ALARM_TOPIC_ARN"]:
            aws_client("sns").unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])

    found = line(stack, "Alarm notifications")

    assert found["status"] == "warn" and "alarm_email" in found["fix"]


LINK = (
    "https://sns.us-east-1.amazonaws.com/confirmation.html"
    "?TopicArn={topic}&Token={token}&Endpoint=ann@x.org"
)


@pytest.mark.parametrize("whole_link", [True, False])
@pytest.mark.parametrize("topic", ["TOPIC_ARN", "ALARM_TOPIC_ARN"])
def test_a_subscription_is_confirmed_so_that_only_an_aws_user_ends_it(
    operator: OperatorLine, stack: LocalStack, topic: str, whole_link: bool
) -> None:
    remove_subscribers()
    arn = os.environ[topic]
    aws_client("sns").subscribe(TopicArn=arn, Protocol="email", Endpoint="ann@x.org")
    token = stack.memory.sns.token_of("ann@x.org")
    alarms = ["--alarms"] if topic == "ALARM_TOPIC_ARN" else []

    text = LINK.format(topic=arn, token=token) if whole_link else token
    done = operator("notifications", "confirm", text, *alarms)

    assert done.exit_code == 0, done.output
    (subscription,) = aws_client("sns").list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    assert subscription["SubscriptionArn"] in stack.memory.sns.ended_by_users_only


def test_a_token_that_is_wrong_or_too_old_is_refused_in_words(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator("notifications", "confirm", "wrong")

    assert done.exit_code == 3 and "AWS says InvalidParameter" in done.stderr
