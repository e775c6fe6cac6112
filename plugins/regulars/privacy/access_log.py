"""The log of who read what: one JSON line an entry, appended and never changed.

Every line carries the SHA-256 of the line before, so that a line that was changed, moved or taken
out is found. Of people it holds the ids of who asked and nothing of whom was asked about: no query,
no row, no value.
"""

import fcntl
import json
import os
from datetime import UTC, datetime
from hashlib import sha256

from regulars.errors import RegularsError
from regulars.settings import Settings

COLUMNS = {
    "entry_no": "BIGINT",
    "accessed_at": "TIMESTAMP",
    "person_id": "VARCHAR",
    "role": "VARCHAR",
    "action": "VARCHAR",
    "object": "VARCHAR",
    "row_filter": "VARCHAR",
    "rows_given": "BIGINT",
    "version": "VARCHAR",
}
_FIRST = "0" * 64


def append(settings: Settings, action: str, **entry: object) -> None:
    """Write one entry and have it on the disk before returning.

    Args:
        settings: of the home.
        action: read, call_list, denied or audit.
        **entry: further columns of ``COLUMNS``; what is not given is null.

    Raises:
        RegularsError: the log was changed since it was written; nothing is given then.
    """
    path = settings.access_log
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="utf-8") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        before = _checked(log.read().splitlines())
        row = dict.fromkeys(COLUMNS) | entry
        row |= {
            "entry_no": before[0] + 1,
            "accessed_at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
            "action": action,
            "before": before[1],
        }
        log.write(json.dumps(row, ensure_ascii=False) + "\n")
        log.flush()
        os.fsync(log.fileno())


def check(settings: Settings) -> int:
    """Read the whole log; the number of its entries.

    Raises:
        RegularsError: a line was changed, moved or taken out.
    """
    path = settings.access_log
    return _checked(path.read_text("utf-8").splitlines())[0] if path.exists() else 0


def _checked(lines: list[str]) -> tuple[int, str]:
    digest = _FIRST
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            is_whole = row["entry_no"] == number and row["before"] == digest
        except (ValueError, TypeError, KeyError):
            is_whole = False
        if not is_whole:
            raise RegularsError(f"the access log was changed at line {number}; tell who audits it")
        digest = sha256(line.encode()).hexdigest()
    return len(lines), digest
