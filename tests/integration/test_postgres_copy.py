"""The copy of the marts in a real PostgreSQL, which this module starts on the loopback."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from regulars.errors import RegularsError
from regulars.feeds.sql import identifier, literal
from regulars.settings import PROJECT_ROOT
from regulars.warehouse import postgres, publish
from regulars.warehouse.postgres import copy_version

PASSWORD = secrets.token_hex(16)
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
PAGE = (PROJECT_ROOT / "docs" / "connect.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A fresh server, its data in a folder of its own, run by a user that is not root; its URL."""
    if not SERVERS:
        pytest.skip("NO POSTGRESQL SERVER: `make postgres` installs one; the copy is NOT TESTED")
    programs = SERVERS[-1].parent
    # PostgreSQL refuses root; Debian's package brings a user of its own.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="regulars-postgres-"))
    (folder / "password").write_text(PASSWORD)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if user:
        shutil.chown(folder, user)
        shutil.chown(folder / "password", user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, *arguments],
            cwd=folder,
            user=user,
            extra_groups=[] if user else None,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    data, log = str(folder / "data"), str(folder / "log")
    try:
        run(
            *("initdb", "-D", data, "-U", "regulars", "-E", "UTF8", "--locale=C.UTF-8"),
            *("-A", "scram-sha-256", "--pwfile", str(folder / "password"), "--no-sync"),
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off"
        options += f" -c unix_socket_directories={folder}"
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://regulars@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def url(server: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server's database without a copy; the password comes from the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with psycopg.connect(server) as connection:
        connection.execute("drop schema if exists marts cascade")
    monkeypatch.setenv("REGULARS_POSTGRES_URL", server)
    return server


@pytest.fixture
def make_version(publish_made_up: Callable[[str], dict]) -> Callable[..., dict]:
    """Publish a version of two tables whose rows all carry a number; further SQL may follow."""

    def run(number: int, more: str = "") -> dict:
        return publish_made_up(f"""
            create or replace table marts.fct_lines as
            select {number} as version, i as line from range(5000) as lines(i);
            create or replace table marts.mart_totals as
            select version, count(*) as lines from marts.fct_lines group by version;
            {more}
        """)

    return run


def ask(url: str, sql: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


VALUES = """
    create or replace table marts.mart_values as
    select * from (values
        (1, '豆花 "甜"', true, 12.50::decimal(18,2), 0.1::double, date '2014-02-28',
            timestamp '2014-12-31 23:59:59.123456', 9007199254740993::bigint),
        (2, '', false, -0.01, 'nan', date '0001-01-01', timestamp '2014-01-01', -1),
        (3, null, null, null, null, null, null, null),
        (4, E'a,b\\n"c"\\t\\\\N', true, 0, 1e300, date '9999-12-31', timestamp '1970-01-01', 0),
        (5, 'nul' || chr(0) || 'byte', true, 0, 'infinity', null, null, 0),
        (6, 'NULL', true, 0, 1.0000000000000002, null, null, 0),
        (7, '\\.', true, 0, -0.0, null, null, 0)
    ) as t(n, words, is_it, money, share, day, moment, big);
    comment on table marts.mart_values is 'One row per kind; it''s a test.';
    comment on column marts.mart_values.money is 'CNY';
"""


@pytest.mark.requirement("DQ-04")
def test_every_value_arrives_as_it_is(url: str, make_version) -> None:
    assert "copy_error" not in make_version(1, VALUES)
    with duckdb.connect(publish.current() / "regulars.duckdb", read_only=True) as marts:
        expected = marts.execute("from mart_values order by n").fetchall()
    found = ask(url, "select * from marts.mart_values order by n")
    assert repr(found) == repr(
        [(n, words and words.replace("\0", ""), *rest) for n, words, *rest in expected]
    )
    types = dict(
        ask(
            url,
            "select attname, format_type(atttypid, atttypmod) from pg_attribute"
            " where attrelid = 'marts.mart_values'::regclass and attnum > 0",
        )
    )
    assert types["money"] == "numeric(18,2)"
    assert types["words"] == "text"
    said = "select obj_description('marts.mart_values'::regclass), col_description("
    said += "'marts.mart_values'::regclass, 4)"
    assert ask(url, said) == [("One row per kind; it's a test.", "CNY")]
    assert ask(url, "select version, as_of::text, verdict from marts.copied_version") == [
        ("000001", "2014-12-31", "pass")
    ]


@pytest.mark.requirement("DQ-04")
def test_who_reads_sees_the_old_copy_or_the_new_one(url: str, make_version) -> None:
    """In one query, and in a transaction of many; nobody waits for a copy."""
    make_version(0)
    over, wrong, seen = threading.Event(), [], set()
    question = """
        select min(l.version), max(l.version), count(*), min(t.version), min(t.lines),
            (select version::int - 1 from marts.copied_version)
        from marts.fct_lines as l cross join marts.mart_totals as t
    """

    def read(level: psycopg.IsolationLevel) -> None:
        try:
            with psycopg.connect(url) as connection:
                connection.isolation_level = level
                # A copy may take its time; a reader never waits for it.
                connection.execute("set lock_timeout = '100ms'")
                connection.commit()
                while not over.is_set():
                    answers = [connection.execute(question).fetchone() for _ in range(3)]
                    connection.commit()
                    for low, high, count, total, lines, version in answers:
                        assert low == high == total == version
                        assert count == lines == 5000
                        seen.add(low)
                    if level == psycopg.IsolationLevel.REPEATABLE_READ:
                        assert len(set(answers)) == 1
        except Exception as error:
            wrong.append(repr(error))

    levels = (psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ)
    readers = [threading.Thread(target=read, args=(level,)) for level in levels * 4]
    for reader in readers:
        reader.start()
    # One who never ends his transaction holds up no copy either.
    with psycopg.connect(url) as slow:
        slow.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        first = slow.execute(question).fetchone()
        for number in range(1, 6):
            assert "copy_error" not in make_version(number)
        assert slow.execute(question).fetchone() == first
    over.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(seen) > 1
    assert ask(url, question)[0][0] == 5


@pytest.mark.requirement("DQ-04")
def test_a_copy_that_fails_leaves_the_old_one_and_the_publication(
    url: str, make_version, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_version(1)
    fill, filled = postgres._fill, []

    def fill_one(*arguments) -> int:
        if filled:
            raise psycopg.OperationalError("the line went dead")
        filled.append(arguments)
        return fill(*arguments)

    with monkeypatch.context() as broken:
        broken.setattr(postgres, "_fill", fill_one)
        published = make_version(2)
    assert filled
    assert published["new"]
    assert published["version"] == publish.current().name == "000002"
    assert "line went dead" in published["copy_error"]
    assert "000002 was not copied to PostgreSQL, the copy before it stays" in caplog.text
    totals = "select version, (select version from marts.copied_version) from marts.mart_totals"
    assert ask(url, totals) == [(1, "000001")]
    # Rows that got lost on the way are found.
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "_fill", lambda *arguments: fill(*arguments) - 1)
        with pytest.raises(RegularsError, match=r"of \d+ rows arrived"):
            copy_version(publish.current(), url)
    assert ask(url, totals) == [(1, "000001")]
    # The next publication, also one of nothing new, mends it.
    assert "copy_error" not in publish.publish_version()
    assert ask(url, totals) == [(2, "000002")]
    assert copy_version(publish.current(), url) == 0
    publish.rollback()
    assert ask(url, totals) == [(1, "000001")]


def test_a_server_that_is_not_there_is_said_so(url: str, make_version, monkeypatch) -> None:
    monkeypatch.setenv("REGULARS_POSTGRES_URL", "postgresql://regulars:secret@127.0.0.1:1/postgres")
    published = make_version(1)
    assert published["new"]
    assert "was not copied" in published["copy_error"]
    assert "secret" not in published["copy_error"]


def test_tables_follow_the_marts_and_keep_their_readers(url: str, make_version) -> None:
    make_version(1, "create or replace table marts.mart_gone as select 1 as n;")
    with psycopg.connect(url) as connection:
        connection.execute("drop role if exists bi")
        connection.execute("create role bi login")
        connection.execute("grant usage on schema marts to bi")
        connection.execute("grant select on marts.mart_totals, marts.fct_lines to bi")
        connection.execute("create view public.totals as select lines from marts.mart_totals")
    changed = "alter table marts.fct_lines add column note varchar; drop table marts.mart_gone;"
    assert "copy_error" not in make_version(2, changed)
    assert ask(url, "select version, note from marts.fct_lines limit 1") == [(2, None)]
    assert ask(url, "select to_regclass('marts.mart_gone')") == [(None,)]
    assert ask(url, "select lines from public.totals") == [(5000,)]
    for table in ("mart_totals", "fct_lines"):
        right = f"select has_table_privilege('bi', 'marts.{table}', 'select')"
        assert ask(url, right) == [(True,)]
    assert ask(url, "select has_table_privilege('bi', 'marts.dq_results', 'select')") == [(False,)]


@pytest.mark.requirement("DQ-04")
def test_all_marts_of_a_chain_are_copied(
    url: str, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "000001"
    folder.mkdir()
    with duckdb.connect(folder / "regulars.duckdb") as version:
        version.execute(f"attach {literal(str(warehouse))} as work (read_only)")
        tables = version.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = 'work' and table_schema = 'marts'"
            " and table_type = 'BASE TABLE'"
        ).fetchall()
        rows = {}
        for (name,) in tables:
            version.execute(f"create table {name} as from work.marts.{identifier(name)}")
            (rows[name],) = version.execute(f"select count(*) from {name}").fetchone()
    described = {
        **{"version": "000001", "as_of": "2014-12-31", "verdict": "pass", "coverage_pct": 0.6},
        **{"content_hash": "c", "tables": {name: {"rows": n} for name, n in rows.items()}},
    }
    (folder / "version.json").write_text(json.dumps(described))
    began = time.monotonic()
    assert copy_version(folder, url) == sum(rows.values()) > 0
    print(f"{sum(rows.values()):,} rows in {time.monotonic() - began:.1f} s")
    with duckdb.connect(folder / "regulars.duckdb", read_only=True) as version:
        for table, sums in {
            "fct_sales": "count(*), sum(net_amount_chain), max(business_date)",
            "mart_customer_360": "count(*), count(distinct customer_id), max(as_of)",
        }.items():
            expected = version.execute(f"select {sums} from {table}").fetchall()
            assert ask(url, f"select {sums} from marts.{table}") == expected
    # What the page for readers shows.
    (snippet,) = [
        one for one in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL) if "copied_version" in one
    ]
    answers = []
    with psycopg.connect(url) as connection:
        connection.execute("drop role if exists bi")
        for statement in filter(str.strip, snippet.split(";")):
            cursor = connection.execute(statement)
            answers += cursor.fetchall() if cursor.description else []
    assert answers
