"""Opening the warehouse, one writer at a time."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from regulars.errors import RegularsError
from regulars.settings import Settings

log = logging.getLogger(__name__)


def connect(settings: Settings, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse file within the limits of the settings; nothing comes from the network.

    Raises:
        RegularsError: another program holds the file, or a reader asks before the first build.
    """
    path = settings.warehouse
    if read_only and not path.exists():
        raise RegularsError(f"there is no warehouse yet at {path}; run a build first")
    path.parent.mkdir(parents=True, exist_ok=True)
    config = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "temp_directory": str(path.parent / "tmp"),
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
    }
    try:
        connection = duckdb.connect(path, read_only=read_only, config=config)
    except duckdb.IOException as error:
        raise RegularsError(
            f"the warehouse {path} cannot be opened. If another program has it open, close it there"
            f" and read {settings.published / 'current'} instead. DuckDB says: {error}"
        ) from error
    connection.execute("set TimeZone = 'UTC'")
    return connection


@contextmanager
def exclusive(lock: Path, purpose: str) -> Iterator[None]:
    """Hold ``lock`` while the block runs; wait, and say for whom, if another process holds it.

    The kernel frees the lock when its process ends, however it ends. Not reentrant.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            log.info("%s waits for %s", purpose, holder)
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(f"{purpose} (pid {os.getpid()})")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def build_lock(settings: Settings, purpose: str) -> AbstractContextManager[None]:
    """The one lock of everything that writes the warehouse file."""
    return exclusive(settings.warehouse.parent / "build.lock", purpose)
