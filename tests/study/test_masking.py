"""Personal data in open answers: what is replaced, what stays, and what can never be left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.study.masking import MARKS, mask, unmarked

MASKED = [
    ("打13812345678找我", "打〔电话〕找我"),
    ("打138 1234 5678或138-1234-5678", "打〔电话〕或〔电话〕"),
    ("+86 13812345678没人接", "〔电话〕没人接"),
    ("一三八一二三四五六七八没人接", "〔电话〕没人接"),
    ("座机010-62345678和（0571）8812 3456", "座机〔电话〕和〔电话〕"),
    ("call me at 555 1234", "call me at [phone]"),
    ("ring +44 20 7946 0958 please", "ring [phone] please"),
    ("身份证11010119900307123X", "身份证〔证件号〕"),
    ("ID 110101199003071234", "ID [ID number]"),
    ("卡6222 0212 3456 7890 123", "卡〔卡号〕"),
    ("户号3301234567", "户号〔编号〕"),
    ("表号：AB-00123", "表号：〔编号〕"),
    ("工号 0235 态度差", "工号 〔编号〕 态度差"),
    ("meter no. 4455 and account number is 99 12", "meter no. [number] and account number is [number]"),
    ("读数12345678", "读数〔编号〕"),
    ("发到li.hua@example.com.cn", "发到〔邮箱〕"),
    ("see https://x.example/?id=77 or www.example.cn/me", "see [link] or [link]"),
    ("微信abc_123，QQ：123456", "微信〔账号〕，QQ：〔账号〕"),
    ("my wechat id: tomlee", "my wechat id: [account]"),
    ("京A12345挡住了电箱", "〔车牌〕挡住了电箱"),
    ("幸福小区3号楼2单元501室停电", "〔地址〕停电"),
    ("我家在中山路100号旁边", "我家在〔地址〕旁边"),
    ("we live at 221B Baker Street", "we live at [address]"),
    ("flat 12 has no power", "[address] has no power"),
    ("我叫李明，住得远", "我叫〔姓名〕，住得远"),
    ("姓名：欧阳小兰", "姓名：〔姓名〕"),
    ("联系人王建国", "联系人〔姓名〕"),
    ("张先生、李建国经理和欧阳女士来过", "某先生、某经理和某女士来过"),
    ("小张很热情", "小某很热情"),
    ("Mr Smith and Ms. Jane Doe came", "Mr [name] and Ms. [name] came"),
    ("My name is John Smith", "My name is [name]"),
    ("电话１３８００１３８０００", "电话〔电话〕"),
    ("call ٠١٢٣٤٥٦٧٨٩", "call [phone]"),
]
KEPT = [
    "用电350度，电费1234.56元，涨了一千二百三十四元",
    "2026年11月22日18:30停电，11月23日才来电",
    "2026-11-22 18:30断电，2020-2024年都这样",
    "交了1000-2000元，每度0.5583元",
    "The bill of 12,345.67 for 1200 kWh on 2026/11/22 is too high",
    "打95598很快，12345和12398也行",
    "微信公众号很好，微信支付方便",
    "WeChat payment is slow",
    "1号线路检修，10千伏线路，35kV变压器",
    "3楼也没有电，5层停水，一室一厅",
    "安装师傅和施工经理很专业，高级工程师也来了",
    "小区小时候就这样，设备老陈旧",
    "我叫了维修师傅",
    "my name is on the wrong bill",
    "Called 3 times, nobody came",
    "meter reading 123456 is wrong",
    "5 stars road works",
]


@pytest.mark.parametrize(("answer", "expected"), MASKED)
def test_personal_data_are_replaced_by_marks(answer, expected):
    assert mask(answer) == expected


@pytest.mark.parametrize("answer", KEPT)
def test_amounts_dates_and_public_numbers_stay(answer):
    assert mask(answer) == answer


CHARACTERS = st.one_of(
    st.sampled_from("0123456789 -.+()号楼室路年月日电话微信张先生小姓名：:@wwwqqVXaz一二三四五六七八九零幺\t１２３"),
    st.characters(exclude_categories=("Cs",)),
)


@given(st.text(CHARACTERS, max_size=60))
def test_never_seven_digits_in_a_row(answer):
    masked = mask(answer)
    assert re.search(r"\d{7}", masked) is None
    assert re.search(r"[零〇一二三四五六七八九幺\d]{7}", masked) is None
    assert re.search(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}", masked) is None


DIGITS = st.text("0123456789", min_size=7, max_size=20)


@given(st.text(max_size=12), DIGITS, st.text(max_size=12))
def test_a_long_number_is_found_wherever_it_stands(before, number, after):
    assert number not in mask(f"{before}{number}{after}")


@given(st.sampled_from("王李张刘陈杨赵黄周吴"), st.text("建国小兰志强秀英", min_size=1, max_size=2))
def test_a_name_before_a_title_is_found(surname, given_name):
    assert mask(f"{surname}{given_name}先生态度好") == "某先生态度好"


def test_marks_are_in_the_language_of_the_answer():
    assert all(mark.startswith("\u3014") and other.startswith("[") for mark, other in MARKS.values())
    assert unmarked(mask("13812345678") + "很好〔地址〕") == "很好"
