"""Personal data in open answers replaced by visible marks: numbers, addresses of every kind, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

HAN = "\u3400-\u9fff\uf900-\ufaff"
MARKS = {
    "phone": ("\u3014电话\u3015", "[phone]"),
    "id": ("\u3014证件号\u3015", "[ID number]"),
    "card": ("\u3014卡号\u3015", "[card number]"),
    "number": ("\u3014编号\u3015", "[number]"),
    "mail": ("\u3014邮箱\u3015", "[e-mail]"),
    "link": ("\u3014网址\u3015", "[link]"),
    "account": ("\u3014账号\u3015", "[account]"),
    "plate": ("\u3014车牌\u3015", "[plate]"),
    "address": ("\u3014地址\u3015", "[address]"),
    "name": ("\u3014姓名\u3015", "[name]"),
}
"""Kind of personal data to its mark in Chinese and in English answers."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄臧成戴宋庞熊纪舒屈祝董梁"
    "杜阮蓝闵席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房缪干解丁邓洪包左石崔吉龚程邢裴陆荣翁荀"
    "甄曲封储靳焦牧谷车侯班仇武刘景詹束龙叶司黎薄白蒲卓蔺池乔阴闻党翟谭姬申冉雍桑桂牛寿边尚农温庄柴瞿阎连习艾容向"
    "古易廖庾耿匡国文欧聂敖辛阚简饶曾沙鞠关查游权岳帅况郁肖覃甘涂佟冼项施"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|夏侯|端木|宇文|长孙|独孤|南宫"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_TITLES = (
    "先生|女士|小姐|太太|经理|师傅|主任|工程师|老师|大爷|大妈|大姐|大哥|阿姨|叔叔|同志"
    "|局长|所长|站长|班长|队长|科长|处长|书记|医生|警官"
)
_NOT_NAMES = (
    "安装|施工|项目|高级|高压|管理|常务|全体|万能|明白|金牌|包片|路灯|何时|任何|向各|和|查表|关键|方面|白班|连班"
)
_FREQUENT = "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗郑梁谢宋唐许邓冯韩曹曾彭肖董潘袁蔡蒋杜魏吕姚卢钟崔谭廖范"
_NOT_AFTER = "旧色期道化式及代家门用能得不可必"  # 小周期, 老陈旧
_GIVEN = f"[{HAN}]" + r"{1,2}?(?=[\W\da-zA-Z]|$|[的是在家电住有今昨了就和也我要投手说给])"
_WIDE = "\uff20\uff0d\uff3f\uff0e"
_NUMERALS = "0-9零〇一二三四五六七八九幺"
_DATE = r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?:[ T]\d{1,2}(?::\d{1,2})*)?(?![\d-])"


@cache
def _compiled(source: str, cased: bool) -> re.Pattern[str]:
    return re.compile(source, 0 if cased else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is looked for; `kept` gives what stays of a match, None leaves it whole, default nothing but the mark."""

    kind: str
    source: str
    kept: Callable[[re.Match[str], str], str | None] | None = None
    cased: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; compiling all of them takes a tenth of a second, which most studies do not need."""
        return _compiled(self.source, self.cased)


def _after_cue(match: re.Match[str], mark: str) -> str:
    return match["cue"] + mark


def _titled(match: re.Match[str], mark: str) -> str | None:
    if re.match(_NOT_NAMES, match["name"]):
        return None
    return "某" + match["title"]


def _unless_date(match: re.Match[str], mark: str) -> str | None:
    return None if re.fullmatch(_DATE, match[0]) else mark


def _rule(kind: str, pattern: str, kept: Callable[[re.Match[str], str], str | None] | None = None) -> _Rule:
    return _Rule(kind, pattern, kept)


_GAP = r"[\s:\uff1a是为号码#.]{0,4}"
_UNIT = r"(?:号楼|号院|号|栋|幢|座|弄|单元|层|楼|室|门)"
_RULES = (
    _rule("mail", r"(?<![a-z0-9._%+-])[a-z0-9._%+-]++@[a-z0-9-]+(?:\.[a-z0-9-]+)*"),
    _rule(
        "link",
        r"(?:https?://|www\.)[!-~]++"
        r"|(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|cn|net|org|gov|edu|io)(?:/[!-~]*+|(?![a-z]))",
    ),
    _rule("account", r"(?P<cue>(?:qq群?|扣扣)" + _GAP + r")[1-9]\d{4,11}", _after_cue),
    _rule(
        "account",
        r"(?P<cue>(?:微信|we ?chat|weixin|(?<![a-z])wx|(?<![a-z])vx|v信)(?:号|(?:\s*id)(?![a-z]))?[\s:\uff1a是为]{0,4})"
        r"(?=[a-z0-9_-]*[\d_])[a-z0-9_-]{5,20}",
        _after_cue,
    ),
    _rule(
        "account",
        r"(?P<cue>(?:微信号?|we ?chat|weixin|wx|vx)(?:号|\s*id)?\s*(?:[:\uff1a]|\bis\b)\s*)[a-z][a-z0-9_-]{4,19}",
        _after_cue,
    ),
    _rule("id", r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}[\dx](?![\da-z])"),
    _rule("card", r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"),
    _rule("phone", r"(?:\+?(?:00)?86[ -]?)?(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    _rule("phone", r"(?:\+?(?:00)?86[ -]?)?(?<!\d)[(\uff08]?0\d{2,3}[)\uff09]?[ -]?\d{3,4}[ -]?\d{4}(?:转\d+)?(?!\d)"),
    _rule("phone", r"(?<!\d)[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)"),
    _rule("phone", r"\+\d{1,3}(?:[ ().-]{0,2}\d){6,14}"),
    _rule(
        "phone",
        r"(?P<cue>(?:电话|手机|联系方式|座机|号码|\b(?:phone|tel|mobile|cell|call(?: me)?(?: (?:at|on))?))"
        + _GAP
        + r")\d(?:[ -]?\d){5,}",
        _after_cue,
    ),
    _rule("phone", f"1[{_NUMERALS}]{{10}}|(?:一|幺)[{_NUMERALS}]{{10}}"),
    _rule(
        "number",
        r"(?P<cue>(?:户号|户名号|表号|账号|帐号|卡号|编号|工号|房号|单号|缴费号|身份证"
        r"|\b(?:meter|account|customer|card|badge|ticket|case)\s*(?:no\b|num(?:ber)?\b|id\b|#))"
        + _GAP
        + r"(?:is\s+)?)[a-z]{0,3}-?\d[\d -]{1,20}\d",
        _after_cue,
    ),
    _rule(
        "plate",
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?"
        r"(?=[A-Z0-9]*\d)[A-Z0-9]{5,6}(?![A-Z0-9])",
    ),
    _rule(
        "address",
        r"(?:[^\W\d_在住是于到从的来去]{1,8}(?:路|街|巷|大道|胡同|小区|花园|家园|公寓|苑|村|镇|乡|组|里|园|城|庄|屯)[的]?)?"
        rf"(?:\d[\da-z-]{{0,5}}(?:号楼|号院|栋|幢|单元|弄)|[{_NUMERALS[3:]}十]{{1,4}}(?:号楼|号院|栋|幢|单元)|\d{{2,5}}室)"
        rf"(?:[\d{_NUMERALS[3:]}a-z-]{{1,6}}{_UNIT}?)*",
    ),
    _rule(
        "address",
        rf"[^\W\d_在住是于到从的来去]{{1,8}}(?:路|街|巷|大道|胡同|弄)\d{{1,5}}号?(?:[\da-z-]{{1,6}}{_UNIT})*",
    ),
    _rule("address", r"(?<![a-z])(?:apt|apartment|flat|room|building)\.? (?:no\.? ?)?\d{1,5}[a-z]?(?!\w)"),
    _rule(
        "name",
        rf"(?P<cue>(?:姓名|名字叫?|我叫|本人叫|联系人|户主叫?)[\s:\uff1a是为叫]{{0,3}}){_SURNAME}{_GIVEN}",
        _after_cue,
    ),
    _rule("name", rf"(?P<cue>(?:姓名|我叫|本人叫|联系人)[\s:\uff1a是为叫]{{0,3}}){_SURNAME}[{HAN}]{{1,2}}", _after_cue),
    _rule("name", rf"(?P<name>{_SURNAME}[{HAN}]{{0,2}}?)(?P<title>{_TITLES})", _titled),
    _rule(
        "name",
        rf"(?P<cue>(?<![大中很太])[小老])[{_FREQUENT}](?![{_NOT_AFTER}])(?=\W|$|[{HAN}])",
        lambda match, mark: match["cue"] + "某",
    ),
)
_CASED = (
    _Rule(
        "address",
        r"(?<![\w-])\d{1,5}[A-Za-z]?,?(?: [A-Z][a-z]+){1,3} "
        r"(?:[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Dd]rive|St\b|Rd\b|Ave\b)",
        cased=True,
    ),
    _Rule(
        "name",
        r"(?P<cue>\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b\.?\s+)[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]+)?",
        _after_cue,
        cased=True,
    ),
    _Rule("name", r"(?P<cue>\b(?:mr|mrs|ms)\b\.?\s+)[a-z][\w'’-]+", _after_cue, cased=True),
    _Rule(
        "name",
        (
            r"(?P<cue>\b(?:[Mm]y|[Tt]he|[Hh]is|[Hh]er) name(?:['’]s| is)\s+"
            r"|\b[Nn]ame:\s*|\b[Cc]ontact(?: person)?:\s*|\b[Cc]alled\s+(?=[A-Z]))"
            r"(?!(?:on|in|not|the|a|wrong|still|missing|spelled|misspelled)\b)[A-Za-z][\w'’-]*(?:\s+[A-Z][\w'’-]+){0,2}"
        ),
        _after_cue,
        cased=True,
    ),
)
_LAST = (
    _rule("number", _DATE + r"|(?<!\d)\d(?:[ -]?\d){8,}(?!\d)", _unless_date),
    _rule("number", rf"[{_NUMERALS}]{{7,}}"),
)


def mask(text: str) -> str:
    """Return an open answer with personal data replaced by marks that a reader sees.

    Masked are telephone, identity, bank-card, meter and account numbers, and whatever else has seven digits or more in
    a row; e-mail and web addresses; WeChat and QQ accounts; licence plates; addresses with the number of a house, flat
    or room; names after words such as 姓名 or Mr, and surnames before a title. Public short numbers (95598, 12345) are
    no personal data and stay, and so do amounts, dates and prices.

    Parameters
    ----------
    text
        The answer. Full-width digits and letters are made narrow, white space of any length is one blank.

    Returns
    -------
    str
        Marks are Chinese where the answer holds Chinese, else English. No seven digits in a row are left.

    Notes
    -----
    Rules find forms, not people: a name that stands alone is not found. Quotes are to be read before they are printed.

    Examples
    --------
    >>> mask("我叫李明，电话13812345678，张先生说月底来")
    '我叫〔姓名〕，电话〔电话〕，某先生说月底来'
    >>> mask("Mr Smith read meter no. 4455667; we paid 1,200.50 for 350 kWh")
    'Mr [name] read meter no. [number]; we paid 1,200.50 for 350 kWh'
    """
    text = " ".join(_narrow(text).split())
    chinese = 0 if re.search(f"[{HAN}]", text) else 1
    for rule in (*_RULES, *_CASED, *_LAST):
        text = _applied(rule, text, MARKS[rule.kind][chinese])
    return text


def unmarked(text: str) -> str:
    """Return a masked answer without its marks: what there is left to read.

    Examples
    --------
    >>> unmarked("电话〔电话〕没人接")
    '电话没人接'
    """
    for marks in MARKS.values():
        for mark in marks:
            text = text.replace(mark, "")
    return text


def _applied(rule: _Rule, text: str, mark: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        kept = mark if rule.kept is None else rule.kept(match, mark)
        return match[0] if kept is None else kept

    return rule.pattern.sub(replaced, text)


def _narrow(text: str) -> str:
    """Return a text with plain digits, and without full-width letters, for rules see only plain ones."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character < "\u0080":
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    wide = "\uff21" <= character <= "\uff3a" or "\uff41" <= character <= "\uff5a" or character in _WIDE
    return unicodedata.normalize("NFKC", character) if wide else character
