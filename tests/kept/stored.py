"""Tables, messages and vendors of a stack as files, and a stack made of these files."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from pydantic import TypeAdapter

from tests.aws.memory import InMemoryAws
from tests.clock import world_clock
from tests.contracts.golden_files import ADDRESS
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import Event, LocalStack, vendors_of
from tools.sandbox.vendors.connectwise_state import ConnectWiseState
from tools.sandbox.vendors.huntress_state import HuntressState
from tools.sandbox.world.build import world_of

TABLES = ("config", "ledger")
HUNTRESS, CONNECTWISE = TypeAdapter(HuntressState), TypeAdapter(ConnectWiseState)


def keep(folder: Path, stack: LocalStack, *, in_flight: list[Event]) -> None:
    """Write the files; `in_flight` are all messages of the company queue, as received."""
    folder.mkdir()
    for table in TABLES:
        items = aws_client("dynamodb").scan(TableName=table)["Items"]
        items.sort(key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
        _write(folder / f"{table}.json", items)
    on_the_bus = [{"MessageBody": body} for body in stack.taken(stack.aws.bus)]
    queues = {"companies": [_sent(message) for message in in_flight], "bus": on_the_bus}
    _write(folder / "messages.json", queues)
    vendors = {
        "now": datetime.now(UTC).isoformat(),
        "huntress": HUNTRESS.dump_python(stack.huntress.state, mode="json"),
        "connectwise": CONNECTWISE.dump_python(stack.connectwise.state, mode="json"),
    }
    _write(folder / "vendors.json", vendors)


@contextmanager
def kept_stack(folder: Path) -> Iterator[tuple[LocalStack, time_machine.Traveller]]:
    """A stack at the moment of the files, with what they hold and nothing else."""
    vendors = _read(folder / "vendors.json")
    now = datetime.fromisoformat(vendors["now"])
    world = replace(
        world_of((), now=now),
        huntress=HUNTRESS.validate_python(vendors["huntress"]),
        connectwise=CONNECTWISE.validate_python(vendors["connectwise"]),
    )
    memory = InMemoryAws()
    with (
        world_clock(now) as clock,
        memory.active(),
        vendors_of(world) as (built, huntress, connectwise),
    ):
        stack = LocalStack(built, huntress, connectwise, memory=memory)
        stack.put_huntress_secret()
        stack.put_connectwise_secret()
        for table in TABLES:
            for item in _read(folder / f"{table}.json"):
                aws_client("dynamodb").put_item(TableName=table, Item=item)
        messages = _read(folder / "messages.json")
        for url, queue in ((stack.aws.companies, "companies"), (stack.aws.bus, "bus")):
            for message in messages[queue]:
                aws_client("sqs").send_message(QueueUrl=url, **message)
        yield stack, clock


def _sent(message: Event) -> dict[str, str]:
    """A received message as it is sent."""
    names = ("MessageGroupId", "MessageDeduplicationId")
    return {"MessageBody": message["Body"], **{n: message["Attributes"][n] for n in names}}


def _write(file: Path, value: object) -> None:
    """One line for each item, or for each entry of a mapping."""
    if isinstance(value, dict):
        ends, parts = "{}", [f"{json.dumps(name)}: {_line(each)}" for name, each in value.items()]
    else:
        assert isinstance(value, list)
        ends, parts = "[]", [_line(each) for each in value]
    text = f"{ends[0]}\n" + ",\n".join(parts) + f"\n{ends[1]}\n"
    file.write_text(ADDRESS.sub("http://vendor", text))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_bytes)


def _bytes(value: object) -> dict[str, str]:
    assert isinstance(value, bytes), f"{value!r} has no form in these files"
    return {"base64": base64.b64encode(value).decode()}


def _read(file: Path) -> Any:
    return json.loads(file.read_text(), object_hook=_known)


def _known(read: dict[str, Any]) -> object:
    return base64.b64decode(read["base64"]) if read.keys() == {"base64"} else read
