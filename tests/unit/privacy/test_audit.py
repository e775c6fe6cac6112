"""The security audit, with a program in uv's place that answers as it does."""

import json
import sys
from datetime import date, timedelta

import pytest

from regulars.errors import RegularsError
from regulars.privacy import audit
from regulars.privacy.audit import run_audit

FAKE = """#!{python}
import json, sys
from pathlib import Path
here = Path(__file__).parent
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
answers = json.loads((here / "answers.json").read_text())
if sys.argv[1] == "export":
    Path(sys.argv[-1]).write_text('{{"components": [1, 2, 3]}}')
out, err, code = answers.get(sys.argv[1], ["", "", 0])
if sys.argv[1] == "audit" and "GHSA-1" in sys.argv:
    out, err, code = "", "Found no known vulnerabilities", 0
print(out)
print(err, file=sys.stderr)
sys.exit(code)
"""
CLEAN = {
    "tool": [json.dumps({"results": {}}), "", 0],
    "audit": ["", "Found no known vulnerabilities and no adverse project statuses", 0],
}
LEAK = {"results": {"a.py": [{"line_number": 3, "type": "AWS Access Key"}]}}
HOLE = ["jinja2 3.1.6 has 1 known vulnerability:\n- GHSA-1: bad", "Found 1 known vulnerability", 1]


@pytest.fixture
def uv(tmp_path, monkeypatch):
    program = tmp_path / "uv"
    program.write_text(FAKE.format(python=sys.executable))
    program.chmod(0o700)
    monkeypatch.setattr(audit, "BILL", tmp_path / "sbom.json")
    monkeypatch.setattr(audit, "ACCEPTED", tmp_path / "accepted.csv")
    accept(tmp_path)

    def answer(**answers):
        (tmp_path / "answers.json").write_text(json.dumps(CLEAN | answers))
        return program

    return answer


def accept(folder, *rows):
    lines = ["id,package,reason,owner,accepted_date,expires_date", *rows]
    (folder / "accepted.csv").write_text("\n".join(lines) + "\n")


def audited(settings, program, **options):
    told: list[str] = []
    code = run_audit(settings, program, told.append, **options)
    return code, "\n".join(told)


@pytest.mark.requirement("SEC-03")
def test_a_clean_audit_is_noted(settings, uv):
    settings.home.mkdir(parents=True, exist_ok=True)
    code, told = audited(settings, uv())
    assert code == 0
    assert "3 packages" in told
    assert "Found no known vulnerabilities" in told
    (entry,) = map(json.loads, settings.access_log.read_text().splitlines())
    assert (entry["action"], entry["rows_given"]) == ("audit", 0)


@pytest.mark.requirement("SEC-03")
def test_vulnerabilities_and_secrets_are_found(settings, uv):
    code, told = audited(settings, uv(audit=HOLE))
    assert code == 1
    assert "jinja2 3.1.6 has 1 known vulnerability" in told
    code, told = audited(settings, uv(tool=[json.dumps(LEAK), "", 0]))
    assert code == 1
    assert "secret? a.py, line 3: AWS Access Key" in told


@pytest.mark.requirement("SEC-03")
def test_a_finding_is_accepted_until_its_day(settings, uv, tmp_path):
    today = settings.today()
    row = "GHSA-1,jinja2,templates are ours,HQ-05,2026-11-01,{}"
    accept(tmp_path, row.format(today))
    assert audited(settings, uv(audit=HOLE))[0] == 0
    accept(tmp_path, row.format(today - timedelta(days=1)))
    code, told = audited(settings, uv(audit=HOLE))
    assert code == 1
    assert "only: GHSA-1 (HQ-05)" in told
    accept(tmp_path, "GHSA-1,jinja2,,HQ-05,2026-11-01,2999-01-01")
    with pytest.raises(RegularsError, match="GHSA-1 needs a reason"):
        audited(settings, uv())


def test_what_could_not_be_tried_is_no_success(settings, uv):
    with pytest.raises(RegularsError, match="could not be looked up: no such host"):
        audited(settings, uv(audit=["", "retrying\nno such host", 2]))
    with pytest.raises(RegularsError, match="could not be looked up"):
        audited(settings, uv(audit=["", "no such host", 1]))
    with pytest.raises(RegularsError, match="no secret scan: gone"):
        audited(settings, uv(tool=["", "gone", 1]))
    code, told = audited(settings, uv(audit=HOLE), is_offline=True)
    assert code == 0
    assert "NOT TRIED" in told
    # A half audit is none.
    assert not settings.access_log.exists()


def test_accepted_findings_are_dated_and_owned():
    _, accepted = audit._accepted(date(2026, 11, 22))
    assert all(date.fromisoformat(row["expires_date"]) for row in accepted)
