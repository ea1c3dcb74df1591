"""What the product asks of AWS, as short scripts, by service.

`AGREED` are answered alike by the AWS in memory and by moto; `DIFFERENCES` say where moto is
lenient.
"""

from tests.aws.scripts import dynamodb, messages, storage

AGREED = (*dynamodb.AGREED, *messages.AGREED, *storage.AGREED)
DIFFERENCES = {**dynamodb.DIFFERENCES, **messages.DIFFERENCES, **storage.DIFFERENCES}
