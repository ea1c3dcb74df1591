"""S3: one version of each object."""

import io
from copy import copy
from typing import Any, BinaryIO

from botocore.response import StreamingBody

from tests.aws.errors import AwsError

Page = dict[str, Any]


class S3:
    """Objects by bucket and key."""

    def __init__(self) -> None:
        self._buckets: dict[str, dict[str, tuple[bytes, str]]] = {}

    def copied(self) -> Any:
        """What there is now."""
        return {name: copy(objects) for name, objects in self._buckets.items()}

    def restore(self, copied: Any) -> None:
        """Go back to such a copy."""
        self._buckets = {name: copy(objects) for name, objects in copied.items()}

    def create_bucket(self, *, Bucket: str) -> Page:  # noqa: N803
        """An empty bucket."""
        self._buckets[Bucket] = {}
        return {"Location": f"/{Bucket}"}

    def put_object(
        self,
        *,
        Bucket: str,  # noqa: N803
        Key: str,  # noqa: N803
        Body: BinaryIO,  # noqa: N803 - boto3 makes a file of any body
        ContentType: str,  # noqa: N803
        **_: object,
    ) -> Page:
        """Replace an object."""
        self._bucket(Bucket)[Key] = (Body.read(), ContentType)
        return {}

    def get_object(self, *, Bucket: str, Key: str, **_: object) -> Page:  # noqa: N803
        """An object's content, as a stream."""
        objects = self._bucket(Bucket)
        if Key not in objects:
            raise AwsError("NoSuchKey", "The specified key does not exist.", Key=Key)
        body, content_type = objects[Key]
        stream = StreamingBody(io.BytesIO(body), len(body))
        return {"Body": stream, "ContentLength": len(body), "ContentType": content_type}

    def list_objects_v2(self, *, Bucket: str, Prefix: str = "", **_: object) -> Page:  # noqa: N803
        """The keys that begin so, in their order, on one page."""
        objects = self._bucket(Bucket)
        found = [
            {"Key": key, "Size": len(body)}
            for key, (body, _) in sorted(objects.items())
            if key.startswith(Prefix)
        ]
        page: Page = {"KeyCount": len(found), "IsTruncated": False, "Prefix": Prefix}
        return {**page, "Contents": found} if found else page

    def _bucket(self, name: str) -> dict[str, tuple[bytes, str]]:
        if name not in self._buckets:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", BucketName=name)
        return self._buckets[name]
