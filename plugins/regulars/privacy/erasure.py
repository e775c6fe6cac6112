"""Erasing a person from a home, with proof, and telling a person all that is held.

Order: the person goes onto the suppression list first, so that nothing that is cut off half-way can
let the person back in; then sealed files, exports, lake and quarantine are rewritten; the person's
keys and values, by which the rest is found, go last. Running it again finishes what was cut off.
"""

import gzip
import io
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.errors import RegularsError
from regulars.feeds.contract import FEEDS, Contract, load_contract
from regulars.feeds.ledger import restate
from regulars.feeds.sql import identifier, literal
from regulars.privacy.access import SUFFIX as CALL_LIST_SUFFIX
from regulars.privacy.archive import Archive
from regulars.privacy.classes import protection
from regulars.privacy.door import anonymise
from regulars.privacy.keys import load_keys
from regulars.privacy.search import Needles, search
from regulars.privacy.suppression import PERSON_COLUMNS, Suppression
from regulars.privacy.tokens import Tokens
from regulars.privacy.vault import Rewritten, Vault, file_hash, write_parquet
from regulars.settings import Settings
from regulars.store import landed_copies, pull

log = logging.getLogger(__name__)

# A name or a day of birth is not enough to erase somebody by.
_FINDS = ("phone", "email")


class NobodyKnownError(RegularsError):
    """Nothing is held about whom was asked for."""


@dataclass
class Person:
    """Who was found: numbers, what the vault calls them, and their clear data (never shown).

    ``others`` are the numbers of people who share a contact with them and are somebody else.
    """

    ids: list[str]
    subjects: list[str]
    contents: list[dict[str, Any]] = field(repr=False)
    others: list[str] = field(default_factory=list)


def _contacts(contents: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for row in contents:
        for name, value in json.loads(row["content"]).items():
            if isinstance(value, str) and name in ("phone", "email", "name", "address"):
                kinds.setdefault(name, set()).add(value)
    return kinds


class Records:
    """What a home holds about people: finds, reports, erases."""

    def __init__(self, settings: Settings):
        """Raises RegularsError as ``load_keys``."""
        self.settings = settings
        pull(settings)
        self.ring = load_keys(settings)
        self.vault = Vault(settings, self.ring)
        self.archive = Archive(settings, self.ring)
        self.tokens = Tokens(self.ring, settings.phone_region)

    def find(self, subject: str) -> Person:
        """Find a person by customer or prospect number, phone number or mail address.

        All numbers that share a phone number or mail address with it are the same person, and so
        are those that the published version takes for one customer (ADR 0012); but who has another
        name and another day of birth is somebody else, and what is known through them alone is
        theirs.

        Raises:
            NobodyKnownError: nobody is known by it.
            RegularsError: people of other names and days of birth gave this phone number or mail
                address.
        """
        asked = self._tokens_of(subject)
        wide = self._ids({subject}, asked)
        different = self._different(subject, asked, wide)
        ids = self._ids({subject}, asked, different) if different else wide
        if not ids:
            raise NobodyKnownError(
                "nobody is known by that: give a customer number, phone number or mail address as"
                " delivered. If the person was erased before, this is as it should be"
            )
        complaints = self._held("complaints", "complaint_id", "customer_id", ids)
        subjects = [f"{name}:{value}" for value in ids for name in ("customer_id", "prospect_id")]
        subjects += [f"complaint_id:{value}" for value in complaints]
        contents = self.vault.read(subjects).to_pylist()
        return Person(sorted(ids), sorted(subjects), contents, sorted(wide - ids))

    def contacts(self, person: Person) -> dict[str, list[str]]:
        """Clear values of a person by kind, without those that are somebody else's too."""
        told = _contacts(person.contents)
        others = [f"customer_id:{number}" for number in person.others]
        for kind, values in _contacts(self.vault.read(others).to_pylist()).items():
            theirs = set(self.tokens.normal(kind, pa.array(sorted(values))).to_pylist())
            mine = sorted(told.get(kind, ()))
            forms = self.tokens.normal(kind, pa.array(mine, pa.string())).to_pylist()
            told[kind] = {v for v, form in zip(mine, forms, strict=True) if form not in theirs}
        return {kind: sorted(values) for kind, values in told.items() if values}

    def report(self, subject: str) -> dict[str, Any]:
        """All that is held about a person, JSON-able: clear values, lake rows, published rows."""
        person = self.find(subject)
        lake = {}
        for feed in FEEDS:
            rows = [
                row
                for path in self._lake_files(feed)
                for row in self._rows_about(f"read_parquet({literal(str(path))})", person.ids)
            ]
            if rows:
                lake[feed] = rows
        return {
            "ids": person.ids,
            "told_us": [
                {"feed": row["feed"], **json.loads(row["content"])} for row in person.contents
            ],
            "lake": lake,
            "published": self._published(person.ids),
            "sealed_files": [
                self.archive.describe(path).file_path
                for path in self.archive.files()
                if self._is_in_sealed(path, person)
            ],
        }

    def erase(self, subject: str, rebuild: Callable[[], None] | None = None) -> dict[str, Any]:
        """Erase a person and prove it.

        Args:
            subject: as ``find``.
            rebuild: builds and publishes anew and drops the versions before; called once the
                sources are clean and before the proof, without any lock. None leaves warehouse and
                versions as they are, and the proof names them.

        Run again after it was cut off, it finishes. Files in the landing folder are their sender's:
        they are not rewritten, and the proof names those that hold the person.

        Returns:
            The certificate, which is also written to ``<home>/erasures``: it names files, counts
            and hashes and nothing of the person.

        Raises:
            NobodyKnownError: nothing is held about whom ``subject`` names.
            RegularsError: more numbers share a phone number or mail address than one person has.
        """
        number = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        erased_at = datetime.now(UTC)
        try:
            person = self.find(subject)
        except NobodyKnownError:
            if (unfinished := self._unfinished(subject)) is None:
                raise
            return self._finish(unfinished, subject, rebuild)
        if len(person.ids) > (most := self.settings.erasure_max_numbers):
            raise RegularsError(
                f"nothing was erased: {len(person.ids)} customer numbers share a phone number or"
                f" mail address with this one, more than {most}, as when a till enters the store's"
                " own. Have those records delivered without it; or, if they are one person, raise"
                " erasure_max_numbers"
            )
        contacts = self.contacts(person)
        needles = Needles(person.ids, contacts, self.settings.phone_region)
        with self.vault.alone():
            person = self.find(subject)
            self._suppress(number, erased_at, person.ids, contacts)
            held = self._in_quarantine(needles)
            rewritten = self._erase_archive(needles)
            rewritten += self._erase_exports(needles)
            rewritten += self._erase_lake(person.ids, held, needles)
            rewritten += self.vault.destroy_refs(held)
            rewritten += self.vault.destroy(person.subjects)
        if rebuild is not None:
            rebuild()
        return self._certify(
            number,
            needles,
            erased_at=erased_at.isoformat(),
            searched_for={kind: len(values) for kind, values in contacts.items()}
            | {"id": len(person.ids)},
            found_in_vault=len(person.contents),
            others_kept=len(person.others),
            removed=[asdict(done) for done in rewritten],
        )

    def _unfinished(self, subject: str) -> str | None:
        """The number of an erasure of this person that removed everything and never certified it.

        It was cut off while the warehouse was built anew, which may still hold the person.
        """
        suppression = Suppression(self.settings, self.ring)
        entries = set(suppression.entries([subject], {kind: [subject] for kind in _FINDS}))
        numbers = [
            path.stem
            for path in sorted(suppression.folder.glob("*.json"))
            if entries & set(json.loads(path.read_text("utf-8"))["entries"])
        ]
        if any(self._certificate(number).exists() for number in numbers):
            return None
        return numbers[-1] if numbers else None

    def _finish(
        self, number: str, subject: str, rebuild: Callable[[], None] | None
    ) -> dict[str, Any]:
        """Build anew and certify with what the request names, all that is known of the person."""
        if rebuild is not None:
            rebuild()
        kind = "email" if "@" in subject else "phone"
        contacts = {kind: [subject]} if kind in self._tokens_of(subject) else {}
        needles = Needles([subject], contacts, self.settings.phone_region)
        return self._certify(
            number,
            needles,
            erased_at=datetime.now(UTC).isoformat(),
            searched_for=dict.fromkeys(contacts, 1) | {"id": 1},
            found_in_vault=0,
            others_kept=0,
            removed=[],
        )

    def _certify(self, number: str, needles: Needles, **done: Any) -> dict[str, Any]:
        """Search the home, and the landing folder wherever it is, and write the certificate."""
        folders = [self.settings.home]
        if not self.settings.landing.is_relative_to(self.settings.home):
            folders.append(self.settings.landing)
        hits, files, size = search(folders, needles, self.archive)
        with landed_copies(self.settings) as folder:
            landed, more, bytes_more = search(folder, needles, self.archive)
        hits += [replace(hit, path=f"{self.settings.landing_store}/{hit.path}") for hit in landed]
        files, size = files + more, size + bytes_more
        remaining = [hit for hit in hits if not hit.path.startswith("erasures/")]
        certificate = {
            "certificate": number,
            **done,
            "proof": {
                "files_searched": files,
                "bytes_searched": size,
                # A name may be that of somebody else too: told, not held against the erasure.
                "is_absent": not any(hit.kind != "name" for hit in remaining),
                "remaining": [asdict(hit) for hit in remaining],
            },
            "suppressed": True,
        }
        path = self._certificate(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(certificate, indent=2) + "\n", "utf-8")
        log.info("erasure %s: %d files rewritten", number, len(done["removed"]))
        return certificate

    def _certificate(self, number: str) -> Path:
        return self.settings.home / "erasures" / f"{number}.json"

    def _tokens_of(self, subject: str) -> dict[str, str]:
        tokens = {k: self.tokens.tokens(k, pa.array([subject]))[0].as_py() for k in _FINDS}
        return {kind: token for kind, token in tokens.items() if token}

    def _different(self, subject: str, asked: dict[str, str], ids: set[str]) -> set[str]:
        """Those of ``ids`` who have another name and another day of birth than who was asked for,
        in every record of both; without both of either nobody can be told apart.
        """
        told: dict[str, set[tuple[str, str]]] = {}
        gave: set[str] = set()
        for path in self._lake_files("customers"):
            rows = pq.read_table(path, columns=["customer_id", "name", "birth_date", *_FINDS])
            for row in rows.filter(
                pc.is_in(rows["customer_id"], pa.array(sorted(ids), pa.string()))
            ).to_pylist():
                if row["name"] and row["birth_date"]:
                    own = told.setdefault(row["customer_id"], set())
                    own.add((row["name"], row["birth_date"]))
                if any(row[kind] == token for kind, token in asked.items()):
                    gave.add(row["customer_id"])
        is_number = subject in ids
        same = ({subject} | self._merged({subject})) & ids if is_number else gave

        def differ(one: str, two: str) -> bool:
            return all(a[0] != b[0] and a[1] != b[1] for a in told[one] for b in told[two])

        known = sorted(same & told.keys())
        if not is_number and any(differ(a, b) for a, b in combinations(known, 2)):
            raise RegularsError(
                "people of other names and days of birth gave this phone number or mail address;"
                " ask by customer number"
            )
        return {
            number
            for number in told.keys() - same
            if known and all(differ(number, one) for one in known)
        }

    def _ids(self, ids: set[str], tokens: dict[str, str], others: Collection[str] = ()) -> set[str]:
        """Known numbers among ``ids``, those with one of the tokens, and those like them; not
        ``others``, nor who is known through them alone.
        """
        known: set[str] = set()
        wanted = {kind: {token} for kind, token in tokens.items()}
        while True:
            found, asked = set(ids), sum(map(len, wanted.values()))
            for path in self._lake_files("customers"):
                rows = pq.read_table(path, columns=["customer_id", *_FINDS])
                for kind in _FINDS:
                    mask = pc.is_in(rows[kind], pa.array(sorted(wanted.get(kind, ())), pa.string()))
                    found |= set(rows.filter(mask)["customer_id"].to_pylist()).difference(others)
                mine = rows.filter(pc.is_in(rows["customer_id"], pa.array(sorted(found))))
                known |= set(mine["customer_id"].to_pylist())
                for kind in _FINDS:
                    wanted.setdefault(kind, set()).update(filter(None, mine[kind].to_pylist()))
            for feed in FEEDS:
                for name in ("customer_id", "prospect_id"):
                    known |= self._held(feed, name, name, found) if name in _names(feed) else set()
            known |= self._held("ref_prospects", "prospect_id", "customer_id", known)
            known |= self._merged(known).difference(others)
            # An erasure that was cut off may have left nothing but the vault.
            subjects = [f"{name}:{n}" for n in found for name in ("customer_id", "prospect_id")]
            held = self.vault.read(subjects)["subject"].to_pylist()
            known |= {name.split(":", 1)[1] for name in held}
            if known <= ids and asked == sum(map(len, wanted.values())):
                return known
            ids = ids | known

    def _held(self, feed: str, column: str, by: str, values: Iterable[str]) -> set[str]:
        """Values of ``column`` in rows of the lake whose ``by`` is one of ``values``."""
        wanted = pa.array(sorted(values), pa.string())
        found: set[str] = set()
        for path in self._lake_files(feed):
            # A file lacks the columns that none of its deliveries had.
            if not {column, by} <= set(pq.read_schema(path).names):
                continue
            rows = pq.read_table(path, columns=sorted({column, by}))
            found |= set(rows.filter(pc.is_in(rows[by], wanted))[column].to_pylist())
        return found - {None}

    def _merged(self, ids: set[str]) -> set[str]:
        """Member numbers of the customers to whom ``ids`` belong in the published version."""
        path = self.settings.published / "current" / "regulars.duckdb"
        if not path.exists():
            return set()
        with duckdb.connect(path, read_only=True) as connection:
            tables = connection.execute(
                "select 1 from duckdb_tables() where table_name = 'dim_customer_identity'"
            ).fetchall()
            if not tables:
                return set()
            found = connection.execute(
                "with current as (select member_id, customer_id from dim_customer_identity"
                " where is_current) select also.member_id from current as own"
                " inner join current as also on own.customer_id = also.customer_id"
                " where own.member_id in (select unnest(?))",
                [sorted(ids)],
            ).fetchall()
        return {number for (number,) in found}

    def _lake_files(self, feed: str) -> list[Path]:
        return sorted((self.settings.lake / feed).glob("*.parquet"))

    def _suppress(
        self, number: str, erased_at: datetime, ids: list[str], contacts: dict[str, list[str]]
    ) -> None:
        suppression = Suppression(self.settings, self.ring)
        entries = suppression.entries(ids, {k: v for k, v in contacts.items() if k in _FINDS})
        path = suppression.folder / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"erased_at": erased_at.isoformat(), "entries": entries})
        aside = path.with_suffix(".aside")
        aside.write_text(text, "utf-8")
        aside.replace(path)

    def _in_quarantine(self, needles: Needles) -> list[str]:
        """Refs of quarantined records, sealed under the key of their load, that hold the person."""
        found = []
        for feed in self.vault.feeds():
            for row in self.vault.read(self.vault.subjects(feed, "quarantine:")).to_pylist():
                if needles.in_text(json.loads(row["content"])["raw_text"]):
                    found.append(row["ref"])
        return sorted(set(found))

    def _erase_lake(
        self, ids: Sequence[str], refs: Sequence[str], needles: Needles
    ) -> list[Rewritten]:
        done = []
        for feed in FEEDS:
            contract = load_contract(feed)
            for path in self._lake_files(feed):
                before = _loads_in(path)
                done += self._rewrite(
                    path, lambda rows, c=contract: _without(rows, c, ids, needles)
                )
                if left_out := before - _loads_in(path):
                    restate(self.settings.lake, feed, path.stem, left_out)
            for path in sorted((self.settings.lake / "quarantine" / feed).glob("*.parquet")):
                done += self._rewrite(
                    path, lambda rows, c=contract: _without_lines(rows, c, ids, refs)
                )
        return done

    def _rewrite(
        self, path: Path, change: Callable[[pa.Table], tuple[pa.Table, int]]
    ) -> list[Rewritten]:
        rows = pq.read_table(path, partitioning=None)
        left, count = change(rows)
        if not count:
            return []
        before = file_hash(path)
        # An empty file stays: the ledger names it.
        write_parquet(path, left.cast(rows.schema), even_empty=True)
        return [Rewritten(self._shown(path), count, before, file_hash(path))]

    def _erase_archive(self, needles: Needles) -> list[Rewritten]:
        done = []
        for path in self.archive.files():
            header = self.archive.describe(path)
            feed = header.file_path.split("/")[0]
            with self.archive.opened(path) as clear:
                count = clean_file(clear, feed, needles)
                if count:
                    before = file_hash(path)
                    new = self.archive.replace(path, clear)
                    done.append(Rewritten(self._shown(new), count, before, file_hash(new)))
        return done

    def _erase_exports(self, needles: Needles) -> list[Rewritten]:
        done = []
        for path in sorted((self.settings.home / "exports").rglob("*")):
            if path.is_file() and not path.is_symlink():
                before = file_hash(path)
                if path.suffix == CALL_LIST_SUFFIX:
                    # Nobody can look into it without its passphrase, and a new one is soon written.
                    path.unlink()
                    done.append(Rewritten(self._shown(path), 0, before, None))
                elif count := clean_file(path, None, needles):
                    done.append(Rewritten(self._shown(path), count, before, file_hash(path)))
        return done

    def _is_in_sealed(self, path: Path, person: Person) -> bool:
        needles = Needles(person.ids, self.contacts(person), self.settings.phone_region)
        feed = self.archive.describe(path).file_path.split("/")[0]
        with self.archive.opened(path) as clear:
            return clean_file(clear, feed, needles) > 0

    def _rows_about(self, source: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        with duckdb.connect() as connection:
            return _rows_about(connection, source, ids)

    def _published(self, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        path = self.settings.published / "current" / "regulars.duckdb"
        if not path.exists():
            return {}
        with duckdb.connect(path, read_only=True) as connection:
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() order by all"
            ).fetchall()
            found = {
                table: _rows_about(connection, f"{identifier(schema)}.{identifier(table)}", ids)
                for schema, table in tables
            }
        return {table: rows for table, rows in found.items() if rows}

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.settings.home).as_posix()


def _loads_in(path: Path) -> Counter[str]:
    return Counter(pq.read_table(path, columns=["load_id"])["load_id"].to_pylist())


def _names(feed: str) -> set[str]:
    return {column.name for column in load_contract(feed).columns}


def _rows_about(
    connection: duckdb.DuckDBPyConnection, source: str, ids: Sequence[str]
) -> list[dict[str, Any]]:
    names = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    columns = [name for name in PERSON_COLUMNS if name in names]
    if not columns:
        return []
    where = " or ".join(f"{identifier(name)} in (select unnest(?))" for name in columns)
    found = connection.execute(
        f"select * from {source} where {where}", [list(ids)] * len(columns)
    ).to_arrow_table()
    return [{k: _plain(v) for k, v in row.items()} for row in found.to_pylist()]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)


def _without(
    rows: pa.Table, contract: Contract, ids: Sequence[str], needles: Needles
) -> tuple[pa.Table, int]:
    wanted = pa.array(ids, pa.string())
    refers = {
        name: pc.is_in(rows[name].combine_chunks(), wanted)
        for name in PERSON_COLUMNS
        if name in rows.column_names
    }
    about = pa.repeat(False, rows.num_rows)
    for name in ("customer_id", "prospect_id"):
        if name in refers:
            about = pc.or_(about, refers[name])
    for name in protection(contract).texts:
        # In the person's own words the name is known, and goes as well.
        own = [
            needles.masked(text) if mine and text else text
            for text, mine in zip(rows[name].to_pylist(), about.to_pylist(), strict=True)
        ]
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(own, pa.string()))
    left, _, changed = anonymise(rows, contract, about, refers)
    return left, changed + rows.num_rows - left.num_rows


def _without_lines(
    rows: pa.Table, contract: Contract, ids: Sequence[str], refs: Sequence[str]
) -> tuple[pa.Table, int]:
    """Quarantined records without text and key where they are the person's; line and rule stay."""
    those = pa.repeat(False, rows.num_rows)
    if "vault_ref" in rows.column_names:
        held = rows["vault_ref"].combine_chunks()
        those = pc.or_(those, pc.is_in(held, pa.array(refs, pa.string())))
    if contract.key[0] in ("customer_id", "prospect_id"):
        key = pc.list_element(pc.split_pattern(rows["row_key"].combine_chunks(), "|"), 0)
        those = pc.or_(those, pc.fill_null(pc.is_in(key, pa.array(ids, pa.string())), False))
    for name in ("raw_text", "row_key", "vault_ref"):
        if name in rows.column_names:
            values = rows[name].combine_chunks()
            place = rows.column_names.index(name)
            blank = pc.if_else(those, pa.scalar(None, values.type), values)
            rows = rows.set_column(place, name, blank)
    return rows, pc.sum(those).as_py() or 0


def clean_file(path: Path, feed: str | None, needles: Needles | Suppression) -> int:
    """Take a person's records out of a clear file, in place; how many there were. The suppression
    list in the place of needles takes out everybody who is on it.

    Of a feed without anything personal but numbers (sales above all) the record stays and the
    number in it goes, so that amounts add up when the file is loaded again.
    """
    spec = protection(load_contract(feed)) if feed in FEEDS else None
    blanks = spec is not None and not spec.sealed and not set(PERSON_COLUMNS) & set(spec.key)
    if path.suffix == ".parquet":
        return _clean_parquet(path, needles, blanks)
    if path.suffix == ".xlsx":
        return _clean_workbook(path, needles, blanks)
    packed = path.suffix == ".gz"
    data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    code = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    text = data.decode(code)
    found = 0
    kept = []
    is_json = ".jsonl" in path.name or path.suffix == ".json"
    for number, record in enumerate(records_in(text, is_json)):
        shown = record if code == "utf-16" else record.encode(code).decode("utf-8", "replace")
        if (number == 0 and not is_json) or not needles.in_text(shown):
            kept.append(record)
            continue
        found += 1
        if blanks:
            kept.append(needles.without_ids(record))
    if found:
        data = "".join(kept).encode(code)
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return found


def records_in(text: str, is_json: bool) -> Iterable[str]:
    """Records with their line ends; a quoted one may span lines."""
    record = ""
    for line in io.StringIO(text, newline=""):
        record += line
        if is_json or record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _clean_parquet(path: Path, needles: Needles | Suppression, blanks: bool) -> int:
    rows = pq.read_table(path, partitioning=None)
    texts = [f.name for f in rows.schema if pa.types.is_string(f.type)]
    those = [
        needles.in_text("\x1f".join(filter(None, values)))
        for values in zip(*(rows[name].to_pylist() for name in texts), strict=True)
    ]
    if not any(those):
        return 0
    mask = pa.array(those)
    if not blanks:
        pq.write_table(rows.filter(pc.invert(mask)), path)
        return sum(those)
    for name in texts:
        values = [(v and needles.without_ids(v)) or None for v in rows[name].to_pylist()]
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values, pa.string()))
    pq.write_table(rows, path)
    return sum(those)


def _clean_workbook(path: Path, needles: Needles | Suppression, blanks: bool) -> int:
    book = openpyxl.load_workbook(path)
    found = 0
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 1, -1):
            cells = sheet[number]
            if needles.in_text("\x1f".join(str(c.value) for c in cells if c.value is not None)):
                found += 1
                if blanks:
                    for cell in cells:
                        if isinstance(cell.value, str):
                            cell.value = needles.without_ids(cell.value) or None
                else:
                    sheet.delete_rows(number)
    if found:
        book.save(path)
    return found
