"""Free text without what reaches or names a person by number: deterministic, Chinese and English.

Found are phone numbers, mail addresses, Chinese identity numbers, bank cards, accounts of
messengers and postal addresses, written in any digits (full-width too), with blanks and dashes
between them. Identity and card numbers must pass their checksums, so that order numbers stay. Names
are not looked for: what people call each other cannot be told from other words with any certainty.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from stdnum import luhn
from stdnum.cn import ric

# Only texts with one of these are looked at closely (RE2).
_SUSPECT = r"(?i)[\p{Nd}@＠]|微信|wechat|weixin"

_GAP = r"[\s\u00ad\u200b-\u200f\u2060\ufeff\-‐-―−._·/]{0,2}"
_NOT_BEFORE = r"(?<![0-9])(?<![0-9][.,])"
_NOT_AFTER = r"(?![0-9])"
_ORDER = re.compile(
    r"(?:订单|单号|流水|小票|运单|快递|编号|券码|条码|批号|order|receipt|invoice|tracking|ticket"
    r"|batch|coupon|sku)\s*(?:号码|号|编号|no\.?|number|id|code)?\s*(?:是|为|:|：|#)?\s*$",
    re.IGNORECASE,
)
_ID_WORD = re.compile(
    r"(?:身份证|证件)(?:号码|号)?\s*(?:是|为|:)?\s*$|\bid(?: card)?(?: no\.?| number)?\s*:?\s*$",
    re.IGNORECASE,
)

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
_ID_18 = re.compile(rf"{_NOT_BEFORE}[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
_ID_15 = re.compile(rf"{_NOT_BEFORE}[1-9](?:{_GAP}[0-9]){{14}}{_NOT_AFTER}")
_CARD = re.compile(rf"{_NOT_BEFORE}[2-6](?:{_GAP}[0-9]){{12,18}}{_NOT_AFTER}")
_CARD_START = re.compile(r"62|4|5[1-5]|2[2-7]|3[47]|35")
_PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)} | {
    *range(61, 66), 71, 81, 82, 83, 91
}  # fmt: skip

_COUNTRY = rf"(?:(?:\+|00)?86\)?{_GAP})?"
_MOBILE = re.compile(
    rf"(?<![0-9])\(?{_COUNTRY}1(?:"
    rf"[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|[3-9][0-9]{_GAP}[0-9]{{8}}"
    rf"|[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
    rf"|[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}"
    rf"|[3-9][0-9]{{3}}{_GAP}[0-9]{{6}}"
    rf"|{_GAP}[3-9](?:{_GAP.replace('{0,2}', '{1,2}')}[0-9]){{9}}"
    rf"){_NOT_AFTER}"
)
_LANDLINE = re.compile(
    rf"{_NOT_BEFORE}\(?(?:(?:\+|00)86{_GAP}\(?)?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_GAP}"
    rf"[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?:\s*(?:转|ext\.?|x)\s*[0-9]{{1,5}})?{_NOT_AFTER}",
    re.IGNORECASE,
)
_TAIWAN = re.compile(rf"{_NOT_BEFORE}09[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}{_NOT_AFTER}")
_ABROAD = re.compile(rf"\+[1-9][0-9]{{0,2}}(?:{_GAP}\(?[0-9]\)?){{6,12}}{_NOT_AFTER}")
_AMERICAN = re.compile(r"(?<![0-9-])\(?(?!400|800)[2-9][0-9]{2}\)?[ .\-]{1,2}[2-9][0-9]{2}[ .\-][0-9]{4}(?![0-9-])")  # fmt: skip # noqa: E501
_TOLD = re.compile(
    r"(?:电话|手机|座机|号码|致电|tel|phone|mobile|call(?: me)?(?: (?:at|on))?)"
    r"\s*(?:号码|号|no\.?|number)?\s*(?:是|为|:)?\s*"
    rf"(?P<told>[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}){_NOT_AFTER}",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:微信|wechat|weixin|\bvx|\bwx|\bqq|扣扣)\s*"
    r"(?:(?P<sure>号码|号|id|[:：])\s*(?:是|为|[:：])?|加|是)?\s*"
    r"(?P<told>[A-Za-z0-9_][A-Za-z0-9_\-]{4,19})(?![A-Za-z0-9_])",
    re.IGNORECASE,
)

_HAN = "(?:(?![我你您他她它住在到是送寄请的了和于从去来们给家址与及都就号])[\u3400-\u9fff])"
_UNIT = (
    r"(?:\s?[A-Za-z]?[0-9一二三四五六七八九十]{1,5}[A-Za-z]?\s?"
    r"(?:号楼|号院|栋|幢|座|单元|楼|层|室|房|弄|号|-)){0,5}(?:[0-9]{1,4}室?)?"
)
_NO_PLACE = "(?!线|桌|店|柜|机|窗|员|套|锅|位|厅|口|台|餐|球|电|公交|车|门店|杯|碗|份)"
_STREET = re.compile(
    rf"(?:{_HAN}{{2,7}}?(?:省|自治区|市|区|县|州|镇|乡|街道)){{0,4}}"
    rf"{_HAN}{{1,7}}?(?:大道|大街|胡同|路|街|巷|弄|道|里|村|坊)(?:[东西南北中][路段]?)?\s?"
    rf"[0-9]{{1,5}}(?:[\-–之][0-9]{{1,4}})?\s?[号弄]{_NO_PLACE}{_UNIT}"
)
_ESTATE = re.compile(
    rf"(?:{_HAN}{{2,7}}?(?:省|自治区|市|区|县|州|镇|乡|街道)){{0,4}}"
    rf"{_HAN}{{1,8}}?(?:小区|花园|公寓|大厦|家园|新村|花苑|苑|嘉园|名邸|社区)\s?"
    r"[A-Za-z]?[0-9一二三四五六七八九十]{1,4}[A-Za-z]?\s?(?:号楼|栋|幢|座|单元|楼|室|号)" + _UNIT
)
_WESTERN = re.compile(
    r"(?:\b(?:Room|Rm|Flat|Unit|Apt|Suite)\.?\s*#?[0-9][\w\-]*,?\s+)?"
    r"\b(?:No\.?\s*)?[0-9]{1,5}[A-Za-z]?,?\s+(?:[A-Z][\w'’.\-]*\s+){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Boulevard|Blvd|Drive|Dr|Court|Ct|Way|Square|Terrace"
    r"|street|road|avenue|lane|boulevard|drive)\b\.?"
    r"(?:,?\s+(?:Apt|Suite|Unit|Room|Flat|#)\.?\s*#?[0-9][\w\-]*)?"
    r"(?:,\s*[A-Z][A-Za-z]+(?:\s[A-Z][A-Za-z]+)*)?(?:,?\s+(?:[A-Z]{2}\s+)?[0-9]{5,6})?"
    r"|\bP\.?\s?O\.?\s?Box\s+[0-9]+"
)


def redacted(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Texts with what was found replaced by ``[phone]``, ``[email]``, ``[id]``, ``[card]``,
    ``[account]`` or ``[address]``; a text without any is returned as it is, null stays null.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    suspect = pc.fill_null(pc.match_substring_regex(texts, _SUSPECT), False)
    if not pc.any(suspect).as_py():
        return texts
    clean = [redact(text) for text in texts.filter(suspect).to_pylist()]
    return pc.replace_with_mask(texts, suspect, pa.array(clean, texts.type))


@lru_cache(maxsize=4096)
def redact(text: str) -> str:
    """One text, as ``redacted``."""
    plain = _plain(text)
    taken: list[tuple[int, int, str]] = []
    for start, end, label in _found(plain):
        if all(end <= s or start >= e for s, e, _ in taken):
            taken.append((start, end, label))
    for start, end, label in sorted(taken, reverse=True):
        text = f"{text[:start]}[{label}]{text[end:]}"
    return text


def _found(plain: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and label of everything found, the surest first."""
    for match in _EMAIL.finditer(plain):
        yield *match.span(), "email"
    for match in _each(_ID_18, plain):
        if _is_id(_digits(match[0])) or _ID_WORD.search(plain[: match.start()]):
            yield *match.span(), "id"
    for match in _each(_ID_15, plain):
        if _is_old_id(_digits(match[0])) and not _is_order(plain, match.start()):
            yield *match.span(), "id"
    for match in _each(_CARD, plain):
        number = _digits(match[0])
        sure = _CARD_START.match(number) and luhn.is_valid(number)
        if sure and not _is_order(plain, match.start()):
            yield *match.span(), "card"
    for pattern in (_MOBILE, _ABROAD):
        for match in _each(pattern, plain):
            yield *match.span(), "phone"
    for pattern in (_LANDLINE, _TAIWAN, _AMERICAN):
        for match in _each(pattern, plain):
            if not _is_order(plain, match.start()):
                yield *match.span(), "phone"
    for match in _TOLD.finditer(plain):
        yield *match.span("told"), "phone"
    for match in _ACCOUNT.finditer(plain):
        if match["sure"] or any(c.isdigit() for c in match["told"]):
            yield *match.span("told"), "account"
    for pattern in (_STREET, _ESTATE, _WESTERN):
        for match in pattern.finditer(plain):
            yield *match.span(), "address"


def _each(pattern: re.Pattern, plain: str) -> Iterator[re.Match]:
    """Every match, overlapping ones too: a number may stand behind another that is none."""
    place = 0
    while match := pattern.search(plain, place):
        yield match
        place = match.start() + 1


def _plain(text: str) -> str:
    """The text with each character in its ordinary form, place by place."""
    if text.isascii():
        return text
    return "".join(map(_ordinary, text))


@lru_cache(maxsize=65_536)
def _ordinary(character: str) -> str:
    if character.isascii():
        return character
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 else character


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit() or c in "Xx").upper()


def _is_id(number: str) -> bool:
    return ric.is_valid(number)


def _is_old_id(number: str) -> bool:
    """Province, and a day of the twentieth century; these numbers had no check digit."""
    month, day = int(number[8:10]), int(number[10:12])
    return int(number[:2]) in _PROVINCES and 1 <= month <= 12 and 1 <= day <= 31


def _is_order(plain: str, start: int) -> bool:
    return _ORDER.search(plain[max(0, start - 24) : start]) is not None
