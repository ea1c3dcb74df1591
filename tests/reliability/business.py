"""Changes at both vendors while billing is synced: invoices, counts, people's own edits."""

from datetime import UTC, datetime

from tests.integration.installed_stack import Installed
from tools.sandbox.world.huntress_records import NEW_INVOICE_ID, invoice

# By product, where Huntress's detail and where its list of organizations count it.
COUNTS = {
    "edr": ("billable_agents_count", "agents_count"),
    "sat": ("learners_count", "sat_learner_count"),
}
A_YEAR_AGO = "2025-07-01T00:00:00Z"


class Business:
    """Changes at Huntress and in ConnectWise that this product only sees."""

    def __init__(self, stack: Installed) -> None:
        self._huntress, self._connectwise = stack.huntress, stack.connectwise
        billed = {
            int(product["catalog_item_id"]) for product in stack.world.settings["products"].values()
        }
        here = stack.world.connectwise
        self.organizations = sorted(stack.world.huntress.organizations)
        self.agreements = sorted(here.agreements)
        self.additions = sorted(
            number
            for number, addition in here.additions.items()
            if addition["product"]["id"] in billed
        )

    def invoice_appears(self, *, status: str = "open") -> None:
        """Huntress makes its next invoice."""
        number = max(self._huntress.state.invoices) + 1
        self._huntress.add_invoice(invoice(number, status, quantity=100, at=datetime.now(UTC)))

    def newest_invoice(self, *, status: str) -> None:
        """Huntress changes its newest invoice; those from before our time stay as they are."""
        number = max(self._huntress.state.invoices)
        if number >= NEW_INVOICE_ID:
            self._huntress.edit_invoice(number, {"status": status})

    def count_moves(self, organization_id: int, product: str, by: int) -> None:
        """An organization uses more or less of a product."""
        detail, listed = COUNTS[product]
        state = self._huntress.state
        counted = state.actual_usages[organization_id][product]
        units = max(counted[detail] + by, 0)
        self._huntress.set_usages(organization_id, {product: {**counted, detail: units}})
        state.organizations[organization_id][listed] = units

    def edit(self, addition_id: int, quantity: float) -> None:
        """A person sets a quantity."""
        self._connectwise.edit_addition(addition_id, quantity=quantity)

    def addition_ends(self, addition_id: int) -> None:
        """A person cancels an addition."""
        self._connectwise.edit_addition(addition_id, cancelledDate=A_YEAR_AGO)

    def agreement_is(self, agreement_id: int, status: str) -> None:
        """A person makes an agreement Active or Cancelled."""
        with self._connectwise.lock:
            agreement = self._connectwise.state.agreements[agreement_id]
            agreement.update(agreementStatus=status, cancelledFlag=status == "Cancelled")
