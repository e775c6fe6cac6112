"""The loyalty matrix of the demo chain follows what its simulation says of taste and attitude."""

import os
import shutil
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from regulars.code_version import code_version
from regulars.demo import deliver, simulate, surveys
from regulars.demo.catalogue import SERIES
from regulars.feeds.ingest import find_batches, load_batch
from regulars.settings import load_settings
from regulars.warehouse.connection import connect
from regulars.warehouse.dbt import PROJECT
from regulars.warehouse.sync import committed_batches, sync

EXPECTED = dict(zip(SERIES, ("loyal", "latent", "none", "spurious"), strict=True))
REVERSED = dict(zip(SERIES, ("spurious", "none", "latent", "loyal"), strict=True))


def matrix(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.execute(
            "select series, year, quadrant, attitude, repeat_rate, attitude_n, buyers, reason"
            " from marts.mart_loyalty_matrix order by year, series"
        ).fetchall()


@pytest.fixture(scope="module")
def turned(small_chain, warehouse, tmp_path_factory):
    """The warehouse of the same people with the opposite attitudes, all else alike."""
    settings, _ = small_chain
    home = tmp_path_factory.mktemp("turned")
    without = shutil.ignore_patterns("survey_responses")
    shutil.copytree(settings.lake, home / "lake", ignore=without)
    for part in ("keys", "vault", "warehouse"):
        shutil.copytree(settings.home / part, home / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_HOME", str(home))
        patch.setenv("REGULARS_SETTINGS", str(home / "none.toml"))
        patch.setenv("REGULARS_SETTLE_SECONDS", "0")
        opposite = {series: shares[::-1] for series, shares in surveys.ATTITUDE.items()}
        patch.setattr(surveys, "ATTITUDE", opposite)
        copy = load_settings()
        deliver(simulate(scale=0.05), copy.landing)
        for batch in find_batches(["survey_responses"], None, date(2014, 12, 31)):
            load_batch(batch)
    with connect(copy) as connection:
        sync(connection, copy, committed_batches(copy.lake), code_version())
    folder = home / "dbt"
    copy = copy.warehouse
    run = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "run", "--quiet"),
            *("--project-dir", PROJECT, "--profiles-dir", PROJECT),
            *("--target-path", folder / "target", "--log-path", folder / "logs"),
            *("--select", "int_surveys__answers_scored+,+mart_loyalty_matrix"),
            *("int_surveys__answers_scored+,+fct_alerts",),
        ],
        env=os.environ | {"REGULARS_WAREHOUSE": str(copy), "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    return copy


@pytest.mark.requirement("LOY-01", "LOY-02")
def test_each_series_stands_where_the_plan_has_it_with_n_and_reasons(warehouse, small_chain):
    truth = small_chain[1].truth
    placed = matrix(warehouse)
    assert len(placed) == 12
    for series, _, quadrant, attitude, repeat_rate, answers, buyers, reason in placed:
        assert quadrant == EXPECTED[series]
        assert 1 + attitude / 25 == pytest.approx(truth["attitude"][series], abs=0.2)
        assert repeat_rate == pytest.approx(truth["repeat_rates"][series], abs=0.1)
        assert answers == 48
        assert f"({answers} answers)" in reason
        assert f"({buyers} buyers)" in reason


@pytest.mark.requirement("LOY-02", "RISK-03")
def test_as_stated_raises_no_alert(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        shifts = connection.execute(
            "select count(*) from marts.fct_alerts where alert_code = 'MATRIX_SHIFT'"
        ).fetchone()
    assert shifts == (0,)


@pytest.mark.requirement("LOY-01", "LOY-02")
def test_opposite_attitudes_move_every_series_and_say_so(turned):
    assert {(row[0], row[2]) for row in matrix(turned)} == set(REVERSED.items())
    with duckdb.connect(turned, read_only=True) as connection:
        shifts = connection.execute(
            "select entity_id, cast(opened_at as varchar), closed_at from marts.fct_alerts"
            " where alert_code = 'MATRIX_SHIFT' order by 1"
        ).fetchall()
    assert shifts == [(series, "2012-12-31", None) for series in sorted(SERIES)]


@pytest.mark.requirement("LOY-03")
def test_quadrants_of_a_series_add_up_to_its_buyers(warehouse):
    with duckdb.connect(warehouse, read_only=True) as connection:
        wrong = connection.execute(
            "select series, year from marts.mart_loyalty_matrix as matrix"
            " join (select series, year, sum(customers) as customers"
            "  from marts.rpt_loyalty_headcount group by all) using (series, year)"
            " where customers <> buyers"
        ).fetchall()
    assert wrong == []
