"""What a ConnectWise server says, for the tests of the adapter that reads it."""

from collections.abc import Mapping, Sequence

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials
from billing_sync.adapters.connectwise.client import ConnectWiseClient
from tests.integration.scripted_server import Reply, ScriptedServer, StandStill

API = "/v2025_1/apis/3.0"
AGREEMENTS = f"GET {API}/finance/agreements"
BUNDLES = f"POST {API}/system/bundles"
COMPANY_INFO = "GET /login/companyinfo/acme"
Row = dict[str, object]


def client_of(server: ScriptedServer, *, left: float = 900) -> ConnectWiseClient:
    """A client of a scripted server that has told its codebase."""
    server.on(COMPANY_INFO, Reply({"Codebase": "v2025_1/", "IsCloud": "True"}))
    credentials = ConnectWiseCredentials(
        site=server.url,
        login_company="acme",
        public_key="PUBLIC",
        private_key="PRIVATE",
        client_id="0000-1111",
        calls_per_minute=60_000,
    )
    timing = StandStill(left=left).timing
    return ConnectWiseClient(credentials, timing=timing, allow_loopback=True)


def agreement(number: int, *, company: int = 1207, **fields: object) -> Row:
    """An agreement as the list gives it."""
    return {
        "id": number,
        "name": f"Agreement {number}",
        "type": {"id": 9, "name": "Managed Services"},
        "company": {"id": company, "name": "Orrinwick Dental"},
        "startDate": "2024-03-01T00:00:00Z",
        "cancelledFlag": False,
        "billingCycle": {"id": 2, "name": "Monthly"},
        "agreementStatus": "Active",
        **fields,
    }


def addition(number: int, *, agreement: int | None = 214, **fields: object) -> Row:
    """An addition as ConnectWise gives it, with its doubles."""
    return {
        "id": number,
        "product": {"id": 518, "identifier": "SEC-EDR-SEAT"},
        "quantity": 42.0,
        "lessIncluded": 0.0,
        "unitPrice": 6.5,
        "billCustomer": "Billable",
        "effectiveDate": "2024-03-01T00:00:00Z",
        "agreementId": agreement,
        "description": "Endpoint detection seat",
        "_info": {"lastUpdated": "2025-05-31T23:10:05Z", "updatedBy": "BillingSync"},
        **fields,
    }


def bundled(results: Mapping[int, Sequence[Row] | int]) -> Reply:
    """A bundle's answer: for each agreement its additions, or the status of its refusal."""
    return Reply({"results": [_result(number, given) for number, given in results.items()]})


def _result(number: int, given: Sequence[Row] | int) -> Row:
    if isinstance(given, int):
        error = {"code": "NotFound", "message": "gone"}
        failed = {"success": False, "statusCode": given, "entities": [], "error": error}
        return {"sequenceNumber": number, **failed}
    return {
        "sequenceNumber": number,
        "success": True,
        "statusCode": 200,
        "entities": given,
        "count": len(given),
    }
