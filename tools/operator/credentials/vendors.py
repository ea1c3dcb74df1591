"""The keys of each vendor's secret, and the prompts for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials, HuntressCredentials
from billing_sync.adapters.http.allowed_hosts import connectwise_address, huntress_address
from billing_sync.domain.errors import Fatal


@dataclass(frozen=True, slots=True)
class Question:
    """One key of a secret: what a person is asked; `hidden` input is not shown."""

    key: str
    text: str
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor, its secret and the questions; `kind` is what the functions make of the secret.

    `output` is the stack's output that names the secret, `where` the click path to the keys, and
    `local_questions` are asked only where the vendor may be on this machine.
    """

    name: str
    output: str
    where: str
    kind: Any
    questions: tuple[Question, ...]
    address: tuple[str, Callable[..., str]]
    local_questions: tuple[Question, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that the secret may have."""
        return tuple(each.name for each in fields(self.kind))

    def problems(self, values: Mapping[str, object], *, local: bool) -> dict[str, str]:
        """What is wrong, by key, never with a value; `local` allows addresses of this machine."""
        found = dict.fromkeys(values.keys() - set(self.keys), "there is no such key")
        known = {key: value for key, value in values.items() if key in self.keys}
        try:
            TypeAdapter(self.kind).validate_python(known)
        except ValidationError as error:
            for problem in error.errors(include_input=False, include_url=False):
                found[str(problem["loc"][0])] = _problem(problem["type"], problem["msg"])
        key, check = self.address
        if key in known and key not in found:
            try:
                check(str(known[key]).strip(), allow_loopback=local)
            except Fatal as error:
                found[key] = str(error).rstrip(".")
        return found


def _problem(kind: str, message: str) -> str:
    texts = {
        "missing": "it is missing",
        "string_too_short": "it is empty",
        "string_pattern_mismatch": "it has a space or another character that no key has; paste it"
        " again",
    }
    return texts.get(kind, message)


HUNTRESS = Vendor(
    "Huntress",
    "HuntressSecret",
    "Huntress portal > your account's menu > API Credentials > User API Credentials > Add, for a"
    " user with the Admin permission",
    HuntressCredentials,
    (Question("api_key", "API key"), Question("api_secret", "API secret")),
    ("base_url", huntress_address),
    (Question("base_url", "Address of Huntress here", hidden=False),),
)
CONNECTWISE = Vendor(
    "ConnectWise",
    "ConnectWiseSecret",
    "ConnectWise > System > Members > API Members > the member > API Keys > +; the client id at"
    " developer.connectwise.com/ClientID",
    ConnectWiseCredentials,
    (
        Question("site", "Site (as in na.myconnectwise.net)", hidden=False),
        Question("login_company", "Company id of the ConnectWise login", hidden=False),
        Question("public_key", "Public key"),
        Question("private_key", "Private key"),
        Question("client_id", "Client id"),
    ),
    ("site", connectwise_address),
)
VENDORS = {"huntress": HUNTRESS, "connectwise": CONNECTWISE}
