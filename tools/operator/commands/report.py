"""`billing-sync report`: a run's report files, on this machine."""

from pathlib import Path

import click

from tools.operator.answer import print_answer
from tools.operator.errors import Refused
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.options import of_run
from tools.operator.runs.reader import RunBook
from tools.operator.stack import Stack

PAGE = "report.html"


@click.command()
@of_run(required=False)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="F",
    help="Where to; default: billing-sync-<run> here.",
)
@click.option("--open", "opened", is_flag=True, help="Open the page in your browser.")
@as_json
@of_a_stack
def report(
    *, stack: Stack, run_id: str | None, folder: Path | None, opened: bool, as_json: bool
) -> None:
    """Download the report of RUN; without RUN, of the newest.

    report.html is the page, rows.csv the rows for a spreadsheet, run.json everything for programs.

    \b
    Example:
      billing-sync report 000012-sync --open
    """
    run = RunBook.of(stack).run(run_id)
    if run.open:
        raise Refused(
            f"run {run.id} is still {run.status}; its report is written when it is closed."
            f" 'billing-sync watch {run.id}' follows it."
        )
    files = _download(stack, run.id, folder or Path(f"billing-sync-{run.id}"))
    if as_json:
        print_answer({"run_id": run.id, "files": [str(file) for file in files]})
    else:
        for file in files:
            click.echo(file)
    page = next((file for file in files if file.name == PAGE), None)
    if opened and page is None:
        raise Refused(f"the report of run {run.id} has no page: it was made by an older version.")
    if opened and click.launch(str(page)):
        click.echo("No browser could be started here; open the page yourself.", err=True)


def _download(stack: Stack, run_id: str, folder: Path) -> list[Path]:
    """The files of the run's report, now in the folder."""
    s3, bucket, place = stack.client("s3"), stack.output("ReportBucket"), f"runs/{run_id}/"
    found = s3.list_objects_v2(Bucket=bucket, Prefix=place).get("Contents", [])
    if not found:
        raise Refused(
            f"there is no report of run {run_id} in {bucket}: it was refused, its report expired,"
            " or it is written within a minute."
        )
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for key in sorted(entry["Key"] for entry in found):
        file = folder / key.rpartition("/")[2]
        file.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        files.append(file)
    return files
