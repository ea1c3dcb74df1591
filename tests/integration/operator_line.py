"""`billing-sync` in this process, on the emulated AWS: quick, and a prompt can be answered."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from click.testing import CliRunner, Result

from tests.integration.aws_endpoint import AwsEndpoint
from tools.operator.__main__ import billing_sync

# What the emulated AWS of a test does not have, the door answers over HTTP.
THROUGH_THE_DOOR = ("LAMBDA", "CLOUDFORMATION", "STS")


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """Somebody who types commands, and answers to their questions."""

    door: AwsEndpoint

    def __call__(
        self,
        *words: str,
        answers: Sequence[str] = (),
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Result:
        """The command's end: `exit_code`, `stdout`, `stderr`, and `output` with both.

        `meanwhile` happens while the first question stands; a text that it returns is typed.
        """
        typed = "".join(f"{answer}\n" for answer in answers)
        named = {f"AWS_ENDPOINT_URL_{name}": self.door.url for name in THROUGH_THE_DOOR}
        return CliRunner().invoke(
            billing_sync,
            words,
            input=_Answers(typed.encode(), meanwhile),
            env={**named, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"},
            prog_name="billing-sync",
        )


class _Answers(io.BytesIO):
    """What is typed; something else happens before the first of it."""

    def __init__(self, typed: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(typed)
        self._meanwhile = meanwhile

    def read1(self, size: int | None = -1, /) -> bytes:
        if self.tell() == 0 and isinstance(typed := self._meanwhile(), str):
            self.write(f"{typed}\n".encode())
            self.seek(0)
        return super().read1(size)
