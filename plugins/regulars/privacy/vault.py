"""The vault: what people told us, encrypted under one key per person.

``<home>/vault/values/<feed>/*.parquet`` holds a row's clear values (a JSON object of its sealed
columns) encrypted with AES-256-GCM under the key of the person it is about;
``<home>/vault/keys/*.parquet`` holds those keys, wrapped by the vault key of the ring. Without a
person's key the person's values are noise, in every copy. A value is known by its ``ref``, a keyed
hash (BLAKE2b, RFC 7693) of feed, person and content: the same content is kept once however often it
is delivered, and loading again adds nothing.

Files are written aside, synced and renamed, and never changed by a load, so that loads append side
by side under a shared lock; erasure and rotation rewrite files and hold the lock alone.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.errors import RegularsError
from regulars.feeds.sql import literal
from regulars.privacy.keys import KEY_BYTES, NONCE_BYTES, KeyRing, open_sealed, save_ring, seal
from regulars.privacy.refs import REF_BYTES, Refs
from regulars.privacy.tokens import texts_of
from regulars.settings import Settings

log = logging.getLogger(__name__)

_CHUNK = 65_536
_KEY_ID_BYTES = 8
# What a row may need: a key, its id, a nonce to wrap it and one to seal the value.
_RANDOM = KEY_BYTES + _KEY_ID_BYTES + 2 * NONCE_BYTES
_VALUES = pa.schema(
    [("ref", pa.string()), ("subject", pa.string()), ("key_id", "binary"), ("sealed", "binary")]
)
_KEYS = pa.schema(
    [("subject", pa.string()), ("key_id", "binary"), ("version", "int32"), ("wrapped", "binary")]
)


@dataclass(frozen=True)
class Rewritten:
    """A file that was rewritten without some rows: SHA-256 before and after; None if it is gone."""

    path: str
    rows_removed: int
    before: str
    after: str | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file of the vault, and with how many of its rows."""

    path: str
    rows: int
    what: str


class Vault:
    """The vault of a home."""

    def __init__(self, settings: Settings, ring: KeyRing):
        self.settings = settings
        self.ring = ring
        self.root = settings.vault
        key = ring.derived("index", "vault/ref/blake2b")
        self._ref = blake2b(key=key, digest_size=REF_BYTES)
        self._is_alone = False

    @contextmanager
    def batch(self, feed: str) -> Iterator["VaultBatch"]:
        """Take values of one batch of a feed.

        The shared lock is held until the block ends: what refers to the values should be committed
        inside, so that an erasure sees both or neither.
        """
        with self._locked(fcntl.LOCK_SH), self._connect() as connection:
            yield VaultBatch(self, feed, connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every load and reader of the vault out while the block runs."""
        with self._locked(fcntl.LOCK_EX):
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False

    def read(self, subjects: Sequence[str]) -> pa.Table:
        """Everything held about some persons: feed, subject, ref and content, sorted.

        Raises:
            RegularsError: a value or a key is damaged, was changed or moved.
        """
        return self._read("subject", subjects)

    def read_refs(self, refs: Sequence[str]) -> pa.Table:
        """The values that refs stand for, as ``read``; refs that are not there are left out."""
        return self._read("ref", refs)

    def feeds(self) -> list[str]:
        """Feeds of which the vault holds anything."""
        return sorted(p.name for p in (self.root / "values").glob("*") if any(p.glob("*.parquet")))

    def subjects(self, feed: str, prefix: str) -> list[str]:
        """Subjects of a feed's values that begin with ``prefix``, sorted."""
        with self._connect() as connection:
            query = f"select distinct subject from {self._values(feed)}"
            found = self._asked(connection, query)
        return sorted(subject for (subject,) in found if subject.startswith(prefix))

    def files(self) -> list[Path]:
        """Every file of keys and values."""
        return sorted(self.root.rglob("*.parquet"))

    def destroy(self, subjects: Sequence[str]) -> list[Rewritten]:
        """Take the keys of some persons, then their values, out of every file. Hold ``alone``.

        Raises:
            RegularsError: a file is damaged; nothing was changed.
        """
        files = sorted((self.root / "keys").glob("*.parquet"))
        files += sorted((self.root / "values").glob("*/*.parquet"))
        for path in files:
            _read_file(path, pq.read_metadata)
        return [done for path in files if (done := self._without(path, "subject", subjects))]

    def destroy_refs(self, refs: Sequence[str]) -> list[Rewritten]:
        """Take single values out; their keys stay for the person's other values. Hold ``alone``."""
        files = sorted((self.root / "values").glob("*/*.parquet"))
        return [done for path in files if (done := self._without(path, "ref", refs))]

    def check(self) -> list[Fault]:
        """Open every key and every value; an empty list is a vault without a fault."""
        faults = []
        keys: dict[tuple[str, bytes], tuple[int, bytes]] = {}
        for path in sorted((self.root / "keys").glob("*.parquet")):
            try:
                for subject, key_id, version, wrapped in _rows(path):
                    keys[subject, key_id] = (version, wrapped)
            except RegularsError as error:
                faults.append(Fault(self._shown(path), 0, str(error)))
        for path in sorted((self.root / "values").glob("*/*.parquet")):
            bad = {"without a key": 0, "that cannot be opened": 0}
            try:
                for ref, subject, key_id, sealed in _rows(path):
                    if (subject, key_id) not in keys:
                        bad["without a key"] += 1
                        continue
                    try:
                        cipher = self._cipher(subject, key_id, *keys[subject, key_id])
                        open_sealed(cipher, sealed, ref.encode())
                    except RegularsError:
                        bad["that cannot be opened"] += 1
            except RegularsError as error:
                faults.append(Fault(self._shown(path), 0, str(error)))
            faults += [
                Fault(self._shown(path), n, f"values {what}") for what, n in bad.items() if n
            ]
        return faults

    def missing(self, feed: str, refs: Sequence[str]) -> list[str]:
        """Those of ``refs`` that the vault does not hold."""
        with self._connect() as connection:
            held = pa.table({"ref": pa.array(refs, pa.string())})
            connection.register("asked", held)
            found = connection.execute(
                f"select ref from asked where ref not in (select ref from {self._values(feed)})"
            )
            return [ref for (ref,) in found.fetchall()]

    def missing_of(self, refs: Collection[str]) -> list[str]:
        """Those of ``refs`` that no feed's values hold."""
        left = sorted(refs)
        for feed in self.feeds():
            left = self.missing(feed, left)
        return left

    def refs(self, feed: str, subjects: pa.Array, contents: pa.Array) -> pa.Array:
        """The refs of contents, null where there is none."""
        texts = pc.binary_join_element_wise(feed, subjects, contents, "|").cast(pa.binary())
        return texts_of(self._hashes, texts, 2 * REF_BYTES)

    def _hashes(self, messages: Sequence[bytes]) -> list[str]:
        # The state after the key is copied: half the time of a hash from the start.
        begun, made = self._ref.copy, []
        for message in messages:
            one = begun()
            one.update(message)
            made.append(one.hexdigest())
        return made

    def held(self, feed: str) -> Refs:
        """The refs of a feed's values.

        Raises:
            RegularsError: a file is damaged.
        """
        files = sorted((self.root / "values" / feed).glob("*.parquet"))
        try:
            return Refs(part for path in files for part in _read_file(path, _read_refs))
        except ValueError:
            raise self._damaged() from None

    def compact(self, above: int = 100) -> int:
        """Make one file of every folder that has more than ``above``; the files that went.

        Nights leave small files behind, and every load looks into all of them. A crash in between
        leaves rows twice, which counts as once.
        """
        gone = 0
        with self.alone():
            for folder in [self.root / "keys", *sorted((self.root / "values").glob("*"))]:
                files = sorted(folder.glob("*.parquet"))
                if len(files) <= above:
                    continue
                schema = _KEYS if folder.name == "keys" else _VALUES
                whole = pa.concat_tables([_read_file(path).cast(schema) for path in files])
                write_parquet(folder / f"whole-{secrets.token_hex(4)}.parquet", whole)
                for path in files:
                    path.unlink()
                sync_folder(folder)
                gone += len(files)
        return gone

    def rotate_key(self) -> KeyRing:
        """Wrap every person's key with a fresh vault key and forget the former one.

        Returns:
            The ring with the new key. Cut off half-way it can be run again: nothing is lost.
        """
        with self.alone():
            ring = self.ring.with_new("vault")
            save_ring(self.settings, ring)
            old = {v: AESGCM(self.ring.key("vault", v)) for v in self._versions()}
            new, version = AESGCM(ring.key("vault")), ring.version("vault")
            for path in sorted((self.root / "keys").glob("*.parquet")):
                rows = []
                for subject, key_id, used, wrapped in _rows(path):
                    bound = subject.encode() + key_id
                    key = open_sealed(old[used], wrapped, bound)
                    rows.append((subject, key_id, version, seal(new, key, bound)))
                write_parquet(path, _table(_KEYS, rows))
            ring = ring.without_old("vault")
            save_ring(self.settings, ring)
        self.ring = ring
        return ring

    def _versions(self) -> list[int]:
        return [version for purpose, version in self.ring.keys if purpose == "vault"]

    def _cipher(self, subject: str, key_id: bytes, version: int, wrapped: bytes) -> AESGCM:
        wrap = AESGCM(self.ring.key("vault", version))
        return AESGCM(open_sealed(wrap, wrapped, subject.encode() + key_id))

    def _read(self, column: str, wanted: Sequence[str]) -> pa.Table:
        with self._locked(fcntl.LOCK_SH), self._connect() as connection:
            connection.register("wanted", pa.table({column: pa.array(wanted, pa.string())}))
            parts = [
                f"select {literal(feed)} as feed, * from {self._values(feed)}"
                f" where {column} in (select {column} from wanted)"
                for feed in self.feeds()
            ]
            if not parts:
                return _empty_content()
            found = self._asked(
                connection,
                "select distinct on (feed, ref) feed, found.subject, ref, key_id, sealed, version,"
                f" wrapped from ({' union all '.join(parts)}) as found"
                f" left join {self._keys()} as held using (subject, key_id)"
                " order by feed, ref",
            )
        rows = []
        for feed, subject, ref, key_id, sealed, version, wrapped in found:
            if wrapped is None:
                raise RegularsError(f"the vault has no key for a value of {feed} (ref {ref})")
            try:
                cipher = self._cipher(subject, key_id, version, wrapped)
                content = open_sealed(cipher, sealed, ref.encode())
            except RegularsError as error:
                raise RegularsError(f"vault, {feed}, ref {ref}: {error}") from None
            rows.append((feed, subject, ref, content.decode()))
        return _table(_empty_content().schema, sorted(rows))

    def _without(self, path: Path, column: str, wanted: Sequence[str]) -> Rewritten | None:
        table = _read_file(path)
        with self._connect() as connection:
            connection.register("held", table)
            connection.register("wanted", pa.table({"name": pa.array(wanted, pa.string())}))
            kept = connection.execute(
                f"select * from held where {column} not in (select name from wanted)"
            ).to_arrow_table()
        removed = table.num_rows - kept.num_rows
        if not removed:
            return None
        before = file_hash(path)
        if kept.num_rows:
            write_parquet(path, kept.cast(table.schema))
        else:
            path.unlink()
            sync_folder(path.parent)
        after = file_hash(path) if kept.num_rows else None
        return Rewritten(self._shown(path), removed, before, after)

    def _values(self, feed: str) -> str:
        return _scan(self.root / "values" / feed, _VALUES)

    def _keys(self) -> str:
        return _scan(self.root / "keys", _KEYS)

    def _asked(self, connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
        try:
            return connection.execute(query).fetchall()
        except duckdb.Error:
            raise self._damaged() from None

    def _damaged(self) -> RegularsError:
        for path in self.files():
            try:
                _read_file(path)
            except RegularsError as error:
                return error
        return RegularsError(f"the vault {self.root} could not be read; run its check")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(
            config={
                "threads": self.settings.threads,
                "memory_limit": self.settings.memory_limit,
                "temp_directory": str(self.root / ".tmp"),
                "temp_file_encryption": True,
                "autoinstall_known_extensions": False,
            }
        )

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        if self._is_alone:
            yield
            return
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.root / ".lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.settings.home).as_posix()


class VaultBatch:
    """Values of one batch on their way to the vault; nothing is kept before ``commit``."""

    def __init__(self, vault: Vault, feed: str, connection: duckdb.DuckDBPyConnection):
        self.vault = vault
        self.feed = feed
        self.connection = connection
        connection.execute("create table pending (ref varchar, subject varchar, content varchar)")

    @cached_property
    def _held(self) -> Refs:
        return self.vault.held(self.feed)

    def add(self, subjects: pa.Array, contents: pa.Array) -> pa.Array:
        """Take contents of persons.

        Args:
            subjects: text, one per row, never null where there is a content.
            contents: text, what is to be sealed as one; null where there is nothing.

        Returns:
            The ref of each content, text, null where there is none.
        """
        refs = self.vault.refs(self.feed, subjects, contents)
        is_new = pa.array(self._held.places(refs) < 0)
        table = pa.table({"ref": refs, "subject": subjects, "content": contents}).filter(is_new)
        self.connection.register("added", table)
        self.connection.execute("insert into pending select * from added where ref is not null")
        self.connection.unregister("added")
        return refs

    def commit(self, name: str) -> int:
        """Seal and write what the vault did not hold; run again it writes nothing.

        Args:
            name: of the batch; the files carry it.

        Returns:
            The number of values that were new.

        Raises:
            RegularsError: a file of the vault is damaged; nothing was written.
        """
        vault, connection = self.vault, self.connection
        try:
            connection.execute(
                "create or replace table fresh as"
                " select distinct on (ref) subject, ref, content from pending"
            )
            connection.execute(
                "create or replace table held as select distinct on (subject) * from"
                f" {vault._keys()} where subject in (select subject from fresh)"
                " order by subject, key_id"
            )
            count = connection.execute("select count(*) from fresh").fetchone()[0]
            if count:
                self._write(f"{name}-{secrets.token_hex(4)}.parquet")
            connection.execute("delete from pending")
        except duckdb.Error:
            raise vault._damaged() from None
        return count

    def _write(self, name: str) -> None:
        root = self.vault.root
        reader = self.connection.execute(
            "select subject, ref, content, key_id, version, wrapped"
            " from fresh left join held using (subject) order by subject, ref"
        ).to_arrow_reader(_CHUNK)
        sealer = _Sealer(self.vault)
        values, keys = root / "values" / self.feed / name, root / "keys" / name
        with _writing(values, _VALUES) as write_values, _writing(keys, _KEYS) as write_keys:
            for chunk in reader:
                sealed, made = sealer.seal(chunk)
                write_values(sealed)
                if made.num_rows:
                    write_keys(made)
            # Leaving the block, the keys appear first: a value without its key is never seen.


class _Sealer:
    """Seals rows that come ordered by subject; one key for the rows of one person.

    A value is bound to its ref, which is a keyed hash of feed, person and content; a person's key
    is bound to the person.
    """

    def __init__(self, vault: Vault):
        self.vault = vault
        self.subject: bytes | None = None
        self.key_id = b""
        self.cipher: AESGCM | None = None

    def seal(self, rows: pa.RecordBatch) -> tuple[pa.Table, pa.Table]:
        """Tables of values and of the keys that had to be made."""
        version, wrap = self.vault.ring.version("vault"), AESGCM(self.vault.ring.key("vault"))
        names = ("subject", "ref", "content")
        columns = [rows.column(name).cast(pa.binary()).to_pylist() for name in names]
        held = [rows.column(name).to_pylist() for name in ("key_id", "version", "wrapped")]
        random = secrets.token_bytes(_RANDOM * rows.num_rows)
        last, cipher, key_id = self.subject, self.cipher, self.key_id
        sealed, key_ids, made, is_new = [], [], [], []
        place = 0
        for n, (subject, ref, content) in enumerate(zip(*columns, strict=True)):
            new = False
            if subject != last:
                last, new = subject, held[0][n] is None
                if new:
                    key, key_id = random[place : place + 32], random[place + 32 : place + 40]
                    nonce = random[place + 40 : place + 52]
                    cipher = AESGCM(key)
                    made.append(nonce + wrap.encrypt(nonce, key, subject + key_id))
                else:
                    key_id, used, wrapped = (column[n] for column in held)
                    cipher = self.vault._cipher(subject.decode(), key_id, used, wrapped)
            nonce = random[place + 52 : place + 64]
            sealed.append(nonce + cipher.encrypt(nonce, content, ref))
            key_ids.append(key_id)
            is_new.append(new)
            place += _RANDOM
        self.subject, self.cipher, self.key_id = last, cipher, key_id
        ids, subjects, refs = joined(key_ids), rows.column("subject"), rows.column("ref")
        values = pa.table([refs, subjects, ids, joined(sealed)], schema=_VALUES)
        fresh = pa.array(is_new)
        versions = pa.repeat(pa.scalar(version, pa.int32()), len(made))
        keys = [subjects.filter(fresh), ids.filter(fresh), versions, joined(made)]
        return values, pa.table(keys, schema=_KEYS)


def joined(parts: Sequence[bytes]) -> pa.Array:
    """An array of byte strings; built from one buffer, which is much faster than one by one."""
    ends = np.zeros(len(parts) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, parts), np.int32, len(parts)), out=ends[1:])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    return pa.Array.from_buffers(pa.binary(), len(parts), buffers)


def _table(schema: pa.Schema, rows: Sequence[tuple]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
    return pa.table(
        [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)], schema
    )


def _empty_content() -> pa.Table:
    names = ("feed", "subject", "ref", "content")
    return pa.schema([(name, pa.string()) for name in names]).empty_table()


def _scan(folder: Path, schema: pa.Schema) -> str:
    """SQL for the rows of all Parquet files of a folder, of none too."""
    if any(folder.glob("*.parquet")):
        names = ", ".join(schema.names)
        return f"(select {names} from read_parquet({literal(str(folder / '*.parquet'))}))"
    kinds = {pa.string(): "varchar", pa.binary(): "blob", pa.int32(): "integer"}
    columns = ", ".join(f"cast(null as {kinds[f.type]}) as {f.name}" for f in schema)
    return f"(select {columns} where false)"


def _rows(path: Path) -> Iterator[tuple]:
    for batch in _read_file(path).to_batches(_CHUNK):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _read_table(path: Path) -> pa.Table:
    return pq.read_table(path, partitioning=None)


def _read_refs(path: Path) -> list[pa.Array]:
    batches = pq.ParquetFile(path).iter_batches(columns=["ref"], use_threads=False)
    return [batch.column(0) for batch in batches]


def _read_file(path: Path, read: Callable[[Path], Any] = _read_table) -> Any:
    try:
        return read(path)
    except (pa.ArrowException, OSError):
        raise RegularsError(
            f"{path} is truncated or damaged; put it back from its backup. Nothing was changed"
        ) from None


@contextmanager
def _writing(path: Path, schema: pa.Schema, even_empty: bool = False):
    """A function that appends tables to a Parquet file that appears whole after the block."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.aside")
    # Ciphertext does not get smaller.
    compression = {f.name: "none" if f.type == pa.binary() else "zstd" for f in schema}
    written = 0
    try:
        with pq.ParquetWriter(aside, schema, compression=compression) as writer:

            def write(table: pa.Table) -> None:
                nonlocal written
                writer.write_table(table)
                written += table.num_rows

            yield write
        if written or even_empty:
            with aside.open("rb") as stream:
                os.fsync(stream.fileno())
            aside.chmod(0o600)
            os.replace(aside, path)
            sync_folder(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def write_parquet(path: Path, table: pa.Table, even_empty: bool = False) -> None:
    """Put a table in the place of a Parquet file, whole or not at all."""
    with _writing(path, table.schema, even_empty) as write:
        write(table)


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        digest = sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def sync_folder(path: Path) -> None:
    """Make renames and removals in a folder last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
