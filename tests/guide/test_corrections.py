"""Does a correction become a patch that can be applied, and does what is no correction stay out?"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.guide.test_checks import DATA
from tojimari.guide.checks import problems
from tojimari.guide.corrections import FOLDER, Correction, NotTaken, Why, facts_of, patch
from tojimari.guide.directory import carriers, read
from tojimari.guide.facts import CarrierFacts
from tojimari.guide.hours_values import Days, hours_value

TODAY = date(2026, 11, 22)
OWN = "https://www.docomo.ne.jp/support/cancel/fee/"
BLOG = "https://blog.example/docomo"


def applied(tmp_path: Path, carrier: str, text: str) -> CarrierFacts:
    """The carrier's facts after `git apply` in a copy of the repository's folder; all rules must hold there."""
    folder = tmp_path / FOLDER
    shutil.copytree(DATA, folder)
    (tmp_path / "a.patch").write_text(text, "utf-8")
    # Not inside any repository: git would look for the paths in that one.
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    subprocess.run(["git", "apply", "a.patch"], cwd=tmp_path, check=True, env=outside)
    assert problems({path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}, TODAY) == []
    return read(f"{carrier}.toml", (folder / f"{carrier}.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("place", "value", "url"),
    [
        ("closing.web-or-shop.fee_jpy", 1100, OWN),
        ("closing.web-or-shop.fee_jpy", None, OWN),
        ("closing.web-or-shop.cutoff", {"kind": "daily", "time": "21:30"}, OWN),
        ("closing.web-or-shop.page", "https://www.docomo.ne.jp/new/cancel/", OWN),
        ("closing.web-or-shop.channels", ["web"], OWN),
        ("closing.web-account.fee_jpy", 0, BLOG),
        ("closing.shop.appointment", "required", BLOG),
        ("hotline.151", "113", OWN),
        ("hotline.151.hours", hours_value(Days.WEEKDAYS, "9:30", "18:00"), OWN),
        ("hotline.151.hours", hours_value(Days.NOT_SAID, "0:00", "24:00"), OWN),
        ("hotline.151.hours", hours_value(Days.ALWAYS), OWN),
        ("hotline.151.hours", None, OWN),
    ],
)
def test_a_correction_is_applied_by_git_and_passes_every_rule(tmp_path: Path, place: str, value: Any, url: str) -> None:
    docomo = carriers()["docomo"]
    after = applied(tmp_path, "docomo", patch(docomo, Correction(place, value, url, date(2026, 11, 20)), TODAY))
    moved = "hotline.113" if place == "hotline.151" else place
    now = facts_of(after)[moved]
    assert now.value == value
    if value is not None:
        source = after.sources[now.source]
        assert (source.url, source.read_on, source.published) == (url, "2026-11-20", url == OWN)
    others = {name: fact.value for name, fact in facts_of(docomo).items() if name not in (place, moved)}
    if place == "hotline.151":
        others["hotline.113.hours"] = others.pop("hotline.151.hours")
    assert {name: fact.value for name, fact in facts_of(after).items() if name not in (place, moved)} == others


def test_a_text_is_corrected_in_four_languages_and_one_that_is_over_is_taken_out(tmp_path: Path) -> None:
    text = {"ja": "新しい。", "en": "New.", "zh-hans": "新的。", "zh-hant": "新的。"}
    docomo = carriers()["docomo"]
    after = applied(
        tmp_path, "docomo", patch(docomo, Correction("closing.web-or-shop.said.0", text, OWN, TODAY), TODAY)
    )
    assert after.closing[0].said[0].text.en == "New."
    gone = patch(docomo, Correction("closing.shop.said.2", None, BLOG, TODAY), TODAY)
    assert "-[sources.bitwave]" in gone


def test_a_patch_changes_no_other_line() -> None:
    made = patch(carriers()["docomo"], Correction("closing.web-or-shop.fee_jpy", 1100, OWN, TODAY), TODAY)
    assert [line for line in made.splitlines() if line.startswith("-") and not line.startswith("---")] == [
        "-fee_jpy = 0",
        '-sources = { early_fee = "kaiyaku" }',
    ]
    assert made.startswith(f"docomo: closing.web-or-shop.fee_jpy\nSource: {OWN}\nSeen on: 2026-11-22\n")


@pytest.mark.parametrize(
    ("place", "value", "url", "seen", "why"),
    [
        ("closing.web-or-shop.shoe_size", 1, OWN, TODAY, Why.NO_FACT),
        ("domains.docomo.ne.jp", "evil.example", OWN, TODAY, Why.NO_FACT),
        ("closing.web-or-shop.fee_jpy", 0, OWN, TODAY, Why.SAME),
        ("closing.web-or-shop.fee_jpy", 1100, "docomo.ne.jp", TODAY, Why.SOURCE),
        ("closing.web-or-shop.fee_jpy", 1100, "javascript:alert(1)", TODAY, Why.SOURCE),
        ("closing.web-or-shop.fee_jpy", 1100, "https://a.example/\n+evil", TODAY, Why.SOURCE),
        ("closing.web-or-shop.fee_jpy", 1100, OWN, date(2026, 11, 23), Why.FUTURE),
        ("closing.web-or-shop.fee_jpy", 1100, BLOG, TODAY, Why.PUBLISHED),
        ("closing.web-or-shop.fee_jpy", 1100, "https://docomo.ne.jp.example/", TODAY, Why.PUBLISHED),
        ("closing.web-or-shop.fee_jpy", -5, OWN, TODAY, Why.VALUE),
        ("closing.web-or-shop.page", "https://evil.example/", OWN, TODAY, Why.VALUE),
        ("closing.web-or-shop.cutoff", {"kind": "daily", "time": "25:00"}, OWN, TODAY, Why.VALUE),
        ("hotline.0120-800-000", "12", OWN, TODAY, Why.VALUE),
        ("hotline.151.hours", hours_value(Days.EVERY_DAY, "9:00", "20:00"), OWN, TODAY, Why.SAME),
        ("hotline.151.hours", hours_value(Days.EVERY_DAY, "9:00", "21:00"), BLOG, TODAY, Why.PUBLISHED),
        ("hotline.151.hours", hours_value(Days.ALWAYS) | {"open": None}, OWN, TODAY, Why.VALUE),
    ],
)
def test_what_is_no_correction_is_not_taken(place: str, value: Any, url: str, seen: date, why: Why) -> None:
    with pytest.raises(NotTaken) as refused:
        patch(carriers()["docomo"], Correction(place, value, url, seen), TODAY)
    assert refused.value.why is why


def test_every_fact_can_be_corrected() -> None:
    for carrier in carriers().values():
        for place, fact in facts_of(carrier).items():
            assert fact.source in carrier.sources, place


def test_hours_in_machine_form_go_with_their_channel_and_with_their_text(tmp_path: Path) -> None:
    docomo = carriers()["docomo"]
    seen = date(2026, 11, 20)
    only_web = Correction("closing.web-or-shop.channels", ["web"], OWN, seen)
    said = next(number for number, each in enumerate(docomo.closing[0].said) if each.topic == "hours")
    words = {
        "ja": "店舗は要予約です。",
        "en": "Shops by booking.",
        "zh-hans": "门店须预约。",
        "zh-hant": "門市須預約。",
    }
    other_text = Correction(f"closing.web-or-shop.said.{said}", words, OWN, seen)

    after = applied(tmp_path / "one", "docomo", patch(docomo, only_web, TODAY))
    assert set(after.closing[0].open or {}) == {"web"}
    after = applied(tmp_path / "two", "docomo", patch(docomo, other_text, TODAY))
    assert after.closing[0].open is None
