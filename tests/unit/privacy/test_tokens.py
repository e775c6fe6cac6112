"""Tokens: the same for the same person however written, and useless without the key."""

import hashlib
import hmac
from datetime import date

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import RegularsError
from regulars.privacy.keys import PURPOSES, KeyRing
from regulars.privacy.tokens import Tokens, _name_parts, _phone, begin, digests, numbers

RING = KeyRing({(purpose, 1): hashlib.sha256(purpose.encode()).digest() for purpose in PURPOSES})
TOKENS = Tokens(RING, "CN")


def normal(kind, *values, tokens=TOKENS):
    return tokens.normal(kind, pa.array(values, pa.string())).to_pylist()


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("138–1234—5678", "+8613812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("0086-13812345678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("(+86)138.1234.5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("138　1234　5678", "+8613812345678"),
        ("\u200b13812345678 ", "+8613812345678"),
        ("+86 160-0012-3456", "+8616000123456"),
        ("16000123456", "+8616000123456"),
        ("021-6234 5678", "+862162345678"),
        ("+1 650 253 0000", "+16502530000"),
        ("+886 2 2311 3731", "+886223113731"),
        ("none", None),
        ("12", None),
        ("", None),
        (None, None),
    ],
)
def test_phone_numbers_have_one_form(written, meant):
    assert normal("phone", written) == [meant]


def test_the_short_way_for_chinese_mobiles_gives_what_the_parser_gives():
    for written in ("13812345678", "+8615912345678", "0086 186 1234 5678", "86 13312345678"):
        parsed = phonenumbers.parse(written.replace("0086", "+86"), "CN")
        e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert normal("phone", written) == [e164]


_BETWEEN = st.sampled_from(["", "", " ", "-", "\u00a0", "－", "."])


@given(
    st.sampled_from(["", "+86", "86", "0086", "＋８６"]),
    st.integers(3, 9),
    st.lists(st.tuples(st.integers(0, 9), _BETWEEN), min_size=9, max_size=9),
)
def test_the_short_way_of_a_mobile_number_is_that_of_the_library(country, second, digits):
    written = f"{country}1{second}" + "".join(f"{between}{digit}" for digit, between in digits)
    plain = f"+861{second}" + "".join(str(digit) for digit, _ in digits)
    parsed = phonenumbers.parse(plain, None)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert normal("phone", written) == [e164] == [_phone(plain, "CN")]


_NAMES = st.text(st.sampled_from("王李小明ab é·\U00020001"), max_size=7)


@given(st.lists(st.none() | _NAMES, max_size=8))
def test_the_short_way_of_names_is_that_of_the_long_one(names):
    values = pa.array(names, pa.string())
    long = TOKENS._once("name", values, lambda n: TOKENS._parts("name part", n, _name_parts))
    assert TOKENS.name_keys(values).to_pylist() == long.to_pylist()


def test_another_region_reads_its_own_numbers():
    taiwan = Tokens(RING, "TW")
    assert normal("phone", "0912 345 678", "02-2311-3731", tokens=taiwan) == [
        "+886912345678",
        "+886223113731",
    ]
    with pytest.raises(RegularsError, match="phone_region 'XX'"):
        Tokens(RING, "XX")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Li.Na@Example.COM", "li.na@example.com"),
        (" li.na@example.com\t", "li.na@example.com"),
        ("ｌｉ＠example.com", "li@example.com"),
        ("not an address", None),
        ("@example.com", None),
        ("a@b@c", None),
        (None, None),
    ],
)
def test_mail_addresses_have_one_form(written, meant):
    assert normal("email", written) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("王小明", "王小明"),
        (" 王 小 明 ", "王小明"),
        ("王　小明", "王小明"),
        ("O'Brien, Anna", "o brien anna"),
        ("ANNA  o’brien", "anna o brien"),
        ("Ａnna", "anna"),
        ("迪丽热巴·迪力木拉提", "迪丽热巴迪力木拉提"),
        ("王小明 Tom Wang", "王小明tom wang"),
        ("---", None),
        ("", None),
        (None, None),
    ],
)
def test_names_have_one_form(written, meant):
    assert normal("name", written) == [meant]


@pytest.mark.requirement("SEC-01")
def test_a_token_is_the_hmac_of_kind_and_form():
    (token,) = TOKENS.tokens("phone", pa.array(["138-1234-5678"])).to_pylist()
    key = RING.derived("token", "token/phone")
    expected = hmac.new(key, b"+8613812345678", "sha256").hexdigest()[:32]
    assert token == f"ph1_{expected}"


@given(st.binary(max_size=64), st.lists(st.binary(max_size=300), max_size=5))
def test_the_hash_states_give_hmac(key, messages):
    expected = [hmac.new(key, m, "sha256").hexdigest() for m in messages]
    assert digests(begin(key), messages, 64) == expected


def test_rfc_4231_case_2():
    (found,) = digests(begin(b"Jefe"), [b"what do ya want for nothing?"], 64)
    # pragma: allowlist nextline secret
    assert found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_kinds_and_keys_never_give_the_same_token():
    values = pa.array(["13812345678"])
    newer = RING.with_new("token")
    found = {
        TOKENS.tokens("phone", values)[0].as_py()[4:],
        TOKENS.tokens("name", values)[0].as_py()[4:],
        Tokens(newer, "CN").tokens("phone", values)[0].as_py()[4:],
    }
    assert len(found) == 3
    assert Tokens(newer, "CN").tokens("phone", values)[0].as_py().startswith("ph2_")
    assert Tokens(newer, "CN", 1).tokens("phone", values) == TOKENS.tokens("phone", values)


def test_arrays_keep_their_order_and_their_gaps():
    chunked = pa.chunked_array([["a@b.cn", None, "x"], ["A@B.CN"], pa.array([], pa.string())])
    found = TOKENS.tokens("email", chunked).to_pylist()
    assert found[1] is None
    assert found[2] is None
    assert found[0] == found[3]
    assert found[0].startswith("em1_")
    assert TOKENS.tokens("email", pa.array([None, None], pa.string())).to_pylist() == [None, None]
    assert TOKENS.tokens("phone", pa.array([], pa.string())).to_pylist() == []


def test_birth_dates_are_dates_or_texts():
    dates = TOKENS.tokens("birth_date", pa.array([date(1980, 5, 7), None]))
    assert dates == TOKENS.tokens("birth_date", pa.array(["1980-05-07", None]))
    assert dates[0].as_py().startswith("bd1_")


def shared(keys):
    one, two = (set(k) for k in keys.to_pylist())
    return len(one & two) / len(one | two)


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        ("王小明", "王 小明", 1, 1),
        ("王小明", "王晓明", 0.2, 0.5),
        ("王小明", "李静", 0, 0),
        ("Katherine Jones", "Catherine Jones", 0.7, 0.9),
        ("Katherine Jones", "Tom Baker", 0, 0.15),
    ],
)
def test_names_written_alike_share_keys(one, two, least, most):
    assert least <= shared(TOKENS.name_keys(pa.array([one, two]))) <= most


def test_the_keys_of_a_birth_date_are_of_year_month_and_day():
    parts = begin(RING.derived("token", "token/birth date part"))

    def keys(*texts):
        return sorted(numbers(parts, [text.encode() for text in texts]).tolist())

    dates = pa.array(["1980-05-17", None, "1980-05-05", "2000-02-29"])
    expected = [
        keys("year 1980", "05", "17"),
        None,
        keys("year 1980", "05"),  # day and month alike are one part
        keys("year 2000", "02", "29"),
    ]
    assert TOKENS.birth_keys(dates).to_pylist() == expected
    assert TOKENS.birth_keys(dates[1:2]).to_pylist() == [None]
    assert TOKENS.birth_keys(dates[:0]).to_pylist() == []


@pytest.mark.parametrize(
    ("one", "two", "least"),
    [
        ("1980-05-07", "1980-05-07", 1),
        ("1980-05-07", "1980-07-05", 1),  # day and month swapped
        ("1980-05-07", "1980-05-17", 0.5),
        ("1980-05-07", "1990-05-07", 0.5),
    ],
)
def test_birth_dates_mistyped_share_keys(one, two, least):
    assert shared(TOKENS.birth_keys(pa.array([one, two]))) >= least
    assert shared(TOKENS.birth_keys(pa.array([one, "1971-11-23"]))) == 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("北京市朝阳区建国路88号院3号楼2单元501室", "北京市 朝阳区 建国路 88 3 2 501"),
        (" 北京市朝阳区　建国路８８-3-2-501 ", "北京市 朝阳区 建国路 88 3 2 501"),
        ("道里区中央大街12号", "道里区 中央大街 12"),
        ("人民医院楼上", "人民医院楼上"),
        ("7 Wallaby Place, Delmar", "7 wallaby place delmar"),
        ("Flat 3b", "flat 3 b"),
        ("--", None),
        (None, None),
    ],
)
def test_addresses_have_one_form(written, meant):
    assert normal("address", written) == [meant]


def test_an_address_shares_what_is_not_mistyped():
    places = [
        "上海市中山路12号3室",
        "上海市中山路12号4室",
        "上海市中由路12号3室",
        "北京市长江街9号",
    ]
    one, *others = (set(k) for k in TOKENS.address_keys(pa.array(places)).to_pylist())
    # 上海市, 中山路 and the three neighbouring two.
    assert len(one) == 5
    assert [len(one & other) for other in others] == [4, 2, 0]
    keys = TOKENS.address_keys(pa.array(["b a b a", None, "", "a"], pa.string())).to_pylist()
    assert [keys and len(keys) for keys in keys] == [4, None, None, 1]
    assert all(key == sorted(key) for key in keys if key)
    assert set(keys[3]) < set(keys[0])
    assert TOKENS.address_keys(pa.array([], pa.string())).to_pylist() == []
    # Another key than that of names, and another version of it.
    assert not set(keys[0]) & set(TOKENS.name_keys(pa.array(["b a"]))[0].as_py())
    assert Tokens(RING.with_new("token"), "CN").address_keys(pa.array(["a"])) != keys[3]


def test_numbers_are_the_first_bits_of_the_hmac():
    whole = [int(digest, 16) >> 1 for digest in digests(begin(b"k"), [b"a", b"", b"b"], 16)]
    assert numbers(begin(b"k"), [b"a", b"", b"b"]).tolist() == whole
    assert numbers(begin(b"k"), []).tolist() == []


def test_parts_are_sorted_tokens_without_their_order():
    (keys,) = TOKENS.name_keys(pa.array(["王小明"])).to_pylist()
    assert keys == sorted(set(keys))
    assert len(keys) == 5
    assert all(0 <= key < 2**63 for key in keys)
    assert TOKENS.name_keys(pa.array([None, "--"], pa.string())).to_pylist() == [None, None]
