"""What the people who run this product do: the button, settings, mappings, secrets."""

from datetime import UTC, datetime

from billing_sync.domain.runs.run import Run
from tests.integration.local_stack import Event, LocalStack
from tests.reliability.message_delivery import Courier


class Operators:
    """Several people at once; `off_since` is when sync was switched off, None while it is on."""

    def __init__(self, stack: LocalStack, courier: Courier) -> None:
        self._stack, self._courier = stack, courier
        self.off_since: datetime | None = None
        self._mappings = {
            int(mapping["sk"].removeprefix("ORG#")): mapping
            for mapping in stack.world.mappings
            if mapping["sk"].startswith("ORG#")
        }

    def press(self, event: Event) -> None:
        """Press test-sync."""
        self._courier.invoke(lambda: self._stack.press({"by": "Ann", **event}))

    def release(self, run: Run, *, companies: tuple[int, ...] = ()) -> None:
        """Release what a run held, as it was reviewed; of these companies, or of all."""
        event = {"action": "release", "run_id": run.id, "plan_hash": run.plan_hash}
        self.press({**event, "companies": list(companies)} if companies else event)

    def decline(self, run: Run, company_id: int) -> None:
        """Leave the rows of a company as they are, where they wait."""
        event = {"action": "decline", "run_id": run.id, "companies": [company_id]}
        self.press({**event, "reason": "agreed with the client"})

    def undo(self, run: Run) -> None:
        """Undo what a run wrote."""
        self.press({"action": "undo", "run_id": run.id})

    def stop(self, run: Run) -> None:
        """Stop a run."""
        self.press({"action": "stop", "run_id": run.id})

    def set(self, **changes: object) -> None:
        """Change settings, as a new version of them."""
        key = {"pk": "SETTINGS", "sk": "CURRENT"}
        version = self._stack.config.get_item(Key=key)["Item"]["version"]
        self._stack.set_settings(**changes, version=version + 1)

    def switch(self, *, on: bool) -> None:
        """Switch sync on or off."""
        self.set(sync_enabled=on)
        self.off_since = None if on else self.off_since or datetime.now(UTC)

    def map(self, organization_id: int, to: str) -> None:
        """Map an organization to its `right` company, to `another` one, or to `none`."""
        right = self._mappings[organization_id]
        if to == "none":
            self._stack.config.delete_item(Key={name: right[name] for name in ("pk", "sk")})
            return
        another = max(mapping["company_id"] for mapping in self._mappings.values())
        company_id = right["company_id"] if to == "right" else another
        self._stack.config.put_item(Item={**right, "company_id": company_id})

    def rotate(self, *, right: bool) -> None:
        """Rotate ConnectWise's key; the secret gets the right key or a wrong one."""
        self._stack.put_connectwise_secret(**({} if right else {"private_key": "old"}))

    def fix(self) -> None:
        """Correct what keeps runs from ending: keys, mappings, and sync is on."""
        self.rotate(right=True)
        self.switch(on=True)
        for organization_id in self._mappings:
            self.map(organization_id, "right")
