"""From requirement to check to result: which ids of the catalogue are proved, by what."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from regulars.settings import PROJECT_ROOT

CATALOGUE = PROJECT_ROOT / "docs" / "requirements.md"
# An item is a heading or the first cell of a table row; OP-.. are open points, not items.
_ITEM = re.compile(r"^(?:### |\| )((?!OP-)[A-Z0-9]+-\d{2}) ", re.MULTILINE)


def requirement_ids() -> list[str]:
    """The ids of the catalogue in its order."""
    return list(dict.fromkeys(_ITEM.findall(CATALOGUE.read_text("utf-8"))))


def trace_lines(checks: Iterable[dict[str, str]], ids: Iterable[str]) -> Iterator[str]:
    """Lines ``id, check, passed|failed|missing``, tab-separated, and the sum at the end.

    An id passes when it has a check and all its checks passed.
    """
    by_id: dict[str, dict[str, str]] = defaultdict(dict)
    for check in checks:
        by_id[check["id"]][check["check"]] = check["result"]
    passing = total = 0
    for identifier in ids:
        total += 1
        found = by_id.pop(identifier, {})
        passing += bool(found) and set(found.values()) == {"passed"}
        for name in sorted(found):
            yield f"{identifier}\t{name}\t{found[name]}"
        if not found:
            yield f"{identifier}\t\tmissing"
    for identifier in sorted(by_id):
        yield f"{identifier}\tis not in {CATALOGUE.name}\tfailed"
    yield f"{passing} of {total} pass"


def run_trace(say: Callable[[str], None]) -> int:
    """Run the test suite and print the trace; 1 if a check failed."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "trace.json"
        log = Path(folder) / "tests.log"
        with log.open("wb") as output:
            tests = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-n", "logical"],
                cwd=PROJECT_ROOT,
                env=os.environ | {"REGULARS_TRACE": str(result)},
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        for line in trace_lines(json.loads(result.read_text()), requirement_ids()):
            say(line)
        if tests.returncode:
            print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
        return int(tests.returncode != 0)
