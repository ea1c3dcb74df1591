"""`billing-sync` in this process, on the emulated AWS: quick, and a prompt can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from click.testing import CliRunner, Result

from tests.integration.aws_door import AwsDoor
from tools.operator.__main__ import billing_sync

# What the emulated AWS of a test does not have, the door answers over HTTP.
THROUGH_THE_DOOR = ("LAMBDA", "CLOUDFORMATION", "STS")


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """Somebody who types commands, and answers to their questions."""

    door: AwsDoor

    def __call__(self, *words: str, answers: Sequence[str] = ()) -> Result:
        """The command's end: `exit_code`, `stdout`, `stderr`, and `output` with both."""
        named = {f"AWS_ENDPOINT_URL_{name}": self.door.url for name in THROUGH_THE_DOOR}
        return CliRunner().invoke(
            billing_sync,
            words,
            input="".join(f"{answer}\n" for answer in answers),
            env={**named, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"},
            prog_name="billing-sync",
        )
