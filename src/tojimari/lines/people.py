"""Which names do the people of a sample have? Common family and given names, put together at random."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    latin: str
    kana: str
    kanji: str
    language: str
    corporate: bool = False


_JAPANESE_FAMILIES = """
SATO サトウ 佐藤|SUZUKI スズキ 鈴木|TAKAHASHI タカハシ 高橋|TANAKA タナカ 田中|ITO イトウ 伊藤|WATANABE ワタナベ 渡邊
YAMAMOTO ヤマモト 山本|NAKAMURA ナカムラ 中村|KOBAYASHI コバヤシ 小林|KATO カトウ 加藤|YOSHIDA ヨシダ 吉田
YAMADA ヤマダ 山田|SASAKI ササキ 佐々木|MATSUMOTO マツモト 松本|INOUE イノウエ 井上|KIMURA キムラ 木村|HAYASHI ハヤシ 林
SAITO サイトウ 齋藤|SHIMIZU シミズ 清水|YAMAZAKI ヤマザキ 山崎|MORI モリ 森|IKEDA イケダ 池田|HASHIMOTO ハシモト 橋本
"""
_JAPANESE_GIVEN = """
HARUTO ハルト 陽翔|SOTA ソウタ 蒼太|YUTO ユウト 悠斗|KENTA ケンタ 健太|DAIKI ダイキ 大輝|TAKUMI タクミ 匠
HIROSHI ヒロシ 博|SHOTA ショウタ 翔太
HANAKO ハナコ 花子|YUI ユイ 結衣|AOI アオイ 葵|SAKURA サクラ 桜|MISAKI ミサキ 美咲|KEIKO ケイコ 恵子|YOKO ヨウコ 陽子
AKIRA アキラ 明|MAKOTO マコト 誠|RYO リョウ 亮|TOMOKO トモコ 智子|NAOMI ナオミ 直美|KAZUO カズオ 和夫
"""
_CHINESE_FAMILIES = """
WANG 王 王|LI 李 李|ZHANG 张 張|LIU 刘 劉|CHEN 陈 陳|YANG 杨 楊|HUANG 黄 黃|ZHAO 赵 趙|WU 吴 吳|ZHOU 周 周
XU 徐 徐|SUN 孙 孫|TANG 唐 唐
LIN 林 林|GAO 高 高|MA 马 馬|LUO 罗 羅|HE 何 何|GUO 郭 郭|ZHU 朱 朱|XIE 谢 謝
"""
_CHINESE_GIVEN = """
XIAOMING 小明 小明|WEI 伟 偉|FANG 芳 芳|NA 娜 娜|MIN 敏 敏|JING 静 靜|LEI 磊 磊|QIANG 强 強|YAN 艳 豔
JIE 杰 傑|TAO 涛 濤|YING 英 英
LIHUA 丽华 麗華|MEILING 美玲 美玲|JIANGUO 建国 建國|XIUYING 秀英 秀英|YUTONG 雨桐 雨桐|HAORAN 浩然 浩然|ZIHAN 子涵 子涵
"""
_OTHERS = """
NGUYEN VAN AN|TRAN THI MAI|KIM MINJUN|PARK SEOYEON|MARIA SANTOS|JOSE REYES|ANNA MUELLER|JEAN-LUC MARTIN|EMMA O'BRIEN
PRIYA SHARMA|SUKARNO|SUPRAPTO|AUNG|THIN THIN|LIAM SMITH|OLIVIA JONES|FATIMA KHAN|AHMED ALI|IVAN PETROV|SOFIA ROSSI
"""
_COMPANIES = """
TABI SHOJI タビショウジ 株式会社旅商事
MINATO BUSSAN ミナトブッサン 株式会社みなと物産
HOSHI KOGYO ホシコウギョウ 星工業株式会社
"""


def _entries(text: str) -> list[list[str]]:
    return [entry.rsplit(" ", 2) for line in text.split("\n") for entry in line.split("|") if entry]


def _japanese() -> list[Name]:
    return [
        Name(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}", f"{family[2]}{given[2]}", "ja")
        for family in _entries(_JAPANESE_FAMILIES)
        for given in _entries(_JAPANESE_GIVEN)
    ]


def _chinese() -> list[Name]:
    names = []
    for family in _entries(_CHINESE_FAMILIES):
        for given in _entries(_CHINESE_GIVEN):
            latin = f"{family[0]} {given[0]}"
            names.append(Name(latin, "", family[1] + given[1], "zh-Hans"))
            names.append(Name(latin, "", family[2] + given[2], "zh-Hant"))
    return names


def _others() -> list[Name]:
    return [Name(name, "", "", "en") for line in _OTHERS.split("\n") for name in line.split("|") if name]


def all_names(encoding: str) -> list[Name]:
    """Return the names, by and by of every kind. In an encoding that lacks a name's characters the name is in Latin."""
    kinds = [_japanese(), _chinese(), _others()]
    companies = [Name(latin, kana, kanji, "ja", True) for latin, kana, kanji in _entries(_COMPANIES)]
    names = [name for kind, weight in zip(kinds, (1, 1, 5), strict=True) for name in kind * weight] + companies
    return [name if _fits(name.kanji, encoding) else name._replace(kanji="") for name in names]


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
