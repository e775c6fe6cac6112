"""Which code computed a result: a digest of what decides it."""

import hashlib
from functools import cache

from regulars.settings import PROJECT_ROOT

_DECIDES = ("dbt_project", "expectations", "plugins/regulars")
_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".md"}
_SKIPPED = {"target", "logs", "__pycache__"}


@cache
def code_version() -> str:
    """The first 12 hex digits of a hash over models, seeds, suites, contracts and code."""
    return _digest(_DECIDES)


@cache
def rules_version() -> str:
    """The same over the seeds alone: parameters, benchmarks and maps with their dates."""
    return _digest(("dbt_project/seeds",))


def _digest(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            skipped = _SKIPPED.intersection(path.relative_to(PROJECT_ROOT).parts)
            if path.suffix in _SUFFIXES and path.is_file() and not skipped:
                digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
