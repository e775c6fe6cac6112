"""Where pages lie, and under which address Airflow shows them."""

import hashlib
import re
from pathlib import Path

from regulars.settings import PROJECT_ROOT, Settings

# Below the address of Airflow's own pages.
MOUNT = "/regulars"
_OTHER = re.compile(r"[^A-Za-z0-9-]+")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_VERSION = re.compile(r"[0-9]{1,12}")
_RUNBOOK = re.compile(r"[A-Za-z0-9_]{1,100}\.md")
_DASHBOARD = re.compile(r"[a-z][a-z0-9.-]{0,99}\.(html|js)")


def page_name(run_id: str) -> str:
    """The name of a run's page, without ending; other runs have other names."""
    digest = hashlib.sha256(run_id.encode()).hexdigest()[:8]
    return f"{_OTHER.sub('_', run_id)[:120]}-{digest}"


def page_path(settings: Settings, name: str) -> Path | None:
    """Where the page of that name lies; None for what is no name or was not written."""
    if not _NAME.fullmatch(name):
        return None
    path = settings.verdicts / f"{name}.html"
    return path if path.is_file() and not path.is_symlink() else None


def dashboard_path(settings: Settings, version: str, name: str) -> Path | None:
    """A file of the dashboards of a version, "current" included; None for what is none."""
    if not _DASHBOARD.fullmatch(name):
        return None
    return _of_version(settings, version, f"dashboards/{name}")


def version_path(settings: Settings, version: str) -> Path | None:
    """What a version says of itself, "current" included; None for what is none."""
    return _of_version(settings, version, "version.json")


def runbook_path(name: str) -> Path | None:
    """The runbook of that name; None for what is none."""
    path = PROJECT_ROOT / "docs" / "runbooks" / name
    return path if _RUNBOOK.fullmatch(name) and path.is_file() else None


def _of_version(settings: Settings, version: str, name: str) -> Path | None:
    if version == "current":
        version = (settings.published / "current").resolve().name
    if not _VERSION.fullmatch(version):
        return None
    path = settings.published / "versions" / version / name
    return path if path.is_file() and not path.is_symlink() else None
