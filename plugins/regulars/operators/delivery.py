"""A delivery date, and the report of what one run did with its files; free of Airflow."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from regulars.errors import RegularsError
from regulars.settings import Settings

# An asset event is read whole by the UI; the rest of a long list stands in the ledger.
REJECTED_SHOWN = 50
# How sentences begin that tell of something to look at.
NOTABLE = ("WARNING", "REJECTED")


def delivery_date(text: str) -> date:
    """The date that ``YYYY-MM-DD`` names, the form of landing folders and partition keys.

    Raises:
        RegularsError: ``text`` is anything else, other ISO 8601 forms included.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise RegularsError(f"{text!r} is not a date of the form YYYY-MM-DD")
    return day


def closed_date(text: str, settings: Settings) -> date:
    """As ``delivery_date``, of a day that has begun.

    Raises:
        RegularsError: ``text`` is no date, or one to come in the chain's time zone.
    """
    day = delivery_date(text)
    if day > settings.today():
        raise RegularsError(
            f"{day} is still to come: it is {settings.today()} in {settings.timezone}"
        )
    return day


def closed_range(date_from: str, date_to: str, settings: Settings) -> tuple[date, date]:
    """The first and the last delivery date of a range.

    Raises:
        RegularsError: as ``closed_date``, or the range is reversed.
    """
    first, last = closed_date(date_from, settings), closed_date(date_to, settings)
    if first > last:
        raise RegularsError(f"the range ends before it begins: FROM={first} is after TO={last}")
    return first, last


def stood_at(as_of: str | None, known_at: str | None) -> tuple[date, datetime | None] | None:
    """The date and the moment of a build of the marts as they stood; None where none is asked for.

    Args:
        as_of: the last delivery date that counts, ``YYYY-MM-DD``.
        known_at: an ISO 8601 moment, in UTC unless it names a zone, as in a ``version.json``.

    Raises:
        RegularsError: one of them is something else, or ``known_at`` stands alone.
    """
    if not as_of:
        if known_at:
            raise RegularsError(
                f"known_at {known_at} needs an as_of: the last delivery date that counts"
            )
        return None
    if not known_at:
        return delivery_date(as_of), None
    try:
        moment = datetime.fromisoformat(known_at)
    except ValueError:
        raise RegularsError(
            f"known_at {known_at!r} is not a moment such as 2015-01-01T02:00:00+00:00"
        ) from None
    return delivery_date(as_of), moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def report(delivery_date: str, feeds: Sequence[str], loads: Iterable[dict]) -> dict:
    """Sum ledger lines up, per feed; JSON-able, the ``extra`` of the asset event.

    Every feed appears, with zeros when nothing was delivered; feeds that a pattern such as
    ``ref_*`` stands for appear only when they were. As in the ledger, the rows of a rejected file
    count as quarantined; those of a file loaded before count as duplicate; so for each feed
    received = loaded + duplicate + quarantined, in rows and in net amount (decimals as text, where
    the feed has one). ``business_dates`` holds the first and last date of the loaded rows, or is
    null.
    """
    loads = sorted(loads, key=lambda load: (load["feed"], load["file_path"]))
    rejected = _with_status(loads, "rejected")
    loaded = _with_status(loads, "loaded")
    named = [feed for feed in feeds if "*" not in feed]
    delivered = sorted({load["feed"] for load in loads} - set(named))
    starts = [load["event_date_min"] for load in loaded if load["event_date_min"]]
    ends = [load["event_date_max"] for load in loaded if load["event_date_max"]]
    return {
        "delivery_date": delivery_date,
        "business_dates": [min(starts), max(ends)] if starts else None,
        "feeds": {
            feed: _counts([load for load in loads if load["feed"] == feed])
            for feed in (*named, *delivered)
        },
        "rejected_files": len(rejected),
        "rejected": [
            {"file": load["file_path"], "reason": load["reason"]}
            for load in rejected[:REJECTED_SHOWN]
        ],
    }


def _with_status(loads: Iterable[dict], status: str) -> list[dict]:
    return [load for load in loads if load["status"] == status]


def _counts(loads: list[dict]) -> dict:
    duplicate = _with_status(loads, "duplicate_file")
    counts = {
        "files": len(loads),
        "files_loaded": len(_with_status(loads, "loaded")),
        "files_duplicate": len(duplicate),
        "files_rejected": len(_with_status(loads, "rejected")),
        "files_warned": sum(load["verdict"] == "warn" for load in loads),
        "warnings": dict(Counter(text for load in loads for text in load["warnings"])),
    }
    for kind in ("received", "loaded", "duplicate", "quarantined"):
        of, column = (duplicate, "received") if kind == "duplicate" else (loads, kind)
        counts[f"rows_{kind}"] = sum(load[f"rows_{column}"] or 0 for load in of)
        if any(load["net_amount_received"] is not None for load in loads):
            amounts = (Decimal(load[f"net_amount_{column}"] or 0) for load in of)
            counts[f"net_amount_{kind}"] = f"{sum(amounts, Decimal()):.2f}"
    return counts


def sentences(summary: dict) -> list[str]:
    """A report in words: one line per feed, then one per kind of warning and rejected file."""
    lines = [_equation(feed, counts) for feed, counts in summary["feeds"].items()]
    for feed, counts in summary["feeds"].items():
        lines += [f"WARNING {feed} (files: {n}): {text}" for text, n in counts["warnings"].items()]
    lines += [f"REJECTED {one['reason']}" for one in summary["rejected"]]
    more = summary["rejected_files"] - len(summary["rejected"])
    if more:
        lines.append(f"REJECTED {more} more files; the ledger names them with their reasons")
    return lines


def _equation(feed: str, counts: dict) -> str:
    if not counts["files"]:
        return f"{feed}: no new files"
    files = ", ".join(
        f"{counts[f'files_{kind}']} {kind}"
        for kind in ("loaded", "duplicate", "rejected", "warned")
        if counts[f"files_{kind}"]
    )
    texts = [f"{feed}: files {counts['files']} ({files})"]
    for what, title in (("rows", "rows"), ("net_amount", "net amount")):
        if f"{what}_received" in counts:
            parts = " + ".join(
                f"{counts[f'{what}_{kind}']} {kind}"
                for kind in ("loaded", "duplicate", "quarantined")
            )
            texts.append(f"{title} {counts[f'{what}_received']} received = {parts}")
    return "; ".join(texts)
