"""A new token key: the tokens of the lake are made again from the clear values in the vault."""

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, Contract, load_contract
from regulars.privacy.classes import REF, protection
from regulars.privacy.door import token_columns, with_column
from regulars.privacy.keys import load_keys, rotate_master_key, save_ring
from regulars.privacy.tokens import Tokens
from regulars.privacy.vault import Rewritten, Vault, file_hash, write_parquet
from regulars.settings import Settings
from regulars.store import pull

NEW_MASTER_ENVIRONMENT = "REGULARS_NEW_MASTER_KEY"


def rotate(settings: Settings, purpose: str) -> str:
    """Replace the key of a purpose: master, vault, archive or token; says what is to be done next.

    Raises:
        RegularsError: the keys in use are lost or wrong, or no new master key was given.
    """
    if purpose == "master":
        rotate_master_key(settings, os.environ.get(NEW_MASTER_ENVIRONMENT))
        return "the ring is wrapped with the new master key; put it where the former one came from"
    if purpose == "vault":
        Vault(settings, load_keys(settings)).rotate_key()
        return "every person's key is wrapped with a fresh vault key"
    if purpose == "archive":
        save_ring(settings, load_keys(settings).with_new("archive"))
        return "files are sealed with a fresh key from now on; the former one still opens its own"
    files = rotate_token_key(settings)
    return f"the tokens of {len(files)} lake files were made again"


def rotate_token_key(settings: Settings) -> list[Rewritten]:
    """Make every token of the lake again with a fresh key and forget the former one.

    Joins hold as before, for all tokens are of one version again. The warehouse must be built anew
    from the lake after this. Cut off half-way, it must be run again before the next load.

    Returns:
        The lake files that were rewritten.

    Raises:
        RegularsError: the vault lacks a value that the lake refers to; the former key stays.
    """
    pull(settings)
    vault = Vault(settings, load_keys(settings))
    with vault.alone():
        files = [
            (path, contract)
            for contract in map(load_contract, FEEDS)
            if protection(contract).tokens
            for path in sorted((settings.lake / contract.feed).glob("*.parquet"))
        ]
        for path, contract in files:
            _check_covered(path, contract, vault)
        ring = vault.ring.with_new("token")
        save_ring(settings, ring)
        tokens = Tokens(ring, settings.phone_region)
        done = [_made_again(path, contract, vault, tokens) for path, contract in files]
        save_ring(settings, ring.without_old("token"))
    return done


def _check_covered(path: Path, contract: Contract, vault: Vault) -> None:
    refs = pq.read_table(path, columns=[REF])[REF].drop_null().to_pylist()
    if missing := vault.missing(contract.feed, refs):
        raise RegularsError(
            f"the vault lacks {len(missing)} values that {path.name} of {contract.feed} refers to;"
            " put the vault back from its backup. The former token key stays in use"
        )


def _made_again(path: Path, contract: Contract, vault: Vault, tokens: Tokens) -> Rewritten:
    spec = protection(contract)
    rows = pq.read_table(path, partitioning=None)
    refs = rows[REF].to_pylist()
    values = vault.read_refs(sorted({ref for ref in refs if ref is not None})).to_pylist()
    held = {row["ref"]: json.loads(row["content"]) for row in values}
    clear = {
        name: pa.array([held[ref][name] if ref else None for ref in refs], pa.string())
        for name in (*(name for name, _ in spec.tokens), *spec.marks)
    }
    for name, values in token_columns(clear, spec, tokens).items():
        rows = with_column(rows, name, values)
    before = file_hash(path)
    write_parquet(path, rows, even_empty=True)
    return Rewritten(f"lake/{contract.feed}/{path.name}", rows.num_rows, before, file_hash(path))
