"""What each command prints with `--json`, and the settings and mappings it stores."""

import json
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
import time_machine

from tests.clock import world_clock
from tests.contracts.golden_files import Texts, items_of
from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.operator_line import OperatorLine
from tests.integration.schema_registry import SchemaRegistry
from tests.integration.small_world import (
    ALDER,
    ALDER_ORGANIZATION,
    XENON,
    XENON_EDR,
    XENON_ORGANIZATION,
)
from tools.sandbox.world.build import World, build_world, world_of
from tools.sandbox.world.edge_cases import UNMAPPED

HOUR = 3600
UNMAPPED_ORGANIZATION = UNMAPPED[0].id
STOPPED = "000001-sync"
PRODUCTS = (
    *("products.edr.catalog_item_id", "101"),
    *("products.itdr.catalog_item_id", "102"),
    *("products.sat.catalog_item_id", "103"),
)
DONE, AS_THE_RUN = (0, 4), (1,)  # done, perhaps with rows that wait; as a stopped run ended
COLUMNS = ("--columns", "Organization Name=organization,Agents=edr")
REPORT = "Organization Name,Agents\nAlder & Finch Accountants,26\n"


def two_companies(now: datetime) -> World:
    """Alder, Xenon and an organization that is no company's."""
    chosen = tuple(each for each in build_world(now).companies if each.id in (ALDER, XENON))
    return world_of(chosen, UNMAPPED[:1], now=now)


def keep_commands(texts: Texts, clock: time_machine.Traveller, *, folder: Path) -> None:
    """Keep what an operator's scripts read, from the first credentials to an undo."""
    with (
        local_stack(START, two_companies) as stack,
        AwsEndpoint(stack) as door,
        SchemaRegistry() as registry,
        pytest.MonkeyPatch.context() as environment,
        chdir(folder),
    ):
        environment.setenv("AWS_ENDPOINT_URL_SCHEMAS", registry.url)
        story = _Story(stack, OperatorLine(door), clock, texts)
        story.settings()
        story.mappings()
        texts.keep("config.json", items_of(stack.config))
        story.checks()
        story.an_invoice_that_is_stopped()
        story.looks()
        story.writes()


@dataclass(frozen=True, slots=True)
class _Story:
    """The chapters, in their order: each leaves the stack as the next one needs it."""

    stack: LocalStack
    operator: OperatorLine
    clock: time_machine.Traveller
    texts: Texts

    def settings(self) -> None:
        """Keys, and five versions of the settings."""
        self.stack.put_connectwise_secret()
        keys = {"api_key": "hk_demo", "api_secret": "hs_demo"}
        keys |= {"base_url": self.stack.huntress.url}
        Path("keys.json").write_text(json.dumps(keys))
        self.keep("credentials", "huntress", "--file", "keys.json")
        self.keep("settings set", *PRODUCTS, "sync_enabled", "true", "--yes")
        self.keep("settings choose", "siem", "--item", "104", "--yes")
        self.keep("settings confirm-huntress-sync-off", "--yes")
        self.keep("settings confirm-connectwise-role", "--yes")
        self.keep("notifications external", "--by", "Ann")
        self.clock.shift(HOUR)
        chosen = json.loads(self.run("settings", "show", "--json"))
        chosen = {name: chosen[name] for name in ("products", "sync_enabled", "huntress_sync_off")}
        Path("settings.json").write_text(json.dumps({**chosen, "guards": {"money": 800.5}}))
        self.keep("settings edit", "--from", "settings.json", "--yes")
        self.keep("settings show")
        self.keep("settings revert", "3", "--yes")
        self.keep("settings history")

    def mappings(self) -> None:
        """Each way to map, exclude, leave out and take back."""
        self.keep("mappings suggest")
        self.keep("mappings set", f"{ALDER_ORGANIZATION}", f"{ALDER}", "--yes")
        self.keep("mappings remove", f"{ALDER_ORGANIZATION}", "--yes")
        self.run("mappings", "set", f"{ALDER_ORGANIZATION}", f"{ALDER}", "--yes")
        self.run("mappings", "set", f"{XENON_ORGANIZATION}", f"{XENON}", "--yes")
        self.keep(
            "mappings absent", f"{XENON_ORGANIZATION}", "ispm", "--as", "billed elsewhere", "--yes"
        )
        self.keep("mappings pin", f"{XENON}", "edr", "--addition", f"{XENON_EDR}", "--yes")
        self.keep("mappings not-billed", f"{XENON}", "siem", "--reason", "in the seat", "--yes")
        self.keep("mappings not-charged", f"{XENON}", "edr", "--reason", "a pilot", "--yes")
        self.keep("mappings exclude", f"{UNMAPPED_ORGANIZATION}", "--reason", "a trial", "--yes")
        self.keep("mappings list")
        self.run("mappings", "export", "mappings.csv")
        sheet = Path("mappings.csv")
        sheet.write_bytes(sheet.read_bytes().replace(b"a trial", b"our own machines"))
        self.keep("mappings import", "mappings.csv", "--yes")
        self.stack.huntress.state.organizations[XENON_ORGANIZATION]["name"] = "Xenon Laboratories"
        self.keep("mappings heal")

    def checks(self) -> None:
        """What would keep a sync from working; the test events of the console."""
        self.keep("check")
        self.keep("companies")
        self.keep("test-events")

    def an_invoice_that_is_stopped(self) -> None:
        """Its messages became dead letters before somebody stopped its run."""
        self.stack.tick()
        self.stack.plan()
        self._let_messages_die()
        self.keep("stop", STOPPED)
        self.clock.shift(HOUR)
        with world_clock(datetime.now(UTC)):  # a moment makes them visible again
            self.keep("redrive", "--yes", change=_without_message_ids)
        self.keep("usage show", "5003")
        Path("report.csv").write_text(REPORT)
        self.keep("usage import", "5003", "report.csv", *COLUMNS, "--yes")

    def looks(self) -> None:
        """What is read of a run, and what would be."""
        self.keep("preview", "--companies", f"{ALDER}")
        self.keep("forecast", "--companies", f"{ALDER}")
        self.keep("show", STOPPED)
        of_a_company = self.run("show", STOPPED, "--company", f"{XENON}", "--json")
        self.texts.keep("commands/show_of_a_company.json", of_a_company)
        self.keep("watch", STOPPED, ends=AS_THE_RUN)
        self.keep("report", STOPPED, "--folder", "report")

    def writes(self) -> None:
        """A release, its undo, a sync; the list of these runs; a row that is left as it is."""
        self.clock.shift(HOUR)
        plan = json.loads(self.texts["commands/show.json"])["plan_hash"]
        self.keep("release", STOPPED, "--companies", f"{XENON}", "--hash", plan, "--yes")
        self.keep("undo", self.stack.newest().id, "--yes")
        self.keep("sync", "--companies", f"{XENON}", "--yes")
        self.keep("runs")
        self.keep("invoices")
        self.keep("invoice", "5003")
        declined = ("--companies", f"{XENON}", "--reason", "agreed with the client")
        self.keep("decline", self.stack.newest().id, *declined)

    # --- one command ----------------------------------------------------------------------------

    def run(self, *words: str, ends: tuple[int, ...] = DONE) -> str:
        """What the command prints on standard output; it may ask for a code sent to the bus."""
        shown = self.operator(*words, meanwhile=self._code_of_the_test)
        assert shown.exit_code in ends, f"{' '.join(words)}: {shown.output}"
        return shown.stdout

    def keep(
        self,
        command: str,
        *more: str,
        ends: tuple[int, ...] = DONE,
        change: Callable[[str], str] = str,
    ) -> None:
        """Keep what the command prints with `--json`."""
        printed = self.run(*command.split(), *more, "--json", ends=ends)
        self.texts.keep(f"commands/{command.replace(' ', '_')}.json", change(printed))

    def _code_of_the_test(self) -> str:
        return "".join(event["detail"]["code"] for event in self.stack.put_events())

    def _let_messages_die(self) -> None:
        sqs = boto3.client("sqs")
        for message in self.stack.messages():
            own = message["Attributes"]
            sqs.send_message(
                QueueUrl=self.stack.aws.dead,
                MessageBody=message["Body"],
                MessageGroupId=own["MessageGroupId"],
                MessageDeduplicationId=own["MessageDeduplicationId"],
            )
            sqs.delete_message(
                QueueUrl=self.stack.aws.companies, ReceiptHandle=message["ReceiptHandle"]
            )


def _without_message_ids(printed: str) -> str:
    """SQS names its messages by chance."""
    for message in json.loads(printed)["messages"]:
        printed = printed.replace(message["id"], "<message id>")
    return printed
