"""A ledger that another version of the layout wrote is refused, never read by guess."""

import pytest

from billing_sync.domain.errors import Fatal
from billing_sync.domain.schema_versions import LEDGER
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER

pytestmark = pytest.mark.companies(ALDER)


@pytest.mark.parametrize("version", [LEDGER - 1, LEDGER + 1, None])
def test_a_run_of_another_layout_is_refused_by_name(stack: LocalStack, version: int | None) -> None:
    stack.sync()
    run = ended(stack)
    item = stack.ledger.get_item(Key={"pk": f"RUN#{run.id}", "sk": "META"})["Item"]
    stack.ledger.put_item(Item={**item, "schema_version": version})

    with pytest.raises(Fatal, match=f"version {version} of the ledger's layout.*version {LEDGER}"):
        stack.runs.get(run.id)
