"""What does the text of one cell mean? Each function takes a cell that is not empty and has no space around it, and
returns the value in the form the database takes, or a `Fault`.

Nothing is guessed: a date that could be two dates, or an amount with a fraction of a yen, is refused. Results are
remembered, because a column of a million rows has few different dates, amounts and words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tojimari.lines.emails import normal_email
from tojimari.rules.identifiers import eid as eids
from tojimari.rules.identifiers import iccid as iccids
from tojimari.rules.identifiers import imsi as imsis
from tojimari.rules.identifiers import luhn
from tojimari.rules.identifiers import msisdn as msisdns
from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import DASHES, INVISIBLE

FIRST_YEAR, LAST_YEAR = 1979, 2100
"""Mobile service in Japan began in 1979. Years outside are slips of the pen."""
MOST_YEN = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be used: a dotted reason code."""

    code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a row. `fact` is what the reason's text may name; it is never an identifier."""

    column: str
    code: str
    fact: str = ""


# What nearly every cell of a bulk file looks like. It needs no verdict with its facts, a tenth of the work on
# a row. The tests hold each against the full check.
_USUAL_ICCID = re.compile(r"8981[0-9]{14,16}").fullmatch
_USUAL_IMSI = re.compile(r"44[01][0-9]{12}").fullmatch
_USUAL_MSISDN = re.compile(r"0[6789]0[1-9][0-9]{7}").fullmatch

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))"
    r"(?:[ T]0?0:00(?::00)?(?:\.0+)?)?"
).fullmatch
_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2})|/(\d{1,2})|\.(\d{1,2})|年(\d{1,2})月分?|(\d\d))").fullmatch
_YEN = re.compile(r"([-−]?)[¥\\]?([-−]?)(\d{1,3}(?:,\d{3})+|\d{1,12})(?:円|yen|jpy)?", re.IGNORECASE).fullmatch
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}").fullmatch
_ROUNDED = re.compile(r"[+-]?\d+(?:\.\d+)?[eE]\+?\d+").fullmatch
_DASH_TO_HYPHEN = {ord(dash): "-" for dash in DASHES} | dict.fromkeys(map(ord, INVISIBLE))

_YES = {
    "yes",
    "y",
    "true",
    "t",
    "1",
    "○",
    "〇",
    "◯",
    "有",
    "あり",
    "はい",
    "法人",
    "是",
    "对",
    "對",
    "公司",
    "企业",
    "企業",
}
_NO = {"no", "n", "false", "f", "0", "×", "✕", "-", "無", "なし", "いいえ", "個人", "否", "无", "个人", "個人用"}
_KINDS = {
    "physical_sim": "physicalsim sim simcard psim usim 物理sim simカード カード 实体卡 實體卡 实体sim 實體sim sim卡",
    "esim": "esim 内蔵sim 電子sim 电子卡 電子卡",
}
_SERVICES = {
    "data": "data internet データ データ通信 データ通信サービス インターネット 数据 流量 上网 數據 上網",
    "voice": "voice call calls 音声 通話 音声通話 语音 通话 語音 通話服務",
    "roaming": "roaming internationalroaming ローミング 国際ローミング 海外利用 漫游 国际漫游 漫遊 國際漫遊",
    "option": "option options オプション 其他 选项 選項",
}
_LANGUAGES = {
    "ja": "ja jajp jp jpn japanese 日本語 日语 日語 日文",
    "en": "en enus engb eng english 英語 英语 英文",
    "zh-hans": "zhhans zh zhcn zhsg chs 簡体字 簡体中国語 中国語 中国語簡体字 中国語(簡体) 简体中文 中文 简体",
    "zh-hant": "zhhant zhtw zhhk zhmo cht 繁体字 繁體字 中国語繁体字 中国語(繁体) 繁体中文 繁體中文 正體中文 繁體",
}
_POLICIES = {
    "full_month": "fullmonth full 満額 日割りなし 全额 全額",
    "daily_prorata": "dailyprorata prorata daily 日割り 日割 按日 按天",
    "usage_tier": "usagetier tier usage 段階 従量 阶梯 階梯",
    "prepaid_none": "prepaidnone none プリペイド 前払い なし 预付费 預付費",
}


def _by_word(names: dict[str, str]) -> dict[str, str]:
    return {word: name for name, words in names.items() for word in words.split()}


_KIND, _SERVICE, _LANGUAGE, _POLICY = map(_by_word, (_KINDS, _SERVICES, _LANGUAGES, _POLICIES))


def _word(cell: str) -> str:
    folded = unicodedata.normalize("NFKC", cell).casefold()
    return "".join(folded.replace("_", "").replace("-", "").split())


@lru_cache(4096)
def day(cell: str) -> str | Fault:
    """A date as `2026-11-30`, `2026/11/30`, `2026.11.30`, `2026年11月30日` or `20261130`; returns ISO 8601."""
    found = _DATE(_plain(cell))
    if not found:
        return Fault("date.form")
    year, month, number = (int(part) for part in found.groups() if part is not None)
    return _iso(year, month, number)


@lru_cache(512)
def month(cell: str) -> str | Fault:
    """A month as `2026-10`, `2026/10`, `2026年10月`, `202610`, or any date in it; returns its first day."""
    found = _MONTH(_plain(cell))
    if not found:
        value = day(cell)
        return value if isinstance(value, Fault) else f"{value[:8]}01"
    year, number = (int(part) for part in found.groups() if part is not None)
    return _iso(year, number, 1)


def _iso(year: int, month: int, number: int) -> str | Fault:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault("date.range")
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return Fault("date.none")


@lru_cache(4096)
def yen(cell: str) -> str | Fault:
    """Whole yen as `1100`, `1,100`, `¥1,100`, `1100円`, also full-width, with a minus for less than nothing."""
    found = _YEN("".join(_plain(cell).split()))
    if not found:
        return Fault("yen.form")
    amount = int(found[3].replace(",", ""))
    if amount > MOST_YEN:
        return Fault("yen.range")
    return str(-amount if found[1] or found[2] else amount)


@lru_cache(4096)
def count(cell: str) -> str | Fault:
    """A whole number that is not below nothing, as `1024` or `1,024`."""
    found = _COUNT("".join(_plain(cell).split()))
    return str(int(found[0].replace(",", ""))) if found and len(found[0]) < 12 else Fault("count.form")


@lru_cache(256)
def flag(cell: str) -> str | Fault:
    """Yes or no in the languages of the house; returns `t` or `f`."""
    word = unicodedata.normalize("NFKC", cell).casefold().strip()
    if word in _YES:
        return "t"
    return "f" if word in _NO else Fault("flag.unknown")


@lru_cache(256)
def kind(cell: str) -> str | Fault:
    """Kind of line: `physical_sim` or `esim`."""
    return _KIND.get(_word(cell)) or Fault("kind.unknown")


@lru_cache(1024)
def services(cell: str) -> str | Fault:
    """Services on a line, separated by `;` `,` `、` `/` or `|`; returns an array as PostgreSQL writes it."""
    words = [_word(word) for word in re.split(r"[;,、，；/／|・]", cell) if word.strip()]
    found = [_SERVICE.get(word) for word in words]
    if None in found:
        return Fault("services.unknown")
    return "{" + ",".join(name for name in _SERVICES if name in found) + "}"


@lru_cache(256)
def language(cell: str) -> str | Fault:
    """Language tag of the house: `ja`, `en`, `zh-hans`, `zh-hant`."""
    return _LANGUAGE.get(_word(cell)) or Fault("language.unknown")


@lru_cache(256)
def policy(cell: str) -> str | Fault:
    """How a plan charges the month in which the line ends."""
    return _POLICY.get(_word(cell)) or Fault("final_month_policy.unknown")


def text(cell: str) -> str | Fault:
    """Text that is taken as it is."""
    return cell


def name(cell: str) -> str | Fault:
    """A name in Latin letters or kana, with full-width Latin and half-width kana made usual.

    Names in kanji go through `text`: NFKC would replace rare characters (神 U+FA19) by their common relatives.
    """
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell)


def reference(cell: str) -> str | Fault:
    """A number that the carrier gave, e.g. a customer number. Only a number ruined by a spreadsheet is refused."""
    return Fault("cell.rounded") if "+" in cell and _ROUNDED(cell) else cell


def order_number(cell: str) -> str | Fault:
    """An order number with plain letters, hyphens and no spaces; its own capitals stay."""
    if not cell.isascii() or not cell.isprintable() or " " in cell:
        cell = "".join(unicodedata.normalize("NFKC", cell).translate(_DASH_TO_HYPHEN).split())
    return reference(cell)


def email(cell: str) -> str | Fault:
    """An e-mail address that mail can be sent to."""
    return normal_email(cell) or Fault("contact.email")


def iccid(cell: str) -> str | Fault:
    """An ICCID as digits."""
    if _USUAL_ICCID(cell) and luhn.is_valid(cell):
        return cell
    return _identifier(iccids.check(cell), cell)


def eid(cell: str) -> str | Fault:
    """An EID as digits."""
    return _identifier(eids.check(cell), cell)


def imsi(cell: str) -> str | Fault:
    """An IMSI as digits."""
    if _USUAL_IMSI(cell):
        return cell
    return _identifier(imsis.check(cell), cell)


def msisdn(cell: str) -> str | Fault:
    """A telephone number as E.164 digits without the plus."""
    if _USUAL_MSISDN(cell):
        return "81" + cell[1:]
    verdict = msisdns.check(cell)
    return verdict.value[1:] if verdict.valid else _identifier(verdict, cell)


def _identifier(verdict: Verdict, cell: str) -> str | Fault:
    if verdict.valid:
        return verdict.value
    # A spreadsheet turned a long number into 8.98E+18: its last digits are lost, whatever else is wrong with it.
    return Fault("cell.rounded" if _ROUNDED(cell) else verdict.code)


def _plain(cell: str) -> str:
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()
