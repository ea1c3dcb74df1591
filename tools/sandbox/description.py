"""`sandbox.json`: where a running sandbox is, for whoever uses it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.aws import Aws
from tools.sandbox.vendor_servers import StandIns


@dataclass(frozen=True, slots=True)
class Description:
    """A running sandbox. `world_now` is empty where the vendors are the caller's own servers."""

    pid: int
    aws: Aws
    stack: str
    outputs: dict[str, str]
    vendors: VendorAddresses
    world_now: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """From the file."""
        values = json.loads(path.read_text())
        values["aws"] = Aws(**values["aws"])
        values["vendors"] = VendorAddresses(**values["vendors"])
        return cls(**values)

    def write(self, path: Path) -> None:
        """All at once, so that a reader never sees half a file."""
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(asdict(self), indent=2) + "\n")
        part.replace(path)

    def stand_ins(self) -> StandIns:
        """The stand-ins of this sandbox, when it has them."""
        return StandIns(self.vendors, datetime.fromisoformat(self.world_now))
