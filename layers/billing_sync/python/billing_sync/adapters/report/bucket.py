"""Report files in the report bucket: `runs/<run id>/report.html`, `run.json`, `rows.csv`."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from billing_sync.adapters.report.page import report_page
from billing_sync.domain.schema_versions import with_version

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ReportBucket:
    """Writes a run's files; writing them again replaces them."""

    def __init__(self, client: "S3Client", *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save_document(self, run_id: str, document: Mapping[str, object]) -> str:
        """The whole run as JSON; returns the file's address."""
        text = json.dumps(with_version(document), indent=2, ensure_ascii=False)
        return self._save(f"runs/{run_id}/run.json", text, "application/json")

    def save_page(self, run_id: str, document: Mapping[str, object]) -> str:
        """The whole run as a page to read; returns the file's address."""
        return self._save(f"runs/{run_id}/report.html", report_page(document), "text/html")

    def save_rows(self, run_id: str, rows: Sequence[Mapping[str, object]]) -> str:
        """The rows as a table for spreadsheets; returns the file's address.

        Its columns are the fields of the rows in run.json, whose `schema_version` it shares.
        """
        text = io.StringIO()
        if rows:
            writer = csv.DictWriter(text, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
        return self._save(f"runs/{run_id}/rows.csv", text.getvalue(), "text/csv")

    def _save(self, key: str, text: str, content_type: str) -> str:
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=text.encode(),
            ContentType=f"{content_type}; charset=utf-8",
        )
        return f"s3://{self._bucket}/{key}"


def _cell(value: object) -> object:
    """A name that a spreadsheet would run as a formula is kept as text; a number stays one."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not _number(value):
        return f"'{value}"
    return value


def _number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdecimal()
