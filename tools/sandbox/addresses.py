"""Addresses and keys of the two vendors: the stand-ins, or servers the caller names."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from tools.sandbox.errors import SandboxError


@dataclass(frozen=True, slots=True)
class VendorAddresses:
    """Addresses and credentials; the environment names each in capitals, like HUNTRESS_URL."""

    huntress_url: str
    huntress_api_key: str
    huntress_api_secret: str
    connectwise_url: str
    connectwise_company: str
    connectwise_public_key: str
    connectwise_private_key: str
    connectwise_client_id: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self | None:
        """The caller's own servers, None when none is named.

        Raises SandboxError naming what is missing when only some of it is there.
        """
        names = {field.name: field.name.upper() for field in fields(cls)}
        missing = [variable for variable in names.values() if not environment.get(variable)]
        if len(missing) == len(names):
            return None
        if missing:
            raise SandboxError(
                f"Not set: {', '.join(missing)}. To use servers of your own, set all of"
                f" {', '.join(names.values())}; to use the sandbox's stand-ins, set none."
            )
        return cls(**{name: environment[variable] for name, variable in names.items()})

    @classmethod
    def of_stand_ins(cls, state: Mapping[str, Any]) -> Self:
        """From the file that `tools.sandbox.vendors` writes."""
        huntress, connectwise = state["huntress"], state["connectwise"]
        return cls(
            huntress_url=huntress["base_url"],
            huntress_api_key=huntress["api_key"],
            huntress_api_secret=huntress["api_secret"],
            connectwise_url=connectwise["site"],
            connectwise_company=connectwise["login_company"],
            connectwise_public_key=connectwise["public_key"],
            connectwise_private_key=connectwise["private_key"],
            connectwise_client_id=connectwise["client_id"],
        )

    def huntress_secret(self) -> dict[str, object]:
        """The value of the stack's Huntress secret."""
        return {
            "api_key": self.huntress_api_key,
            "api_secret": self.huntress_api_secret,
            "base_url": self.huntress_url,
        }

    def connectwise_secret(self) -> dict[str, object]:
        """The value of the stack's ConnectWise secret."""
        return {
            "site": self.connectwise_url,
            "login_company": self.connectwise_company,
            "public_key": self.connectwise_public_key,
            "private_key": self.connectwise_private_key,
            "client_id": self.connectwise_client_id,
        }
