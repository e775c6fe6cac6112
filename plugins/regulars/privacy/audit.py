"""The security audit of an installation: known vulnerabilities, bill of materials, secrets.

Everything is run by uv, from the lock: vulnerabilities are looked up at OSV, the bill of materials
is CycloneDX, secrets are sought by detect-secrets in all files under version control. What is
accepted for now stands in ``docs/accepted_findings.csv`` with an owner and the last day of it.
"""

import csv
import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from regulars.errors import RegularsError
from regulars.privacy.access_log import append
from regulars.settings import PROJECT_ROOT, Settings

ACCEPTED = PROJECT_ROOT / "docs" / "accepted_findings.csv"
BILL = PROJECT_ROOT / "sbom.cdx.json"
SCANNER = "detect-secrets==1.5.0"
# Hashes of the locked packages look like nothing else.
NOT_SCANNED = r"^uv\.lock$"


def run_audit(
    settings: Settings, uv: Path, say: Callable[[str], None], is_offline: bool = False
) -> int:
    """Audit, and note in the access log of the home that it was done.

    Args:
        settings: of the home; one that does not exist yet gets no entry.
        uv: the program.
        say: takes what is found, line by line.
        is_offline: leave out what needs the network, and say so; no entry then.

    Returns:
        0 if nothing was found that is not accepted.

    Raises:
        RegularsError: a part could not be tried.
    """
    expired, accepted = _accepted(settings.today())
    for row in expired:
        say(f"accepted until {row['expires_date']} only: {row['id']} ({row['owner']})")
    found = len(expired)

    components = _bill_of_materials(uv)
    say(f"bill of materials: {components} packages in {BILL.name}")

    secrets = _secrets(uv)
    for path, line, kind in secrets:
        say(f"secret? {path}, line {line}: {kind}")
    say(f"secrets: {len(secrets)} found")
    found += len(secrets)

    if is_offline:
        say("known vulnerabilities: NOT TRIED, as it needs the network")
        return 1 if found else 0
    is_clean, report = _vulnerabilities(uv, [row["id"] for row in accepted])
    say(report)
    found += not is_clean
    if settings.home.exists():
        append(settings, "audit", rows_given=found)
    return 1 if found else 0


def _accepted(today: date) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Findings that are accepted no longer, and those that are."""
    with ACCEPTED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    expired, accepted = [], []
    for row in rows:
        if not all(row.values()):
            raise RegularsError(f"{ACCEPTED.name}: {row['id']} needs a reason, an owner and dates")
        over = date.fromisoformat(row["expires_date"]) < today
        (expired if over else accepted).append(row)
    return expired, accepted


def _bill_of_materials(uv: Path) -> int:
    export = ["export", "--quiet", "--locked", "--no-dev", "--format", "cyclonedx1.5"]
    _run(uv, [*export, "--output-file", str(BILL)], "the bill of materials was not written")
    return len(json.loads(BILL.read_text("utf-8"))["components"])


def _secrets(uv: Path) -> list[tuple[str, int, str]]:
    scan = ["detect-secrets", "scan", "--exclude-files", NOT_SCANNED]
    text = _run(uv, ["tool", "run", "--quiet", "--from", SCANNER, *scan], "no secret scan")
    results = json.loads(text)["results"]
    return sorted(
        (path, secret["line_number"], secret["type"])
        for path, secrets in results.items()
        for secret in secrets
    )


def _vulnerabilities(uv: Path, accepted: Sequence[str]) -> tuple[bool, str]:
    ignored = [part for name in accepted for part in ("--ignore", name)]
    done = _call(uv, ["audit", "--locked", "--preview-features", "audit-command", *ignored])
    # 1 are findings; anything else, or an error without a finding, is no answer.
    if done.returncode > 1 or (done.returncode and not done.stdout.strip()):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1].strip()
        raise RegularsError(
            f"known vulnerabilities could not be looked up: {last}; without a network,"
            " `make audit OFFLINE=1` does the rest"
        )
    summary = [line for line in done.stderr.splitlines() if line.startswith("Found ")]
    return done.returncode == 0, "\n".join([done.stdout.strip(), *summary]).strip()


def _run(uv: Path, arguments: Sequence[str], failure: str) -> str:
    done = _call(uv, arguments)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RegularsError(f"{failure}: {last}")
    return done.stdout


def _call(uv: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [uv, *arguments], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
