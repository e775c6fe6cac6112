"""The suppression list: whom an erasure must keep out when old files come again.

One file per erasure, ``<home>/vault/suppression/<certificate>.json``, holds keyed hashes of the
person's numbers and contacts and nothing else. A number is refused for ever; a phone number or
mail address only in member rows that were created before the erasure, so that a person who comes
back later may join again.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from regulars.privacy.classes import Protection
from regulars.privacy.keys import KeyRing
from regulars.privacy.tokens import TOKEN_HEX, Tokens, begin, digests
from regulars.settings import Settings

# Columns that hold a person's number, of one's own or as a reference.
PERSON_COLUMNS = ("customer_id", "prospect_id", "referrer_id", "party_id")
CONTACTS = ("phone", "email")
# Fields of a record, whatever its form; what parts them is kept.
_SPLIT = re.compile(r"([,;|\t\x1f\r\n\"]+)")
_PHONE = re.compile(r"[\d\s+().·/\-－＋（）]{7,30}")


class Suppression:
    """The list as it stood when it was opened."""

    def __init__(self, settings: Settings, ring: KeyRing):
        self.folder: Path = settings.vault / "suppression"
        self._begun = begin(ring.derived("index", "suppression"))
        self._tokens = Tokens(ring, settings.phone_region)
        self._erased: dict[str, datetime] = {}
        for path in sorted(self.folder.glob("*.json")):
            held = json.loads(path.read_text("utf-8"))
            erased_at = datetime.fromisoformat(held["erased_at"])
            if erased_at.tzinfo:
                erased_at = erased_at.astimezone(UTC).replace(tzinfo=None)
            for entry in held["entries"]:
                self._erased[entry] = max(erased_at, self._erased.get(entry, erased_at))

    def __len__(self) -> int:
        """The number of entries."""
        return len(self._erased)

    def entries(self, ids: list[str], contacts: dict[str, list[str]]) -> list[str]:
        """What the list holds of a person.

        Args:
            ids: customer and prospect numbers.
            contacts: clear phone numbers and mail addresses by kind.
        """
        texts = [_number(value) for value in ids]
        for kind, values in contacts.items():
            forms = self._tokens.normal(kind, pa.array(values, pa.string())).to_pylist()
            texts += [f"{kind}:{form}" for form in forms if form is not None]
        return sorted(set(digests(self._begun, _encoded(texts), TOKEN_HEX)))

    def references(self, rows: pa.Table, column: str) -> pa.Array:
        """Per row whether ``column`` holds the number of a suppressed person."""
        return self.numbers(rows[column].combine_chunks())

    def numbers(self, values: pa.Array) -> pa.Array:
        """Per value whether it is the number of a suppressed person."""
        return self._known(values, "id") if self._erased else pa.repeat(False, len(values))

    def persons(self, rows: pa.Table, spec: Protection) -> pa.Array:
        """Per row, as delivered, whether it is about a suppressed person."""
        found = pa.repeat(False, rows.num_rows)
        if not self._erased:
            return found
        for name in ("customer_id", "prospect_id"):
            if name in rows.column_names:
                found = pc.or_(found, self.references(rows, name))
        for name, kind in spec.tokens:
            if kind in CONTACTS:
                found = pc.or_(found, self._known(rows[name].combine_chunks(), kind, rows))
        return found

    def in_text(self, text: str) -> bool:
        """Whether a field of a delivered record is a suppressed number, phone or mail address."""
        return any(self._is_number(field) or self._is_contact(field) for field in _fields(text))

    def without_ids(self, text: str) -> str:
        """The record without suppressed numbers."""
        return "".join("" if self._is_number(field) else field for field in _SPLIT.split(text))

    def _is_number(self, field: str) -> bool:
        return self._holds(_number(field.strip()))

    def _is_contact(self, field: str) -> bool:
        if "@" not in field and not _PHONE.fullmatch(field):
            return False
        values = pa.array([field.strip()], pa.string())
        forms = ((kind, self._tokens.normal(kind, values)[0].as_py()) for kind in CONTACTS)
        return any(form and self._holds(f"{kind}:{form}") for kind, form in forms)

    def _holds(self, text: str) -> bool:
        return digests(self._begun, [text.encode()], TOKEN_HEX)[0] in self._erased

    def _known(self, values: pa.Array, kind: str, rows: pa.Table | None = None) -> pa.Array:
        encoded = values.cast(pa.string()).dictionary_encode()
        if kind == "id":
            texts = [_number(text) for text in encoded.dictionary.to_pylist()]
        else:
            forms = self._tokens.normal(kind, encoded.dictionary).to_pylist()
            texts = [form and f"{kind}:{form}" for form in forms]
        erased = [
            self._erased.get(d or "") for d in digests(self._begun, _encoded(texts), TOKEN_HEX)
        ]
        times = pa.array(erased, pa.timestamp("us")).take(encoded.indices)
        if rows is None or "created_at" not in rows.column_names:
            return pc.is_valid(times)
        before = pc.less_equal(rows["created_at"].combine_chunks().cast(pa.timestamp("us")), times)
        return pc.and_(pc.is_valid(times), pc.fill_null(before, True))


def _fields(text: str) -> list[str]:
    return [field for field in _SPLIT.split(text) if field.strip()]


def _number(value: str | None) -> str | None:
    return None if value is None else f"id:{value}"


def _encoded(texts: list[str | None]) -> list[bytes | None]:
    return [None if text is None else text.encode() for text in texts]
