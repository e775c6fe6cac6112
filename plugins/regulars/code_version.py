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
    digest = hashlib.sha256()
    for folder in _DECIDES:
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            skipped = _SKIPPED.intersection(path.relative_to(PROJECT_ROOT).parts)
            if path.suffix in _SUFFIXES and path.is_file() and not skipped:
                digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
