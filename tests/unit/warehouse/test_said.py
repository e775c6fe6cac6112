"""What each version said is kept, and what cannot be split is refused."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from regulars.code_version import code_version
from regulars.errors import RegularsError
from regulars.warehouse import history, restate, state
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.history import build_history
from regulars.warehouse.publish import drop_former_versions, publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.restate import split_restatements
from regulars.warehouse.said import Edition, editions


@pytest.fixture
def night(lake, suites, make_marts):
    """Deliver, build and publish; the figure is 19.5 in the first version, then 20.5."""

    def run(number: int, day: str) -> str:
        make_marts("" if number == 1 else "update marts.rpt_figures_told set figure_value = 20.5;")
        lake.deliver(number, day=day)
        build_warehouse()
        judge_marts(suites)
        return publish_version()["version"]

    return run


def said(settings) -> list[tuple]:
    with connect(settings, read_only=True) as connection:
        return connection.execute(
            "select version, figure, figure_value, as_of from raw.figures_said order by all"
        ).fetchall()


def test_what_a_version_said_outlives_it_and_the_warehouse(settings, night):
    assert night(1, "2014-12-30") == "000001"
    first = ("000001", "net_sales", Decimal("19.5"), date(2014, 12, 30))
    kept = (settings.said / "000001.parquet").read_bytes()
    assert said(settings) == []
    assert night(2, "2014-12-31") == "000002"
    assert said(settings) == [first]
    assert drop_former_versions() == 1
    shutil.rmtree(settings.warehouse.parent)
    build_warehouse()
    assert said(settings) == [first, ("000002", "net_sales", Decimal("20.5"), date(2014, 12, 31))]
    assert (settings.said / "000001.parquet").read_bytes() == kept
    assert [(one.version, one.as_of) for one in editions(settings).values()] == [
        ("000001", date(2014, 12, 30)),
        ("000002", date(2014, 12, 31)),
    ]


def test_the_marts_as_they_stood_know_what_had_been_said_by_then(
    settings, night, suites, monkeypatch
):
    monkeypatch.setattr(history, "judge_marts", lambda: judge_marts(suites))
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    known_at = next(iter(editions(settings).values())).known_at
    for as_of, known in (
        (date(2014, 12, 31), {"000001", "000002"}),
        (date(2014, 12, 30), {"000001"}),
    ):
        build_history(as_of)
        assert {path.stem for path in (settings.history / str(as_of) / "said").iterdir()} == known
    history._say_again(settings, settings.history / "earlier", date(2014, 12, 31), known_at)
    assert not (settings.history / "earlier").exists()
    assert sorted(editions(settings)) == ["000001", "000002"]


def test_what_cannot_be_split_is_refused(settings, night, monkeypatch):
    night(1, "2014-12-30")
    with pytest.raises(RegularsError, match="000001 is the first one"):
        split_restatements()
    with pytest.raises(RegularsError, match="no version 7 was published; there are 000001"):
        split_restatements("7")
    night(2, "2014-12-31")
    for module in (restate, state):
        monkeypatch.setattr(module, "code_version", lambda: "other")
    with pytest.raises(RegularsError, match="000002 was made by other rules than those of today"):
        split_restatements("2")


def test_other_code_that_published_nothing_new_may_split(settings, night):
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    edition = editions(settings)["000002"]
    assert restate._is_of_todays_rules(settings, edition)
    assert restate._is_of_todays_rules(settings, replace(edition, code="former"))
    assert not restate._is_of_todays_rules(
        settings, replace(edition, code="former", version="000001")
    )


def test_where_nothing_is_told_differently_nothing_is_built(settings, night):
    night(1, "2014-12-30")
    night(2, "2014-12-31")
    shutil.copyfile(settings.said / "000001.parquet", settings.said / "000002.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            restate,
            "editions",
            lambda _: {
                name: Edition(name, date(2014, 12, 31), datetime(2015, 1, 1), code_version())
                for name in ("000001", "000002")
            },
        )
        found = split_restatements("2")
    assert found == {"before": "000001", "after": "000002", "restated": 0}
    assert not settings.history.exists()
