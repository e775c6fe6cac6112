"""What a text gives away by number is taken out; what only looks like it stays."""

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.privacy.redaction import redact, redacted

FOUND = [
    # phone numbers
    ("我的手机13812345678,请回电", "我的手机[phone],请回电"),
    ("13812345678", "[phone]"),
    ("打138 1234 5678找我", "打[phone]找我"),
    ("打138-1234-5678找我", "打[phone]找我"),
    ("打138–1234—5678找我", "打[phone]找我"),
    ("打１３８１２３４５６７８找我", "打[phone]找我"),
    ("打１３８－１２３４－５６７８找我", "打[phone]找我"),
    ("打138　1234　5678找我", "打[phone]找我"),
    ("打1 3 8 1 2 3 4 5 6 7 8找我", "打[phone]找我"),
    ("138\u200b1234\u200b5678", "[phone]"),
    ("١٣٨١٢٣٤٥٦٧٨", "[phone]"),
    ("call me at +86 138 1234 5678!", "call me at [phone]!"),
    ("(+86)13812345678", "[phone]"),
    ("008613812345678", "[phone]"),
    ("16000123456和16000654321", "[phone]和[phone]"),
    ("订单号13812345678", "订单号[phone]"),  # shaped like a mobile number: better lost than shown
    ("座机021-62345678转801", "座机[phone]"),
    ("(021) 6234 5678", "[phone]"),
    ("010-87654321", "[phone]"),
    ("0755 2345678打不通", "[phone]打不通"),
    ("电话：62345678", "电话：[phone]"),
    ("Tel 6234 5678 after six", "Tel [phone] after six"),
    ("+1 650-253-0000", "[phone]"),
    ("+852 2345 6789", "[phone]"),
    ("ring (650) 253-0000", "ring [phone]"),
    ("我的台湾手机0912-345-678", "我的台湾手机[phone]"),
    # mail addresses
    ("发到li.na@example.com谢谢", "发到[email]谢谢"),
    ("ＬＩ＠example.com", "[email]"),
    ("mail Li+Na_1@mail.example.co.uk.", "mail [email]."),
    ("a@example.cn;b@example.cn", "[email];[email]"),
    # identity and card numbers
    ("身份证11010519491231002X", "身份证[id]"),
    ("身份证 110105 19491231 002x 丢了", "身份证 [id] 丢了"),
    ("１１０１０５１９４９１２３１００２Ｘ", "[id]"),
    ("身份证号:110105194912310021", "身份证号:[id]"),  # mistyped, but said to be one
    ("老证110105491231002", "老证[id]"),
    ("卡号6222021234567890128", "卡号[card]"),
    ("card 4111 1111 1111 1111 charged twice", "card [card] charged twice"),
    ("5500-0000-0000-0004", "[card]"),
    ("amex 378282246310005", "amex [card]"),
    # accounts
    ("加微信xiaoming_88", "加微信[account]"),
    ("微信号：lina-home", "微信号：[account]"),
    ("QQ 12345678", "QQ [account]"),
    ("wechat id: tangyuan", "wechat id: [account]"),
    # addresses
    ("我住在上海市静安区中山路12号3单元501室", "我住在[address]"),
    ("送到北京市朝阳区建国路88号", "送到[address]"),
    ("地址是中山北路１２号", "地址是[address]"),
    ("寄到幸福里小区3栋2单元501", "寄到[address]"),
    ("阳光花园12号楼301室收不到", "[address]收不到"),
    ("人民大道100-2号", "[address]"),
    ("老西门弄堂里25弄6号", "[address]"),
    ("I live at 12 Main Street, Apt 5, Springfield", "I live at [address]"),
    ("No. 88 Zhongshan Road, Shanghai 200001", "[address]"),
    ("Room 501, No. 12 Nanjing West Road", "[address]"),
    ("P.O. Box 123", "[address]"),
    # several at once
    (
        "王女士 13812345678 li@example.com 上海市中山路1号",
        "王女士 [phone] [email] [address]",
    ),
]
KEPT = [
    "",
    "芋圆Q弹,冬天一碗暖到心里 😋",
    "订单号20141231123456789",
    "订单号 6222021234567890128",
    "小票号:4111111111111111",
    "receipt 000123456789",
    "order no. 378282246310005",
    "单号SF1234567890123",
    "20141231180532",
    "2014-12-31 18:05:00",
    "2014年12月31日18点05分",
    "12/31/2014 and 2014-11-30",
    "3号桌等了30分钟",
    "中山路3号店的豆花",
    "地铁2号线旁边",
    "道口3号窗",
    "南京路店服务好",
    "price 128.00, paid 13812.50",
    "¥1,380,012,345",
    "13.812345678",
    "138123456789",  # twelve digits
    "1381234567",  # ten digits
    "12345678901234567",
    "110105194912310021",  # wrong check digit, and nothing says that it is one
    "4111111111111112",
    "1234567890123456",
    "买1送1,第2杯半价",
    "客服热线400-820-8820",
    "满3500打8折",
    "用微信支付更快",
    "wechat payment failed",
    "1 2 3 4 5 6 7 8 9 10 11",
    "3 Star service in 2 Days",
    "a @ b",
    "@store 你好",
    "P201 P304",
    "评分 9.5/10",
    "Way too sweet, 10 times",
    "路上12分钟",
    "P.S. 20% off",
]


@pytest.mark.requirement("FB-01")
@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text, expected):
    assert redact(text) == expected


@pytest.mark.requirement("FB-01")
@pytest.mark.parametrize("text", KEPT)
def test_kept(text):
    assert redact(text) == text


def test_the_tables_are_long_enough():
    assert len(FOUND) + len(KEPT) >= 60


@pytest.mark.requirement("SEC-01")
@given(st.text(alphabet="1380０１３８-  a中号路@.", max_size=60))
def test_nothing_that_looks_like_a_mobile_number_is_left(text):
    clean = redact(text)
    assert not re.search(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", clean) or re.search(
        r"[0-9][.,]?1[3-9]", clean
    )
    assert redact(clean) == clean


@given(st.text(max_size=80))
def test_redacting_twice_changes_nothing(text):
    assert redact(redact(text)) == redact(text)


def test_arrays_keep_their_order_and_their_gaps():
    texts = pa.chunked_array([["plain", None], ["打13812345678", "plain"]])
    assert redacted(texts).to_pylist() == ["plain", None, "打[phone]", "plain"]
    assert redacted(pa.array([None], pa.string())).to_pylist() == [None]
    assert redacted(pa.array(["no digits"])).to_pylist() == ["no digits"]
