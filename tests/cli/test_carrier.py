"""Does `tojimari lines carrier` change only what was given?"""

from __future__ import annotations

import argparse

import pytest

from tojimari.cli import CommandError, lines
from tojimari.lines.models import Carrier

NAMES = {"name_ja": "旅モバイル", "name_en": "Tabi Mobile", "name_zh_hans": "旅移动", "name_zh_hant": "旅行動"}


@pytest.fixture(autouse=True)
def _the_database_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_database", lambda: None)


def run(*words: str) -> None:
    parser = argparse.ArgumentParser()
    lines.add_arguments(parser)
    assert lines.run(parser.parse_args(["carrier", *words])) == 0


def test_a_change_of_the_elements_leaves_all_names_as_they_are(tabi: Carrier) -> None:
    Carrier.objects.filter(pk=tabi.pk).update(**NAMES, hosts=["tabi.example"], hotline="+81 3-0000-0000")
    run("tabi", "--element", "roaming=by_hand")
    tabi.refresh_from_db()
    assert {name: getattr(tabi, name) for name in NAMES} == NAMES
    assert (tabi.hosts, tabi.hotline) == (["tabi.example"], "+81 3-0000-0000")
    assert tabi.elements["roaming"] == "by_hand"


def test_one_name_can_be_changed_alone(tabi: Carrier) -> None:
    Carrier.objects.filter(pk=tabi.pk).update(**NAMES)
    run("tabi", "--name-zh-hant", "旅電信")
    tabi.refresh_from_db()
    assert {name: getattr(tabi, name) for name in NAMES} == NAMES | {"name_zh_hant": "旅電信"}


@pytest.mark.django_db
def test_a_new_carrier_needs_its_names() -> None:
    with pytest.raises(CommandError, match="sora is new here"):
        run("sora", "--element", "roaming=by_hand")
    run("sora", "--name-ja", "そらモバイル", "--name-en", "Sora Mobile")
    sora = Carrier.objects.get(slug="sora")
    assert (sora.name_en, sora.name_zh_hans) == ("Sora Mobile", "そらモバイル")
