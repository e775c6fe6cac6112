"""The warehouse and its version from nothing but the lake."""

import shutil

from regulars.errors import RegularsError
from regulars.settings import load_settings
from regulars.store import store_of
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import build_lock
from regulars.warehouse.publish import drop_former_versions, publish_version
from regulars.warehouse.quality import judge_marts


def rebuild_from_lake() -> None:
    """Delete the warehouse, build, judge and publish it anew; delete former versions and history.

    For when rows of the lake were rewritten: what an erasure removed must not live on in a version
    or in the free pages of a database file. Readers keep the former version until the new one is
    there.

    Raises:
        RegularsError: the build or the gate failed, and the former version stays; or the copy in
            PostgreSQL could not be replaced, which still holds what was removed.
    """
    settings = load_settings()
    if store := store_of(settings):
        store.push_rewritten()
    with build_lock(settings, "rebuild_from_lake"):
        for name in ("", ".wal"):
            settings.warehouse.with_name(settings.warehouse.name + name).unlink(missing_ok=True)
    build_warehouse(full_refresh=True)
    judge_marts()
    published = publish_version()
    drop_former_versions()
    shutil.rmtree(settings.history, ignore_errors=True)
    if "copy_error" in published:
        raise RegularsError(
            f"PostgreSQL still holds what was removed from the lake: {published['copy_error']}"
        )
