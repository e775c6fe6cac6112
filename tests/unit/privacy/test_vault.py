"""The vault: one key a person, once however often, and a clear word for every damage."""

import json
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.errors import RegularsError
from regulars.privacy.keys import load_keys, rotate_master_key
from regulars.privacy.vault import Vault

PEOPLE = ["customer_id:M1", "customer_id:M2", "customer_id:M1"]
WORDS = ['{"name":"王小明"}', '{"name":"李静"}', '{"phone":"13812345678"}']


def put(vault, subjects=PEOPLE, contents=WORDS, name="b1", feed="customers"):
    with vault.batch(feed) as batch:
        refs = batch.add(pa.array(subjects, pa.string()), pa.array(contents, pa.string()))
        return refs.to_pylist(), batch.commit(name)


def whole(vault):
    return b"".join(path.read_bytes() for path in vault.files())


@pytest.mark.requirement("SEC-01")
@pytest.mark.requirement("FB-01")
def test_what_is_sealed_is_read_back_byte_for_byte(vault):
    text = 'Zeile 1\r\n"Zitat"\t\\ 😋 \u200b０ \x00 e\u0301'
    content = json.dumps({"verbatim": text}, ensure_ascii=False)
    (ref,), new = put(vault, ["customer_id:M1"], [content])
    assert new == 1
    (row,) = vault.read(["customer_id:M1"]).to_pylist()
    assert row == {
        "feed": "customers",
        "subject": "customer_id:M1",
        "ref": ref,
        "content": content,
    }
    assert json.loads(row["content"])["verbatim"].encode() == text.encode()
    assert vault.read_refs([ref]).to_pylist() == [row]


@pytest.mark.requirement("SEC-01")
def test_files_hold_nothing_in_the_clear(vault):
    put(vault)
    for secret in ("王小明", "李静", "13812345678"):
        assert secret.encode() not in whole(vault)
    assert sorted(p.stat().st_mode & 0o777 for p in vault.files()) == [0o600, 0o600]


def test_one_key_a_person_for_all_feeds_and_batches(vault):
    put(vault)
    put(vault, ["customer_id:M1"], ['{"verbatim":"!"}'], "b2", "complaints")
    keys = [row for p in vault.root.glob("keys/*.parquet") for row in pq.read_table(p).to_pylist()]
    assert sorted(row["subject"] for row in keys) == ["customer_id:M1", "customer_id:M2"]
    assert [row["feed"] for row in vault.read(["customer_id:M1"]).to_pylist()] == [
        "complaints",
        "customers",
        "customers",
    ]


def test_replay_adds_nothing(vault):
    refs, new = put(vault)
    assert new == 3
    before = {p: p.read_bytes() for p in vault.files()}
    assert put(vault, name="again") == (refs, 0)
    assert put(vault) == (refs, 0)
    assert {p: p.read_bytes() for p in vault.files()} == before


def test_refs_tell_persons_feeds_and_contents_apart(vault):
    refs, _ = put(vault, ["a", "b", "a", "a"], ["x", "x", "y", None])
    other, _ = put(vault, ["a"], ["x"], feed="complaints")
    assert refs[3] is None
    assert len({*refs[:3], *other}) == 4


def test_nothing_is_kept_without_a_commit(vault):
    with vault.batch("customers") as batch:
        batch.add(pa.array(PEOPLE), pa.array(WORDS))
    assert vault.files() == []
    assert vault.read(PEOPLE).num_rows == 0


def test_a_crash_between_keys_and_values_is_mended_by_the_next_load(vault, monkeypatch):
    import os

    real, done = os.replace, []

    def power_cut(source, target):
        done.append(target)
        if len(done) == 2:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", power_cut)
    with pytest.raises(KeyboardInterrupt):
        put(vault)
    monkeypatch.setattr(os, "replace", real)
    assert [p.parent.name for p in vault.files()] == ["keys"]
    assert vault.check() == []
    assert put(vault)[1] == 3
    assert vault.read(PEOPLE).num_rows == 3
    assert len(list(vault.root.glob("keys/*.parquet"))) == 1


def test_loads_append_side_by_side(vault, settings):
    ring = load_keys(settings)

    def load(number):
        contents = [f'{{"n":{number}}}', *WORDS]
        put(Vault(settings, ring), ["customer_id:M1", *PEOPLE], contents, f"b{number}")

    threads = [threading.Thread(target=load, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert vault.check() == []
    held = vault.read(["customer_id:M1"])
    assert len(held) == 6 + 2
    assert vault.read(["customer_id:M2"]).num_rows == 1


def test_many_small_files_become_one(vault):
    for number in range(4):
        put(vault, [f"customer_id:M{number}"], [f"{number}"], f"b{number}")
    everybody = [f"customer_id:M{number}" for number in range(4)]
    held = vault.read(everybody)
    assert vault.compact(above=4) == 0
    assert vault.compact(above=3) == 8
    assert len(vault.files()) == 2
    assert vault.read(everybody) == held
    assert vault.check() == []
    assert put(vault, ["customer_id:M1"], ["1"])[1] == 0


@pytest.mark.requirement("SEC-06")
def test_destroying_a_person_takes_keys_and_values_and_nothing_else(vault):
    put(vault)
    put(vault, ["customer_id:M1", "customer_id:M3"], ["1", "3"], "b2", "complaints")
    others = vault.read(["customer_id:M2", "customer_id:M3"])
    with vault.alone():
        done = vault.destroy(["customer_id:M1"])
    assert sum(d.rows_removed for d in done) == 1 + 2 + 1
    assert all(d.before != d.after for d in done)
    assert vault.read(["customer_id:M1"]).num_rows == 0
    assert vault.read(["customer_id:M2", "customer_id:M3"]) == others
    assert b"customer_id:M1" not in whole(vault)
    assert vault.check() == []
    with vault.alone():
        assert vault.destroy(["customer_id:M1"]) == []


def test_the_last_person_of_a_file_takes_the_file_along(vault):
    put(vault, ["customer_id:M1"], ["x"])
    with vault.alone():
        done = vault.destroy(["customer_id:M1"])
    assert [d.after for d in done] == [None, None]
    assert vault.files() == []


def test_single_values_can_be_destroyed(vault):
    (first, *_), _ = put(vault)
    with vault.alone():
        (done,) = vault.destroy_refs([first])
    assert done.rows_removed == 1
    assert vault.read(["customer_id:M1"]).num_rows == 1
    assert vault.missing("customers", [first, "x"]) == [first, "x"]


def changed(path, column, value, row=0):
    table = pq.read_table(path)
    values = table[column].to_pylist()
    values[row] = value(values)
    place = table.column_names.index(column)
    kind = table.schema.field(column).type
    pq.write_table(table.set_column(place, column, pa.array(values, kind)), path)


def tampered(values):
    return values[0][:-1] + bytes([values[0][-1] ^ 1])


@pytest.mark.requirement("SEC-01")
def test_a_tampered_or_moved_value_is_refused(vault):
    put(vault)
    (path,) = vault.root.glob("values/*/*.parquet")
    kept = path.read_bytes()
    for column, value in (
        ("sealed", tampered),
        ("sealed", lambda values: values[1]),
        ("ref", lambda values: "0" * 32),
    ):
        changed(path, column, value)
        (fault,) = vault.check()
        assert (fault.rows, fault.what) == (1, "values that cannot be opened")
        assert fault.path == f"vault/values/customers/{path.name}"
        with pytest.raises(RegularsError, match="cannot be opened"):
            vault.read(PEOPLE)
        path.write_bytes(kept)
    changed(path, "subject", lambda values: "customer_id:M2")
    (fault,) = vault.check()
    assert fault.what == "values without a key"
    path.write_bytes(kept)
    assert vault.check() == []


@pytest.mark.requirement("SEC-01")
def test_a_key_of_another_person_opens_nothing(vault):
    put(vault)
    (path,) = vault.root.glob("keys/*.parquet")
    changed(path, "wrapped", lambda values: values[1])
    assert sum(fault.rows for fault in vault.check()) == 2


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize("folder", ["keys", "values"])
def test_a_truncated_file_is_named_and_nothing_is_lost(vault, folder):
    put(vault)
    (path,) = vault.root.glob(f"{folder}/**/*.parquet")
    kept = path.read_bytes()
    path.write_bytes(kept[: len(kept) // 2])
    for action in (
        lambda: vault.read(PEOPLE),
        lambda: put(vault, ["customer_id:M9"], ["new"], "b9"),
        lambda: vault.destroy(["customer_id:M1"]),
    ):
        with pytest.raises(RegularsError, match=rf"{path.name} is truncated or damaged"):
            action()
    assert any("truncated" in fault.what for fault in vault.check())
    path.write_bytes(kept)
    assert vault.check() == []
    assert vault.read(PEOPLE).num_rows == 3


def test_a_lost_file_of_keys_is_seen(vault):
    put(vault)
    (path,) = vault.root.glob("keys/*.parquet")
    path.unlink()
    (fault,) = vault.check()
    assert (fault.rows, fault.what) == (3, "values without a key")
    with pytest.raises(RegularsError, match="no key for a value of customers"):
        vault.read(PEOPLE)


@pytest.mark.requirement("SEC-01")
def test_rotations_lose_nothing_and_shut_the_former_keys_out(vault, settings):
    put(vault)
    held = vault.read(PEOPLE)
    rotate_master_key(settings)
    assert Vault(settings, load_keys(settings)).read(PEOPLE) == held
    former = load_keys(settings)
    vault.rotate_key()
    assert vault.read(PEOPLE) == held
    assert Vault(settings, load_keys(settings)).read(PEOPLE) == held
    with pytest.raises(RegularsError, match="no vault key of version 2"):
        Vault(settings, former).read(PEOPLE)
    assert put(Vault(settings, load_keys(settings)), name="later")[1] == 0


def test_a_rotation_that_was_cut_off_can_be_run_again(vault, settings, monkeypatch):
    from regulars.privacy import vault as module

    put(vault)
    put(vault, ["customer_id:M7"], ["7"], "b7")
    held = vault.read([*PEOPLE, "customer_id:M7"])
    real, done = module.write_parquet, []

    def power_cut(path, table):
        done.append(path)
        if len(done) == 2:
            raise KeyboardInterrupt
        real(path, table)

    monkeypatch.setattr(module, "write_parquet", power_cut)
    with pytest.raises(KeyboardInterrupt):
        vault.rotate_key()
    monkeypatch.setattr(module, "write_parquet", real)
    again = Vault(settings, load_keys(settings))
    assert again.read([*PEOPLE, "customer_id:M7"]) == held
    again.rotate_key()
    assert Vault(settings, load_keys(settings)).read([*PEOPLE, "customer_id:M7"]) == held
    assert load_keys(settings).version("vault") == 3
