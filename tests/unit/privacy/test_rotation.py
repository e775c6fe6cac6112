"""A new token key in the middle of a history: every join holds, the former key is of no use."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.errors import RegularsError
from regulars.feeds.contract import load_contract
from regulars.privacy.door import open_door
from regulars.privacy.erasure import Records
from regulars.privacy.keys import load_keys
from regulars.privacy.rotation import rotate_token_key


@pytest.fixture
def load(settings):
    """A function that brings rows to the lake as ingestion does."""

    def bring(feed, rows, name):
        with open_door(settings, load_contract(feed)) as door:
            passed = door.protect(rows).rows
            door.commit(name)
        (settings.lake / feed).mkdir(parents=True, exist_ok=True)
        pq.write_table(passed, settings.lake / feed / f"{name}.parquet")

    return bring


def lake(settings):
    return pa.concat_tables(
        pq.read_table(path) for path in sorted((settings.lake / "customers").glob("*.parquet"))
    ).to_pylist()


def joins(rows, column):
    """Which rows share a value, whatever it is."""
    values = [row[column] for row in rows]
    return [values.index(value) for value in values]


@pytest.mark.requirement("SEC-01")
def test_joins_hold_over_a_rotation_in_the_middle_of_a_history(settings, members, load):
    load("customers", members, "b1")
    before = lake(settings)
    rewritten = rotate_token_key(settings)
    assert [done.path for done in rewritten] == ["lake/customers/b1.parquet"]
    load("customers", members, "b2")
    rows = lake(settings)
    assert all(row["phone"] is None or row["phone"].startswith("ph2_") for row in rows)
    for column in ("name", "phone", "email", "birth_date"):
        assert joins(rows, column) == joins([*before, *before], column)
    own = {"load_id", "file_row"}
    for one, two in zip(rows[:4], rows[4:], strict=True):
        assert {k: v for k, v in one.items() if k not in own} == {
            k: v for k, v in two.items() if k not in own
        }
    assert rows[0]["name_keys"] != before[0]["name_keys"]
    assert {r["vault_ref"] for r in rows} == {r["vault_ref"] for r in before}
    ring = load_keys(settings)
    assert ring.version("token") == 2
    with pytest.raises(RegularsError, match="no token key of version 1"):
        ring.key("token", 1)


def test_a_rotation_adds_keys_that_files_of_a_former_release_lack(settings, members, load):
    load("customers", members, "b1")
    (path,) = (settings.lake / "customers").glob("*.parquet")
    whole = pq.read_table(path)
    pq.write_table(whole.drop_columns("address_keys"), path)
    rotate_token_key(settings)
    keys = pq.read_table(path)["address_keys"].to_pylist()
    assert [key is None for key in keys] == [
        key is None for key in whole["address_keys"].to_pylist()
    ]
    assert any(keys)


@pytest.mark.requirement("SEC-06")
def test_who_was_erased_stays_out_after_a_rotation(settings, members, load):
    load("customers", members, "b1")
    Records(settings).erase("M1")
    rotate_token_key(settings)
    load("customers", members, "b2")
    assert [row["customer_id"] for row in lake(settings)] == ["M3", "M4", "M3", "M4"]


def test_a_lake_that_the_vault_does_not_cover_keeps_its_key(settings, members, load, vault):
    load("customers", members, "b1")
    with vault.alone():
        vault.destroy(["customer_id:M3"])
    kept = (settings.lake / "customers" / "b1.parquet").read_bytes()
    with pytest.raises(RegularsError, match="lacks 1 values"):
        rotate_token_key(settings)
    assert (settings.lake / "customers" / "b1.parquet").read_bytes() == kept
    assert load_keys(settings).version("token") == 1


def test_a_rotation_that_was_cut_off_is_run_again_before_the_next_load(
    settings, members, load, monkeypatch
):
    from regulars.privacy import rotation

    load("customers", members, "b1")
    with monkeypatch.context() as cut:
        cut.setattr(rotation, "_made_again", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotate_token_key(settings)
    with pytest.raises(RegularsError, match="cut off"):
        load("customers", members, "b2")
    rotate_token_key(settings)
    load("customers", members, "b2")
    assert {row["phone"][:4] for row in lake(settings) if row["phone"]} == {"ph3_"}
