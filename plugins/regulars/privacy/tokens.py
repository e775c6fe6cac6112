"""Keyed tokens: equal for equal people however their data are written, and nothing without the key.

A value is brought into one form, and its token is the HMAC-SHA-256 of that form under a key of its
kind, cut to 128 bits, with a prefix that names kind and key version: ``ph1_…``. What linkage
compares beyond equality are arrays of short tokens of parts (``name_keys``, ``birth_keys``,
``address_keys``: 63 bits as whole numbers): people written differently share some of them. What
that gives away is said in docs/adr/0010-tokens-and-vault.md.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from regulars.errors import RegularsError
from regulars.privacy.keys import KeyRing, derive

PREFIXES = {"name": "nm", "phone": "ph", "email": "em", "birth_date": "bd"}
TOKEN_HEX = 32
_BLOCK = 64

# RE2, as Arrow has it: blanks, dashes and what people put between the digits of a number.
_BETWEEN_DIGITS = r"[\s\p{Z}\p{Pd}\p{Cf}().·/]+"
_CHINESE_MOBILE = r"^(?:\+?86|0086)?(?P<mobile>1[3-9][0-9]{9})$"
_NOT_IN_NAMES = r"[\s\p{Z}\p{Cf}\p{P}]+"
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Up to so many characters, one of them Chinese (RE2).
_SHORT_NAME = 4
_HAN = r"[\x{3400}-\x{9fff}\x{f900}-\x{faff}\x{20000}-\x{3ffff}]"
_SHORT_CHINESE = (
    "^(?:"
    + "|".join(f".{{{n}}}{_HAN}.{{0,{_SHORT_NAME - 1 - n}}}" for n in range(_SHORT_NAME))
    + ")$"
)
_BLANKS_OF_CHINESE = re.compile(
    "(?<=[\u3400-\u9fff\uf900-\ufaff]) | (?=[\u3400-\u9fff\uf900-\ufaff])"
)
# Between the parts of an address: after a number, a province, town, district or street; the words
# that say what a number counts (house, stairs, floor, room) are left out as often as written.
_PARTS_OF_ADDRESSES = (
    (r"[0-9]+", r" \0 "),
    (r"( [0-9]+ )[号號楼樓栋棟幢座单單元层層室院]+", r"\1"),
    (r"[省市区區县縣旗镇鎮乡鄉村路街道巷弄里]+", r"\0 "),
    (r"\s+", " "),
)


HashStates = tuple["hashlib._Hash", "hashlib._Hash"]


class Tokens:
    """Makes tokens with the token key in use, or with a former version of it."""

    def __init__(self, ring: KeyRing, region: str, version: int | None = None):
        """Region: ISO 3166, of phone numbers without a country code."""
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise RegularsError(f"phone_region {region!r} is no region that has phone numbers")
        self.version = version or ring.version("token")
        self.region = region
        key = ring.key("token", self.version)
        kinds = [*PREFIXES, "name part", "birth date part", "address part"]
        self._begun = {kind: begin(derive(key, f"token/{kind}")) for kind in kinds}

    def normal(self, kind: str, values: pa.Array) -> pa.Array:
        """The form in which values of ``kind`` are compared; null where nothing is left."""
        return _NORMAL[kind](values, self.region)

    def tokens(self, kind: str, values: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Tokens of ``values`` (texts, or dates of birth); null where there is nothing to tell.

        Each distinct value is worked on once.
        """
        prefix = f"{PREFIXES[kind]}{self.version}_"

        def made(normal: pa.Array) -> pa.Array:
            found = tokens_of(self._begun[kind], normal.cast(pa.binary()), TOKEN_HEX)
            return pc.binary_join_element_wise(prefix, found, "")

        return self._once(kind, values, made)

    def name_keys(self, names: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Per name the sorted tokens of its parts: characters and pairs of a Chinese name, pairs of
        letters of another. Names written alike share most; null where there is no name.
        """
        return self._once("name", names, self._name_parts)

    def birth_keys(self, dates: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Per date the sorted tokens of year, month and day. One typing error leaves two of three;
        day and month told apart by nothing, so that a swap leaves all.
        """
        return self._once("birth_date", dates, self._birth_parts)

    def address_keys(self, addresses: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Per address the sorted tokens of its words and streets, and of neighbouring two, a number
        being one. One that is mistyped leaves the others; null where there is no address.
        """
        return self._once("address", addresses, self._address_parts)

    def _address_parts(self, normal: pa.Array) -> pa.Array:
        lists = pc.split_pattern(normal, " ")
        words, row = pc.list_flatten(lists), pc.list_parent_indices(lists).to_numpy()
        is_pair = row[1:] == row[:-1]
        pairs = pc.binary_join_element_wise(
            words.slice(0, max(0, len(words) - 1)).filter(pa.array(is_pair)),
            words.slice(1).filter(pa.array(is_pair)),
            " ",
        )
        # A number of a house alone is that of a house in every street.
        is_word = pc.invert(pc.match_substring_regex(words, "^[0-9]+$"))
        parts = pa.concat_arrays([words.filter(is_word), pairs]).dictionary_encode()
        known = numbers(self._begun["address part"], parts.dictionary.cast(pa.binary()).to_pylist())
        tokens = known[parts.indices.to_numpy()]
        row = np.concatenate([row[is_word.to_numpy(zero_copy_only=False)], row[1:][is_pair]])
        order = np.lexsort((tokens, row))
        row, tokens = row[order], tokens[order]
        is_first = np.ones(len(row), bool)
        is_first[1:] = (row[1:] != row[:-1]) | (tokens[1:] != tokens[:-1])
        ends = np.searchsorted(row[is_first], np.arange(len(normal) + 1))
        made = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(tokens[is_first]))
        return pc.if_else(pc.is_valid(normal), made, pa.scalar(None, made.type))

    def _name_parts(self, normal: pa.Array) -> pa.Array:
        """The common case, a few characters with a Chinese one among them, without a loop: the same
        result ten times faster.
        """
        short = pc.fill_null(pc.match_substring_regex(normal, _SHORT_CHINESE), False)
        rest = self._parts("name part", normal.filter(pc.invert(short)), _name_parts)
        names = normal.filter(short)
        parts = []
        for width in (1, 2):
            for first in range(_SHORT_NAME - width + 1):
                part = pc.utf8_slice_codeunits(names, first, first + width)
                is_whole = pc.equal(pc.utf8_length(part), width)
                parts.append(pc.if_else(is_whole, part, pa.scalar(None, pa.string())))
        made = self._columns_of_parts("name part", parts)
        # Back into their order: those of the loop stand behind the others.
        is_short = short.to_numpy(zero_copy_only=False)
        places = np.where(
            is_short, np.cumsum(is_short) - 1, is_short.sum() + np.cumsum(~is_short) - 1
        )
        return pa.concat_arrays([made, rest]).take(pa.array(places))

    def _birth_parts(self, normal: pa.Array) -> pa.Array:
        year = pc.binary_join_element_wise("year", pc.utf8_slice_codeunits(normal, 0, -6), " ")
        month = pc.utf8_slice_codeunits(normal, -5, -3)
        made = self._columns_of_parts(
            "birth date part", [year, month, pc.utf8_slice_codeunits(normal, -2)]
        )
        return pc.if_else(pc.is_valid(normal), made, pa.scalar(None, made.type))

    def _columns_of_parts(self, kind: str, parts: Sequence[pa.Array]) -> pa.Array:
        """Per row the sorted tokens of its distinct parts: the values of ``parts`` at its place."""
        encoded = pa.concat_arrays(parts).dictionary_encode()
        messages = encoded.dictionary.cast(pa.binary()).to_pylist()
        known = pa.array(numbers(self._begun[kind], messages))
        none = np.iinfo(np.int64).max
        tokens = pc.fill_null(known.take(encoded.indices), none).to_numpy()
        tokens = np.sort(tokens.reshape(len(parts), -1), axis=0).T
        is_first = tokens != none
        is_first[:, 1:] &= tokens[:, 1:] != tokens[:, :-1]
        ends = np.concatenate([[0], np.cumsum(is_first.sum(axis=1))])
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(tokens[is_first]))

    def _once(
        self,
        kind: str,
        values: pa.Array | pa.ChunkedArray,
        made: Callable[[pa.Array], pa.Array],
    ) -> pa.Array:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if not isinstance(values, pa.DictionaryArray):
            values = values.dictionary_encode()
        return made(self.normal(kind, values.dictionary)).take(values.indices)

    def _parts(
        self, kind: str, normal: pa.Array, split: Callable[[str], Collection[str]]
    ) -> pa.Array:
        texts = [None if text is None else split(text) for text in normal.to_pylist()]
        parts = list(set().union(*filter(None, texts)))
        found = numbers(self._begun[kind], [part.encode() for part in parts]).tolist()
        known = dict(zip(parts, found, strict=True))
        ends, tokens = [0], []
        for held in texts:
            if held is not None:
                tokens += sorted([known[part] for part in held])
            ends.append(len(tokens))
        made = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(tokens, pa.int64()))
        return pc.if_else(pc.is_valid(normal), made, pa.scalar(None, made.type))


def begin(key: bytes) -> HashStates:
    """The two hashes of HMAC-SHA-256 (RFC 2104) after the key, to be copied for every message.

    ``hmac.new(key).copy()`` gives the same in twice the time; a test compares the two.
    """
    if len(key) > _BLOCK:
        raise ValueError("a key of at most 64 bytes is wanted")
    padded = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
    return inner, outer


def digests(
    begun: HashStates,
    messages: Sequence[bytes | None],
    digits: int,
) -> list[str | None]:
    """The first hexadecimal ``digits`` of the HMAC of every message; None stays None."""
    inner, outer = begun
    made = []
    for message in messages:
        if message is None:
            made.append(None)
        else:
            one, two = inner.copy(), outer.copy()
            one.update(message)
            two.update(one.digest())
            made.append(two.hexdigest()[:digits])
    return made


def numbers(begun: HashStates, messages: Sequence[bytes]) -> np.ndarray:
    """The first 63 bits of the HMAC of every message, as whole numbers."""
    inner, outer = begun
    made = []
    for message in messages:
        one, two = inner.copy(), outer.copy()
        one.update(message)
        two.update(one.digest())
        made.append(two.digest()[:8])
    return (np.frombuffer(b"".join(made), ">u8") >> 1).astype(np.int64)


def tokens_of(begun: HashStates, messages: pa.Array, digits: int) -> pa.Array:
    """``digests`` of an array of byte strings, as an array of texts."""
    return texts_of(lambda found: digests(begun, found, digits), messages, digits)


def texts_of(
    made: Callable[[Sequence[bytes]], list[str]], messages: pa.Array, digits: int
) -> pa.Array:
    """What ``made`` gives for messages, texts of ``digits`` each; null stays null."""
    if messages.null_count:
        filled = texts_of(made, messages.drop_null(), digits)
        none = pa.nulls(len(messages), pa.string())
        return pc.replace_with_mask(none, messages.is_valid(), filled)
    data = "".join(made(messages.to_pylist())).encode("ascii")
    ends = np.arange(0, digits * (len(messages) + 1), digits, np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(messages), buffers)


def _compatible(values: pa.Array) -> pa.Array:
    """Full-width and other compatibility forms as their ordinary characters (NFKC)."""
    return pc.utf8_normalize(values.cast(pa.string()), form="NFKC")


def _filled(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def _phones(values: pa.Array, region: str) -> pa.Array:
    """E.164; what no number can be read from keeps its digits, if there are at least five."""
    compact = pc.replace_substring_regex(_compatible(values), _BETWEEN_DIGITS, "")
    if region == "CN":
        # The common case without a parser: the same result a hundred times faster.
        mobile = pc.struct_field(pc.extract_regex(compact, _CHINESE_MOBILE), "mobile")
        known = pc.binary_join_element_wise("+86", mobile, "")
    else:
        known = pa.nulls(len(values), pa.string())
    rest = pc.and_(pc.is_valid(values), pc.is_null(known))
    if not pc.any(rest).as_py():
        return known
    parsed = pa.array([_phone(text, region) for text in values.filter(rest).to_pylist()])
    return pc.replace_with_mask(known, rest, parsed.cast(pa.string()))


def _phone(text: str, region: str) -> str | None:
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())
    if len(digits) < 5:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _emails(values: pa.Array, _: str) -> pa.Array:
    """Lower case; null unless something stands on both sides of one @."""
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(_compatible(values)))
    good = pc.match_substring_regex(lower, r"^[^@\s]+@[^@\s]+$")
    return pc.if_else(good, lower, pa.scalar(None, pa.string()))


def _names(values: pa.Array, _: str) -> pa.Array:
    """Lower case, one blank between words, none beside Chinese characters, no punctuation."""
    words = pc.replace_substring_regex(_compatible(values), _NOT_IN_NAMES, " ")
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(words))
    blank = pc.match_substring(plain, " ")
    if pc.any(blank).as_py():
        mended = [_BLANKS_OF_CHINESE.sub("", text) for text in plain.filter(blank).to_pylist()]
        plain = pc.replace_with_mask(plain, blank, pa.array(mended, pa.string()))
    return _filled(plain)


def _addresses(values: pa.Array, _: str) -> pa.Array:
    """Lower case, one blank between parts, no punctuation."""
    plain = pc.utf8_lower(pc.replace_substring_regex(_compatible(values), _NOT_IN_NAMES, " "))
    for pattern, replacement in _PARTS_OF_ADDRESSES:
        plain = pc.replace_substring_regex(plain, pattern, replacement)
    return _filled(pc.utf8_trim_whitespace(plain))


def _birth_dates(values: pa.Array, _: str) -> pa.Array:
    """YYYY-MM-DD."""
    return values.cast(pa.string())


_NORMAL: dict[str, Callable[[pa.Array, str], pa.Array]] = {
    "phone": _phones,
    "email": _emails,
    "name": _names,
    "address": _addresses,
    "birth_date": _birth_dates,
}


def _name_parts(name: str) -> set[str]:
    """Pairs of characters, with the ends of words of letters; of a Chinese name each one too."""
    if _CHINESE.search(name):
        return {*name, *(name[n : n + 2] for n in range(len(name) - 1))}
    return {f" {word} "[n : n + 2] for word in name.split() for n in range(len(word) + 1)}
