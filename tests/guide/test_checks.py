"""Does each rule of the directory find what it is for, and say where it is?

Each case takes a sound file and spoils one thing in it.
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from tojimari.cli import guide as command
from tojimari.guide.checks import RULES, Problem, problems
from tojimari.guide.rules_together import TOGETHER_RULES

TODAY = date(2026, 11, 22)
DATA = Path(str(files("tojimari.guide").joinpath("data")))


def text_of(carrier: str) -> str:
    return (DATA / f"{carrier}.toml").read_text("utf-8")


def found(**changed: str) -> list[Problem]:
    """Problems of the files given by carrier, `_` for `-`, as texts."""
    return problems({f"{name.replace('_', '-')}.toml": text for name, text in changed.items()}, TODAY)


def spoiled(carrier: str, old: str, new: str) -> list[Problem]:
    text = text_of(carrier)
    assert old in text, "the case does not fit the file any more"
    return problems({f"{carrier}.toml": text.replace(old, new, 1)}, TODAY)


def test_our_own_files_are_in_order() -> None:
    assert problems({path.name: path.read_text("utf-8") for path in DATA.glob("*.toml")}, TODAY) == []


ABOUT = 'about = { ja = "固定電話から", en = "from landlines"'

CASES = [
    ("file.toml", "docomo", 'kind = "mno"', 'kind = "mno'),
    ("file.shape", "docomo", 'kind = "mno"', 'kind = "mno"\nshoe_size = 3'),
    ("file.shape", "docomo", 'source = "index"', 'source = "nowhere"'),
    ("file.shape", "docomo", "text.zh-hant = ", "text.zh-tw = "),
    ("file.shape", "softbank", 'time = "20:00"', 'time = "26:00"'),
    ("file.name", "docomo", 'id = "docomo"', 'id = "docomo-2"'),
    ("file.form", "docomo", 'kind = "mno"', 'kind = "mno" # an operator'),
    ("id.form", "docomo", 'id = "web-or-shop"', 'id = "Web_or_shop"'),
    ("closing.once", "docomo", 'id = "web-account"', 'id = "web-or-shop"'),
    ("closing.kinds", "docomo", 'line_kinds = ["physical_sim", "esim"]', 'line_kinds = ["esim", "esim"]'),
    ("closing.kinds", "docomo", 'line_kinds = ["physical_sim", "esim"]', "line_kinds = []"),
    ("source.address", "docomo", "https://kaiyaku.jp/docomo-kaiyaku", "kaiyaku.jp/docomo-kaiyaku"),
    ("source.address", "docomo", "https://kaiyaku.jp/docomo-kaiyaku", "https://a@kaiyaku.jp/docomo-kaiyaku"),
    ("source.key", "docomo", "[sources.bitwave]", '[sources.Bitwave]\nurl = "https://a.example/"\nkind = '
     '"secondary"\nconfidence = "low"\nread_on = "2026-09"\n\n[sources.bitwave]'),
    ("source.used", "docomo", '"arekore"\n\n[[closing.said]]', '"bitwave"\n\n[[closing.said]]'),
    ("source.once", "docomo", "https://kaiyaku.jp/docomo-kaiyaku", "https://hachi8hachi.com/?p=5886"),
    ("source.date", "docomo", 'read_on = "2026-09"', 'read_on = "2027-01"'),
    ("source.date", "docomo", 'stated_on = "2026-06-06"', 'stated_on = "2026-06-31"'),
    ("source.date", "docomo", 'stated_on = "2026-06-06"', 'stated_on = "last year"'),
    ("source.order", "docomo", 'stated_on = "2026-06-06"', 'stated_on = "2026-10-01"'),
    ("source.own", "docomo", "https://ssw.web.docomo.ne.jp/", "https://docomo.ne.jp.example/"),
    ("source.own", "docomo", "https://hachi8hachi.com/?p=5886", "https://www.docomo.ne.jp/x"),
    ("source.confidence", "docomo", 'kind = "index"\nconfidence = "medium"', 'kind = "index"\nconfidence = "high"'),
    ("source.confidence", "china-mobile", 'confidence = "medium"\nsource', 'confidence = "high"\nsource'),
    ("source.field", "docomo", "early_fee = \"kaiyaku\"", "appointment = \"kaiyaku\""),
    ("domain.form", "docomo", '"docomo.ne.jp"', '"Docomo.ne.jp"'),
    ("domain.form", "docomo", '"docomo.ne.jp"', '"ドコモ.jp"'),
    ("domain.form", "docomo", '"nttdocomo.co.jp"', '"co.jp"'),
    ("domain.form", "docomo", '"nttdocomo.co.jp"', '"duckdns.org"'),
    ("domain.once", "docomo", '"nttdocomo.co.jp"', '"www.docomo.ne.jp"'),
    ("page.own", "docomo", "https://www.docomo.ne.jp/support", "https://docomo.ne.jp.example/support"),
    ("page.own", "docomo", "https://www.docomo.ne.jp/support", "http://www.docomo.ne.jp/support"),
    ("hotline.number", "docomo", "0120-800-000", "0120-800-00"),
    ("hotline.number", "japan-wireless", "+81-3-6264-3639", "03-6264-3639"),
    ("hotline.once", "docomo", '"0120-800-000"', '"151"'),
    ("hotline.language", "docomo", 'languages = ["ja"]', 'languages = ["Japanese"]'),
    ("file.shape", "docomo", 'since = "09:00", until = "20:00"', 'since = "20:00", until = "09:00"'),
    ("file.shape", "docomo", "shop = { varies = true }", "shop = { varies = true, always = true }"),
    ("file.shape", "docomo", "shop = { varies = true }", 'shop = { varies = true, holidays = "closed" }'),
    ("file.shape", "docomo", 'new_year = "open"', 'new_year = "06-29/07-03"'),
    ("file.shape", "docomo", 'until = "20:00" }', 'until = "20:00" }, { since = "19:00", until = "21:00" }'),
    ("hours.both", "smartone", "open = { always = true }\n", ""),
    ("hours.both", "softbank", 'topic = "hours"', 'topic = "note"'),
    ("hours.clock", "docomo", 'since = "09:00"', 'since = "08:00"'),
    ("hours.clock", "docomo", "9:00–20:00 every day", "9:00–21:00 every day"),
    ("hours.clock", "ymobile", "24時間。", "いつでも。"),
    ("hours.day", "mineo", '"sat", "sun"]', '"sat"]'),
    ("hours.day", "au", '[{ since', '[{ days = ["mon", "tue", "wed", "thu", "fri"], since'),
    ("hours.holiday", "au", 'until = "20:00" }]', 'until = "20:00" }], holidays = "open"'),
    ("hours.holiday", "au", 'until = "20:00" }]', 'until = "20:00" }], new_year = "12-31/01-01"'),
    ("hours.channel", "ahamo", "{ web = ", "{ app = "),
    ("hours.zone", "smartone", "always = true", 'week = [{ since = "00:00", until = "24:00" }]'),
    ("text.four", "biglobe-mobile", ABOUT, 'about = { ja = "固定電話から", en = ""'),
    ("text.space", "biglobe-mobile", ABOUT, 'about = { ja = "固定電話から ", en = "from landlines"'),
    ("text.translated", "biglobe-mobile", ABOUT, 'about = { ja = "from landlines", en = "from landlines"'),
    ("text.translated", "biglobe-mobile", "用固定电话拨打", "from landlines"),
    ("text.length", "biglobe-mobile", "用固定电话拨打", "用固定电话拨打" * 60),
    ("text.once", "docomo", "Handset instalments go on after closing.",
     "The d ACCOUNT stays after closing. Close it separately if you do not need it."),
    ("closing.amount", "docomo", "fee_jpy = 0", "fee_jpy = -1"),
    ("closing.amount", "docomo", "months = 12", "months = 365"),
    ("closing.return", "travel-tech-lab", 'sim_return = "required"\n', ""),
    ("closing.end", "ocn-visitor", 'effective = "on_expiry"\n', ""),
    ("closing.end", "softbank", 'effective = "immediate"', 'effective = "end_of_month"'),
    ("closing.end", "holafly", 'effective = "end_of_cycle"', 'effective = "immediate"'),
    ("closing.end", "aeon-mobile", 'effective = "end_of_month"', 'effective = "immediate"'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "carrier", "old", "new"), CASES)
def test_a_spoiled_file_is_found_by_its_rule(rule: str, carrier: str, old: str, new: str) -> None:
    told = spoiled(carrier, old, new)
    assert rule in {one.rule for one in told}
    assert all(one.file == f"{carrier}.toml" and one.place and one.text.endswith((".", "--write")) for one in told)


def test_every_rule_is_tried() -> None:
    tried = {case[0] for case in CASES} | set(TOGETHER_RULES)
    assert tried == {"file.toml", "file.shape", "file.name", "file.form", *RULES, *TOGETHER_RULES}


def test_two_houses_do_not_share_a_name() -> None:
    told = found(docomo=text_of("docomo"), verizon=text_of("verizon").replace('"verizon.com"', '"www.mydocomo.com"'))
    assert {(one.rule, one.file) for one in told if one.rule.startswith("domain.")} == {
        ("domain.apart", "verizon.toml")
    }


def test_one_house_may_share_a_name_when_both_say_so() -> None:
    house = {"iijmio": text_of("iijmio"), "iij_japan_travel_sim": text_of("iij-japan-travel-sim")}
    assert found(**house) == []
    house["iijmio"] = house["iijmio"].replace('shared_with = ["iij-japan-travel-sim"]\n', "")
    assert [one.rule for one in found(**house)] == ["domain.apart"]


def test_the_other_one_of_a_house_is_there() -> None:
    assert [one.rule for one in found(iijmio=text_of("iijmio"))] == ["domain.house"]


def test_names_are_apart() -> None:
    same = text_of("att").replace("AT&T", "Verizon")
    assert [one.rule for one in found(att=same, verizon=text_of("verizon"))] == ["name.apart"]


GONE = '\n[obsolete]\nreason = "merged"\non = 2026-04-01\nsuccessor = "{}"\nsource = "km"\n'


@pytest.mark.parametrize(
    ("successor", "rules"),
    [
        ("verizon", []),
        ("", ["obsolete.successor"]),
        ("nobody", ["obsolete.successor"]),
        ("att", ["obsolete.successor"]),
    ],
)
def test_who_is_gone_leads_on(successor: str, rules: list[str]) -> None:
    gone = (text_of("att") + GONE.format(successor)).replace('successor = ""\n', "")
    assert [one.rule for one in found(att=gone, verizon=text_of("verizon"))] == rules


def test_the_command_says_what_is_wrong_and_its_exit_code_too(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    shutil.copy(DATA / "att.toml", tmp_path)
    assert command.run(arguments(str(tmp_path))) == 0
    assert capfdbinary.readouterr().out.decode() == "1 carriers, 0 problems\n"
    (tmp_path / "att.toml").write_text(text_of("att").replace("AT&T tries", "AT&T  tries"), "utf-8")
    assert command.run(arguments(str(tmp_path), "--json")) == 1
    told = json.loads(capfdbinary.readouterr().out)["problems"]
    assert [(one["rule"], one["file"], one["place"]) for one in told] == [("text.space", "att.toml", "said.1.en")]


def test_the_command_writes_a_file_in_the_usual_form(tmp_path: Path) -> None:
    path = tmp_path / "att.toml"
    path.write_text(text_of("att").replace('country = "US"', "# of Dallas\ncountry   = 'US'"), "utf-8")
    assert command.run(arguments(str(tmp_path))) == 1
    assert command.run(arguments(str(tmp_path), "--write")) == 0
    assert path.read_text("utf-8") == text_of("att")


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(["check", *words])
