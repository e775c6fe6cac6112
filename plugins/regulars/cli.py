"""The command line: what the Makefile's targets call."""

import csv
import json
import os
import shutil
import sys
import webbrowser
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path

import click

from regulars.errors import RegularsError
from regulars.settings import Settings, load_settings

MOMENTS = ["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S"]


def _told(command: Callable[..., int | None]) -> Callable[..., None]:
    """End with the command's code; an error that a person can mend is one line, no traceback."""

    @wraps(command)
    def run(*args, **kwargs) -> None:
        try:
            sys.exit(command(*args, **kwargs) or 0)
        except RegularsError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Regulars: the open customer warehouse for store chains."""


@main.command()
@_told
def demo() -> int:
    """Simulate a dessert chain for 2012-2014, load it as a backfill and a night, show the score."""
    from regulars.demo import deliver, simulate
    from regulars.scheduler.control import run_backfill, run_nightly
    from regulars.scheduler.server import session
    from regulars.warehouse.scorecard import scorecard_text

    settings = load_settings()
    _clear_demo(settings)
    # The simulated nights are long over; no run may start by itself and take the last one early.
    os.environ["REGULARS_SCHEDULE"] = "off"
    chain = simulate()
    first, last = date(2012, 1, 1), date(2014, 12, 31)
    eve = last - timedelta(days=1)
    delivered = deliver(chain, settings.landing, None, eve)
    click.echo(f"delivered {len(delivered)} files for {first} to {eve} to {settings.landing}")
    with session(settings):
        if code := run_backfill(str(first), str(eve), click.echo):
            return code
        delivered = deliver(chain, settings.landing, last, last)
        click.echo(f"delivered {len(delivered)} files for {last}")
        if code := run_nightly(str(last), click.echo):
            return code
    click.echo(scorecard_text())
    return 0


def _clear_demo(settings: Settings) -> None:
    """Make room for the demo where only an earlier demo stands."""
    mark = settings.home / "DEMO"
    if settings.home.exists() and any(settings.home.iterdir()) and not mark.exists():
        raise RegularsError(
            f"{settings.home} holds data that is not a demo; set REGULARS_HOME to an empty folder"
        )
    if settings.landing_store or settings.landing != settings.home / "landing":
        raise RegularsError("the demo writes to <home>/landing; unset landing for it")
    from regulars.scheduler.server import stop

    stop(settings)
    shutil.rmtree(settings.home, ignore_errors=True)
    settings.home.mkdir(parents=True)
    mark.write_text("A simulated chain; `make demo` replaces everything in this folder.\n")


@main.command()
@_told
def up() -> None:
    """Start Airflow and leave it running."""
    from regulars.scheduler.server import start

    airflow = start(load_settings(), keep=True)
    click.echo(f"Airflow is at {airflow.url}, user admin")
    click.echo(f"its password is in {airflow.password_file}")
    click.echo("`make down` stops it")


@main.command()
@_told
def down() -> None:
    """Stop the Airflow of this home."""
    from regulars.scheduler.server import stop

    click.echo("Airflow stopped" if stop(load_settings()) else "Airflow was not running")


@main.command()
@click.argument("night")
@_told
def nightly(night: str) -> int:
    """Close the business date NIGHT (YYYY-MM-DD): load what was delivered, build, publish."""
    from regulars.scheduler.control import run_nightly

    return run_nightly(night, click.echo)


@main.command()
@click.argument("date_from")
@click.argument("date_to")
@click.option("--dry-run", is_flag=True, help="Only say what would be loaded and built.")
@_told
def backfill(date_from: str, date_to: str, dry_run: bool) -> int:
    """Load all deliveries from DATE_FROM to DATE_TO in one run, then build once."""
    from regulars.scheduler.control import run_backfill, tell_backfill

    return (tell_backfill if dry_run else run_backfill)(date_from, date_to, click.echo)


@main.group()
def quarantine() -> None:
    """Rows that wait for a mend."""


@quarantine.command("list")
@click.argument("feed", required=False)
@click.option("--export", type=click.Path(dir_okay=False), help="Write them to a CSV file instead.")
@_told
def list_quarantine(feed: str | None, export: str | None) -> None:
    """Show what waits in quarantine, of one FEED or of all, with file, line and reason."""
    from regulars.feeds.quarantine import export_waiting, waiting

    if export:
        count = export_waiting(load_settings().lake, feed, export)
        click.echo(f"{count} rows written to {export}")
        return
    rows = waiting(load_settings().lake, feed)
    for row in rows:
        where = f"{row['file_path']}, line {row['physical_line']}"
        column = f", column {row['column_name']}" if row["column_name"] else ""
        click.echo(f"{where}{column}: {row['reason']} ({row['rule']})")
        click.echo(f"    {row['raw_text'][:200]}")
    click.echo(f"{len(rows)} rows wait in quarantine")


@quarantine.command("show")
@click.argument("role")
@click.argument("person")
@click.argument("feed", required=False)
@_told
def show_quarantine(role: str, person: str, feed: str | None) -> None:
    """Print as CSV what waits, word for word, for PERSON in ROLE; the access is logged."""
    from regulars.privacy.access import Reader

    names, rows = Reader(load_settings(), role, person).quarantined(feed)
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    writer.writerows(rows)


@quarantine.command("replay")
@click.argument("date_from")
@click.argument("date_to")
@_told
def replay_quarantine(date_from: str, date_to: str) -> int:
    """Load what was rejected or quarantined from DATE_FROM to DATE_TO once more, after a mend."""
    from regulars.scheduler.control import run_replay

    return run_replay(date_from, date_to, click.echo)


@main.command()
@click.argument("version", required=False)
@_told
def rollback(version: str | None) -> None:
    """Point readers at the version before, or at VERSION."""
    from regulars.warehouse.publish import rollback

    click.echo(f"readers now see {rollback(version)['path']}")


@main.command("as-of")
@click.argument("as_of", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("known_at", required=False, type=click.DateTime(MOMENTS))
@_told
def as_of(as_of: datetime, known_at: datetime | None) -> None:
    """Build the marts as of AS_OF, as known at KNOWN_AT (UTC, as in version.json), apart."""
    from regulars.warehouse.history import build_history

    moment = known_at and known_at.replace(tzinfo=UTC)
    click.echo(f"the marts as they stood are in {build_history(as_of.date(), moment)['path']}")


@main.command()
@click.argument("version", required=False)
@_told
def restatements(version: str | None) -> None:
    """Split what VERSION, or the current one, tells differently from before, and publish the split.

    The parts are rules, late data, corrections, identity and days closed since.
    """
    from regulars.warehouse.build import build_warehouse
    from regulars.warehouse.publish import publish_version
    from regulars.warehouse.quality import judge_marts
    from regulars.warehouse.restate import split_restatements

    split = split_restatements(version)
    click.echo(
        f"version {split['after']} tells {split['restated']} figures differently from version"
        f" {split['before']}"
    )
    if split["restated"] and build_warehouse()["changed"]:
        judge_marts()
        click.echo(f"rpt_restatements of version {publish_version()['version']} tells why")


@main.command()
@click.argument("subject")
@_told
def erase(subject: str) -> int:
    """Erase the person with this customer number, phone or mail, and print the certificate."""
    from regulars.privacy.erasure import Records
    from regulars.warehouse.rebuild import rebuild_from_lake

    certificate = Records(load_settings()).erase(subject, rebuild_from_lake)
    click.echo(json.dumps(certificate, indent=2))
    return 0 if certificate["proof"]["is_absent"] else 1


@main.command()
@click.option("--go", is_flag=True, help="Purge what is approved; without it nothing is changed.")
@_told
def purge(go: bool) -> int:
    """List the customers' words that are past their keeping period, or purge the approved ones."""
    from regulars.privacy.retention import due
    from regulars.privacy.retention import purge as purge_words
    from regulars.warehouse.rebuild import rebuild_from_lake

    settings = load_settings()
    if not go:
        texts = due(settings)
        for text in texts:
            who = f"approved by {text.approved_by}" if text.approved_by else "NOT APPROVED"
            click.echo(f"{text.feedback_id}: kept until {text.keep_until_date}, {who}")
        approved = sum(text.approved_by is not None for text in texts)
        click.echo(f"{len(texts)} texts are due, {approved} approved; nothing was changed")
        return 0
    entry = purge_words(settings, rebuild_from_lake)
    if entry is None:
        click.echo("nothing is due and approved")
        return 0
    click.echo(json.dumps(entry, indent=2, ensure_ascii=False))
    return 0 if entry["is_complete"] else 1


@main.command("request-erasure")
@click.argument("subject")
@_told
def request_erasure(subject: str) -> None:
    """Leave a sealed request for the DAG erase_person: a customer number, phone or mail."""
    from regulars.privacy.requests import leave_request

    click.echo(f"request {leave_request(load_settings(), subject)} waits for the DAG erase_person")


@main.command("subject-report")
@click.argument("subject")
@_told
def subject_report(subject: str) -> None:
    """Print all that is held about a person, as JSON: an answer to an access request."""
    from regulars.privacy.erasure import Records

    report = Records(load_settings()).report(subject)
    click.echo(json.dumps(report, indent=2, ensure_ascii=False))


@main.command()
@click.argument("role")
@click.argument("person")
@click.argument("query", required=False)
@_told
def reader(role: str, person: str, query: str | None) -> None:
    """Read the published version as PERSON in ROLE: a QUERY, or what the role is granted."""
    from regulars.privacy.access import Reader

    reader = Reader(load_settings(), role, person)
    if query is None:
        for grant in reader.grants.values():
            rows = f" where {grant.row_filter}" if grant.row_filter else ""
            click.echo(f"{grant.table}: {grant.columns}{rows}")
        return
    names, rows = reader.query(query)
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    writer.writerows(rows)


@main.command("call-list")
@click.argument("role")
@click.argument("person")
@_told
def call_list(role: str, person: str) -> None:
    """Write the call list of ROLE with names and numbers, encrypted, for PERSON."""
    from regulars.privacy.access import Reader, given_passphrase

    click.echo(Reader(load_settings(), role, person).call_list(given_passphrase()))


@main.command("open-call-list")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_told
def open_call_list(path: Path) -> None:
    """Print an encrypted call list as CSV."""
    from regulars.privacy.access import decrypt, given_passphrase

    click.echo(decrypt(path, given_passphrase()), nl=False)


@main.command()
@click.argument("uv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--offline", is_flag=True, help="Leave out what needs the network.")
@_told
def audit(uv: Path, offline: bool) -> int:
    """Look for known vulnerabilities and secrets, and write the bill of materials."""
    from regulars.privacy.audit import run_audit

    return run_audit(load_settings(), uv, click.echo, offline)


@main.command("rotate-key")
@click.argument("purpose", type=click.Choice(["master", "vault", "token", "archive"]))
@_told
def rotate_key(purpose: str) -> None:
    """Replace a key; the master key by the one that REGULARS_NEW_MASTER_KEY holds."""
    from regulars.privacy.rotation import rotate
    from regulars.warehouse.rebuild import rebuild_from_lake

    click.echo(rotate(load_settings(), purpose))
    if purpose == "token":
        rebuild_from_lake()
        click.echo("the warehouse was built anew from them")


@main.command()
@_told
def scorecard() -> None:
    """Print the scorecard of the published version."""
    from regulars.warehouse.scorecard import scorecard_text

    click.echo(scorecard_text())


@main.command()
@_told
def dashboards() -> None:
    """Say where the dashboards of the published version lie, and open them in a browser."""
    from regulars.warehouse.publish import DASHBOARDS, current

    page = load_settings().published / "current" / DASHBOARDS / "index.html"
    if not (current() / DASHBOARDS / "index.html").is_file():
        raise RegularsError("the current version has no dashboards; the next build writes them")
    click.echo(page)
    if sys.stdout.isatty():
        webbrowser.open(page.as_uri())


@main.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@_told
def export(folder: Path | None) -> None:
    """Write workbooks (XLSX) and lists (CSV) of the published version to FOLDER."""
    from regulars.warehouse.export import export_current

    click.echo(export_current(folder or load_settings().exports))


@main.command("postgres-copy")
@_told
def postgres_copy() -> None:
    """Copy the published version to the PostgreSQL database of the settings."""
    from regulars.warehouse.postgres import copy_version
    from regulars.warehouse.publish import current

    url = load_settings().postgres_url
    if not url:
        raise RegularsError("there is no database to copy to: set postgres_url")
    rows = copy_version(current(), url)
    click.echo(f"{rows} rows of version {current().name} copied" if rows else "copied already")


@main.command()
@click.argument("select", nargs=-1)
@_told
def spark(select: tuple[str, ...]) -> None:
    """Build the marts on Spark, or the models that dbt's SELECT names, with their data tests."""
    from regulars.warehouse.spark import build_on_spark

    said = build_on_spark(load_settings(), select)
    counted = Counter(node.resource_type for node in said)
    click.echo(", ".join(f"{counted[kind]} {kind}s" for kind in ("seed", "model", "test")))


@main.command()
@_told
def trace() -> int:
    """Run the tests and print requirement, check and result, tab-separated."""
    from regulars.trace import run_trace

    return run_trace(click.echo)


@main.command()
@_told
def docs() -> None:
    """Say where the data dictionary of the published version lies, and open it in a browser."""
    from regulars.warehouse.publish import DOCS, current

    page = load_settings().published / "current" / DOCS / "index.html"
    if not (current() / DOCS / "index.html").is_file():
        raise RegularsError("the current version has no documentation; the next build writes it")
    click.echo(page)
    if sys.stdout.isatty():
        webbrowser.open(page.as_uri())
