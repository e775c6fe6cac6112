"""Members that come again: what is known of them is neither made nor sealed a second time."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.feeds.contract import load_contract
from regulars.privacy import door as door_module
from regulars.privacy.erasure import Records
from regulars.privacy.keys import load_keys
from regulars.privacy.rotation import rotate_token_key
from regulars.privacy.vault import Vault

CONTRACT = load_contract("customers")


@pytest.fixture
def load(settings, monkeypatch):
    """A function that brings members to the lake; returns the rows whose tokens had to be made."""
    real = door_module.token_columns

    def bring(rows, name):
        made = []

        def counted(clear, *arguments):
            made.extend(clear["name"].to_pylist())
            return real(clear, *arguments)

        monkeypatch.setattr(door_module, "token_columns", counted)
        with door_module.open_door(settings, CONTRACT) as door:
            door.expect(rows.num_rows)
            passed = door.protect(rows).rows
            door.commit(name)
        folder = settings.lake / "customers"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(passed, folder / f"{name}.parquet")
        return made

    return bring


def lake(settings, name):
    return pq.read_table(settings.lake / "customers" / f"{name}.parquet").to_pylist()


def held(settings):
    """Every file of the vault and what is in it."""
    return {p: p.read_bytes() for p in Vault(settings, load_keys(settings)).files()}


@pytest.mark.requirement("SEC-01")
def test_an_unchanged_member_costs_neither_tokens_nor_a_place_in_the_vault(
    settings, members, rows_of, people, load
):
    assert load(members, "b1") == [person[1] for person in people]
    before = held(settings)
    # Who told nothing has no ref, and nothing that could be made.
    assert load(members, "b2") == [None]
    assert held(settings) == before
    assert lake(settings, "b2") == lake(settings, "b1")


@pytest.mark.requirement("SEC-01")
def test_of_a_changed_phone_number_one_value_is_new_and_no_key(
    settings, rows_of, people, load, vault
):
    load(rows_of("customers", *people[:3]), "b1")
    before = held(settings)
    moved = (*people[2][:2], "13900000000", *people[2][3:])
    following = rows_of("customers", *people[:2], moved)
    assert load(following, "b2") == [moved[1]]
    one, two, three = lake(settings, "b2")
    assert [one, two] == lake(settings, "b1")[:2]
    was = lake(settings, "b1")[2]
    assert three["phone"] != was["phone"]
    assert three["vault_ref"] != was["vault_ref"]
    assert (three["name"], three["email"]) == (was["name"], was["email"])
    (new,) = set(held(settings)) - set(before)
    assert new.parent == vault.root / "values" / "customers"
    contents = [json.loads(row["content"]) for row in vault.read(["customer_id:M3"]).to_pylist()]
    assert sorted(str(content["phone"]) for content in contents) == ["13900000000", "None"]


@pytest.mark.requirement("SEC-06")
def test_who_was_erased_stays_out_when_the_same_file_comes_again(settings, members, load, vault):
    load(members, "b1")
    Records(settings).erase("M1")
    before = held(settings)
    assert load(members, "b2") == [None]
    # M2 has the same number and went with M1.
    assert [row["customer_id"] for row in lake(settings, "b2")] == ["M3", "M4"]
    assert lake(settings, "b2") == lake(settings, "b1")
    assert held(settings) == before
    assert vault.read(["customer_id:M1", "customer_id:M2"]).num_rows == 0


@pytest.mark.requirement("SEC-01")
def test_after_a_rotation_the_tokens_of_the_new_key_are_taken(settings, members, load):
    load(members, "b1")
    rotate_token_key(settings)
    before = held(settings)
    assert load(members, "b2") == [None]
    assert held(settings) == before
    again = lake(settings, "b2")
    assert again == lake(settings, "b1")
    assert {row["phone"][:4] for row in again if row["phone"]} == {"ph2_"}


@pytest.mark.requirement("SEC-01")
def test_what_the_vault_lost_comes_back_with_the_next_file(settings, members, load, vault):
    load(members, "b1")
    refs = [row["vault_ref"] for row in lake(settings, "b1") if row["vault_ref"]]
    with vault.alone():
        vault.destroy_refs(refs[:1])
    assert vault.missing("customers", refs) == refs[:1]
    load(members, "b2")
    assert vault.missing("customers", refs) == []
    assert vault.check() == []


@pytest.mark.requirement("SEC-01")
def test_a_ref_tells_nothing_without_the_key_of_the_home(settings, members, load, home, vault):
    import shutil
    from hashlib import blake2b, sha256

    load(members, "b1")
    subjects = pa.array(["customer_id:M3"])
    (row,) = vault.read(subjects.to_pylist()).to_pylist()
    message = f"customers|customer_id:M3|{row['content']}".encode()
    key = load_keys(settings).derived("index", "vault/ref/blake2b")
    assert row["ref"] == blake2b(message, key=key, digest_size=16).hexdigest()
    guesses = {blake2b(message, digest_size=16).hexdigest(), sha256(message).hexdigest()[:32]}
    assert row["ref"] not in guesses
    for folder in ("keys", "vault", "lake"):
        shutil.rmtree(home / folder)
    load(members, "b1")
    assert row["ref"] not in {row["vault_ref"] for row in lake(settings, "b1")}
