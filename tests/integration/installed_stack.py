"""An installed stack as a person sees it: what is configured, what the ledger and people have."""

import json
from decimal import Decimal
from typing import Any

from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.items import to_item
from billing_sync.adapters.ledger.reminders import LedgerReminders
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.domain.apply.row_state import RowState, Written
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState
from billing_sync.domain.runs.run import Run
from tests.aws.memory import InMemoryAws
from tests.integration.local_aws import LocalAws, aws_client, aws_table
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import World
from tools.sandbox.world.huntress_records import NEW_INVOICE_ID

NEW_INVOICE = f"account#{NEW_INVOICE_ID}"


class Installed:
    """Settings, secrets, mappings to change; ledger, ConnectWise, reports and mail to look at."""

    def __init__(
        self,
        world: World,
        huntress: HuntressFake,
        connectwise: ConnectWiseFake,
        aws: LocalAws,
        memory: InMemoryAws | None,
    ) -> None:
        self.world, self.huntress, self.connectwise, self.aws = world, huntress, connectwise, aws
        self._memory = memory
        self.before = connectwise.snapshot()
        self._all_runs, self._runs_as_of = tuple[Run, ...](), -1
        self._sqs = aws_client("sqs")
        self.config, self.ledger = aws_table("config"), aws_table("ledger")
        client = aws_client("dynamodb")
        self.config_table = LedgerTable(client, self.config.name)
        ledger = self.ledger_table = LedgerTable(client, self.ledger.name)
        self.runs, self.invoices = LedgerRuns(ledger), LedgerInvoices(ledger)
        self.usage, self.drifts = LedgerUsage(ledger), LedgerDrifts(ledger)
        self.reminders = LedgerReminders(ledger)

    # --- what a person sets ---------------------------------------------------------------------

    def configure(self, *, sync_enabled: bool = True) -> None:
        """Store credentials, settings, mappings and what an earlier installation wrote."""
        self.put_huntress_secret()
        self.put_connectwise_secret()
        self.config.put_item(Item=self.world.settings | {"sync_enabled": sync_enabled})
        for mapping in self.world.mappings:
            self.config.put_item(Item=mapping)
        for write in self.world.earlier_writes:
            self._wrote_earlier(**write)

    def _wrote_earlier(self, *, addition_id: int, product: str, quantity: int, **ids: int) -> None:
        written = Written(
            addition_id=addition_id,
            catalog_item_id=self.world.settings["products"][product]["catalog_item_id"],
            company_name="",
            quantity=Decimal(quantity),
            run_id="000000-sync",
            **ids,
        )
        key = {"pk": "ADDITIONS", "sk": f"{addition_id:012d}"}
        self.ledger.put_item(Item={**key, **to_item(written)})

    def put_huntress_secret(self, **changes: object) -> None:
        """Give the secret of Huntress its value; `changes` replace what is right."""
        right = {"api_key": "hk_demo", "api_secret": "hs_demo", "base_url": self.huntress.url}
        self.put_secret("huntress", {**right, "calls_per_minute": 60_000, **changes})

    def put_connectwise_secret(self, **changes: object) -> None:
        """Give the secret of ConnectWise its value; `changes` replace what is right."""
        keys = {"login_company": "demo", "public_key": "pub", "private_key": "priv"}
        site = {"site": self.connectwise.url, "client_id": DEMO_CLIENT_ID}
        self.put_secret("connectwise", {**site, **keys, "calls_per_minute": 60_000, **changes})

    def put_secret(self, name: str, value: object) -> None:
        """Give a secret any value; what is no text becomes JSON."""
        text = value if isinstance(value, str) else json.dumps(value)
        aws_client("secretsmanager").put_secret_value(SecretId=name, SecretString=text)

    def set_settings(self, **changes: object) -> None:
        """Change attributes of the settings in force."""
        self.change_item("SETTINGS", "CURRENT", **changes)

    def change_item(self, pk: str, sk: str, **changes: object) -> None:
        """Change attributes of an item of the config table."""
        item = self.config.get_item(Key={"pk": pk, "sk": sk})["Item"]
        self.config.put_item(Item={**item, **changes})

    @property
    def memory(self) -> InMemoryAws:
        """The AWS in memory; a stack on moto has none."""
        assert self._memory
        return self._memory

    # --- what can be seen -----------------------------------------------------------------------

    @property
    def invoice(self) -> InvoiceRecord:
        """The new invoice's record."""
        record = self.invoices.get(NEW_INVOICE)
        assert record is not None
        return record

    def untaken(self) -> list[str]:
        """The invoices since the new one that no run has taken."""
        numbers = {NEW_INVOICE_ID, *(n for n in self.huntress.state.invoices if n > NEW_INVOICE_ID)}
        seen = {record.key: record.state for record in self.invoices.all()}
        keys = (f"account#{number}" for number in sorted(numbers))
        return [key for key in keys if seen.get(key) is not InvoiceState.RUN]

    def newest(self) -> Run:
        """The newest run."""
        return self.runs.newest(1)[0]

    def all_runs(self) -> tuple[Run, ...]:
        """Every run, newest first; read again only once something was written."""
        changes = self._memory.dynamodb.changes if self._memory else -1
        if changes == -1 or changes != self._runs_as_of:
            self._all_runs, self._runs_as_of = self.runs.newest(1000), changes
        return self._all_runs

    def row(self, addition_id: int, run: Run | None = None) -> RowState:
        """The row of an addition, in the newest run or another."""
        states = self.runs.rows(run or self.newest())
        return next(state for state in states if state.row.addition_id == addition_id)

    def quantity(self, addition_id: int) -> float | None:
        """What ConnectWise holds."""
        return self.connectwise.quantity(addition_id)

    def patches(self, addition_id: int = 0) -> list[Any]:
        """Every PATCH that reached ConnectWise, of one addition or of all."""
        end = f"/{addition_id}" if addition_id else ""
        asked = self.connectwise.requests
        return [each for each in asked if each.method == "PATCH" and each.path.endswith(end)]

    def untouched(self) -> bool:
        """Whether ConnectWise is exactly as it was, and was never asked to change."""
        changed = self.connectwise.changed_fields_since(self.before)
        return not (changed or self.patches()) and self.connectwise.same_elsewhere(self.before)

    def audit(self, addition_id: int, run_id: str = "") -> list[tuple[str, int, str]]:
        """The addition's history, in all runs or one: kind, attempt and outcome, in its order."""
        items = self.ledger_table.query(f"ADDITION#{addition_id}")
        chosen = [item for item in items if run_id in ("", item["run_id"])]
        return [(str(i["kind"]), int(i["attempt"]), str(i["outcome"])) for i in chosen]

    def notices(self) -> list[str]:
        """What people were told since the last look."""
        return [str(json.loads(body)["Message"]) for body in self.taken(self.aws.notices)]

    def taken(self, url: str) -> list[str]:
        """Take every visible message body off a queue."""
        sqs, bodies = self._sqs, list[str]()
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def report(self, run_id: str, name: str = "run.json") -> str:
        """A file of a run's report."""
        found = aws_client("s3").get_object(Bucket="reports", Key=f"runs/{run_id}/{name}")
        return str(found["Body"].read().decode())
