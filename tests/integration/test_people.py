"""People's data over the life of a home: nowhere in the clear, and erased without loss."""

import os
import random
import shutil

import duckdb
import pytest

from regulars.feeds.contract import FEEDS
from regulars.feeds.landed import settle_landed
from regulars.privacy.erasure import Records
from regulars.privacy.search import Needles, search
from regulars.settings import Settings, load_settings
from regulars.warehouse.build import build_warehouse
from regulars.warehouse.publish import publish_version
from regulars.warehouse.quality import judge_marts
from regulars.warehouse.rebuild import rebuild_from_lake

# Each erasure ends with a search through the whole home; REGULARS_ERASED=20 takes minutes.
ERASED = int(os.environ.get("REGULARS_ERASED", "4"))
SOUGHT = 12
CHANCE = random.Random(20141231)  # noqa: S311


@pytest.fixture(scope="module")
def home(small_chain, tmp_path_factory) -> Settings:
    """A copy of the small chain's home: loaded, landed files sealed, built and published."""
    settings, _ = small_chain
    folder = tmp_path_factory.mktemp("people") / "home"
    for part in ("landing", "lake", "keys", "vault"):
        shutil.copytree(settings.home / part, folder / part)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REGULARS_HOME", str(folder))
        environment.setenv("REGULARS_SETTINGS", str(folder / "none.toml"))
        environment.setenv("REGULARS_SETTLE_SECONDS", "0")
        yield load_settings()


def people(settings: Settings) -> dict[str, list[str]]:
    """Phones and mails of some members as they were delivered."""
    files = f"'{settings.landing}/customers/*/*.csv*'"
    rows = duckdb.sql(
        "select list(distinct phone) filter (phone is not null) as phone,"
        " list(distinct email) filter (email is not null) as email"
        f" from read_csv({files}, all_varchar = true, union_by_name = true)"
    ).fetchone()
    sought = [CHANCE.sample(sorted(values), SOUGHT) for values in rows]
    return dict(zip(("phone", "email"), sought, strict=True))


def hits(settings: Settings, contacts: dict[str, list[str]]) -> list[str]:
    records = Records(settings)
    needles = Needles([], contacts, settings.phone_region)
    return sorted({hit.path for hit in search(settings.home, needles, records.archive)[0]})


def published(settings: Settings, query: str) -> list[tuple]:
    path = settings.published / "current" / "regulars.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.slow
@pytest.mark.requirement("SEC-01", "SEC-06")
def test_nobody_lies_in_the_clear_and_erasing_keeps_everyone_elses_sales(home):
    contacts = people(home)
    # The search can find: before they are sealed, the landed files hold everybody.
    assert {path.split("/")[0] for path in hits(home, contacts)} == {"landing"}
    settle_landed(FEEDS)
    build_warehouse()
    judge_marts()
    publish_version()
    # What is sealed is opened by the search, and holds them.
    assert {path.split("/")[0] for path in hits(home, contacts)} == {"archive"}

    money = "select sum(net_amount), count(*) from fct_sales"
    sold = published(home, money)
    members = published(home, "select customer_id from dim_customer where is_known order by all")
    records = Records(home)
    reports = [records.report(member) for (member,) in CHANCE.sample(members, ERASED)]
    assert all(report["told_us"] for report in reports)
    ids = sorted({number for report in reports for number in report["ids"]})
    listed = ", ".join(map(repr, ids))
    others = f"select * from fct_sales where customer_id not in ({listed}) order by all"
    kept = published(home, others)
    assert kept
    for report in reports:
        certificate = records.erase(report["ids"][0])
        assert certificate["removed"]
    rebuild_from_lake()
    assert published(home, money) == sold
    assert published(home, others) == kept
