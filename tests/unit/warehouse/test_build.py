"""When the warehouse is built, and when it is left alone."""

import pytest

from regulars.errors import RegularsError
from regulars.warehouse import build, state
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.connection import connect
from regulars.warehouse.publish import publish_version, rollback
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.sync import forget


@pytest.fixture
def deliver(lake):
    return lake.deliver


@pytest.fixture
def night(suites, make_marts):
    """Build, judge and publish as the DAG does."""

    def run(full_refresh=False):
        built = build_warehouse(full_refresh)
        if built["changed"]:
            judge_marts(suites)
            publish_version()
        return built

    return run


def test_nothing_loaded_is_said_so(settings, make_marts):
    with pytest.raises(RegularsError, match="no file has been loaded"):
        build_warehouse()


def test_what_is_published_is_not_built_again(night, deliver, make_marts):
    calls = make_marts()
    deliver(1)
    first = night()
    assert (first["as_of"], first["changed"]) == ("2014-12-30", True)
    assert night()["changed"] is False
    assert len(calls) == 1
    deliver(2, day="2014-12-31")
    assert (night()["as_of"], len(calls)) == ("2014-12-31", 2)


def test_a_build_that_was_not_published_is_done_again(deliver, make_marts, suites):
    calls = make_marts()
    deliver(1)
    assert build_warehouse()["changed"]
    assert build_warehouse()["changed"]
    judge_marts(suites)
    assert build_warehouse()["changed"]
    assert len(calls) == 3


def test_a_deleted_publication_is_published_again(settings, night, deliver):
    deliver(1)
    night()
    (settings.published / "current").unlink()
    assert night()["changed"]
    assert (settings.published / "current").exists()


def test_a_rollback_holds_until_something_new_arrives(night, deliver):
    deliver(1)
    night()
    deliver(2, day="2014-12-31")
    night()
    assert rollback()["version"] == "000001"
    assert night()["changed"] is False
    assert publish_version()["version"] == "000001"
    deliver(3, day="2015-01-01")
    assert night()["changed"]
    assert publish_version()["version"] == "000003"


def test_a_build_starts_from_scratch_when_it_must(
    night, deliver, make_marts, settings, monkeypatch
):
    calls = make_marts()
    deliver(1)
    night()
    deliver(2)
    night()
    night(full_refresh=True)
    assert calls == [True, False, True]

    def fail(settings, full_refresh):
        raise RegularsError("dbt build: 1 of 2 nodes failed")

    deliver(3)
    monkeypatch.setattr(build, "run_dbt", fail)
    with pytest.raises(RegularsError, match="nodes failed"):
        night()
    make_marts()
    night()
    assert calls[3:] == [True]  # after a build that did not end

    monkeypatch.setattr(state, "code_version", lambda: "other")
    assert night()["changed"]
    assert calls[4:] == [True]  # with other code
    monkeypatch.setenv("REGULARS_CURRENCY", "TWD")
    night()
    assert calls[5:] == [True]  # with other settings

    with connect(settings) as connection:
        assert connection.execute("select valid_from::varchar from raw.built").fetchall() == [
            ("2014-12-30",)
        ]
        forget(connection)
    deliver(4)
    night()
    deliver(5)
    night()
    assert calls[6:] == [True, False]  # where it cannot tell what changed
