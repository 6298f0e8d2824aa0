"""Can a program and a person rely on `tojimari check`?"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

import pytest

from tojimari.cli import check
from tojimari.cli.speech import folder_of, language_of

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(words))


def answer(capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    out = capsysbinary.readouterr().out
    assert out.count(b"\n") == 1
    return json.loads(out.decode("utf-8"))


def test_a_valid_value_has_no_code(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("msisdn", "０９０ー１２３４ー５６７８", "--json") == 0
    assert answer(capsysbinary) == {
        "valid": True,
        "kind": "msisdn",
        "value": "+819012345678",
        "facts": {"kind": "voice"},
    }


def test_an_invalid_value_says_why_and_ends_with_one(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("iccid", "8981100000000000011", "--json", "--lang", "en") == 1
    assert answer(capsysbinary) == {
        "valid": False,
        "kind": "iccid",
        "value": "8981100000000000011",
        "code": "iccid.luhn",
        "text": "The check digit of this ICCID does not fit: at least one digit is wrong.",
        "facts": {},
    }


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iccid", "89811000001234567891"),
        ("eid", "89049032000000000000000000001909"),
        ("imsi", "440101234567890"),
        ("mrz", TD3),
    ],
)
def test_every_kind_gives_its_normalised_value(
    kind: str, value: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(kind, value, "--json") == 0
    assert answer(capsysbinary)["value"] == value


def test_an_mrz_tells_its_fields(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run("mrz", TD3.replace("\n", ""), "--json")
    facts = answer(capsysbinary)["facts"]
    assert (facts["surname"], facts["number"], facts["expired"]) == ("ERIKSSON", "L898902C3", True)


def test_people_get_lines_to_read(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("iccid", "8985200000000000010", "--lang", "en") == 0
    assert capsysbinary.readouterr().out.decode().splitlines() == [
        "valid: iccid 8985200000000000010",
        "  japan: false",
        "  warning: This ICCID is not from Japan (8981). Travel eSIMs often are not.",
    ]


def test_an_unknown_kind_is_a_wrong_question(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("passport", "X")
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("language", "folder"),
    [
        ("ja", "ja"),
        ("ja_JP.UTF-8", "ja"),
        ("zh-Hans", "zh_Hans"),
        ("zh_CN.UTF-8", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-Hant", "zh_Hant"),
        ("zh_TW.UTF-8", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("en_US.UTF-8", ""),
        ("C.UTF-8", ""),
        ("jam", ""),
        ("", ""),
    ],
)
def test_the_language_is_found_by_any_of_its_names(language: str, folder: str) -> None:
    assert folder_of(language) == folder


def test_the_environment_s_strongest_name_decides() -> None:
    assert language_of({"LANG": "ja_JP.UTF-8", "LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8"}) == "zh_TW.UTF-8"
    assert language_of({}) == ""


def test_a_pipe_in_a_plain_locale_reads_and_gets_utf8_without_a_database() -> None:
    """A whole process: standard input with a byte order mark, the C locale, and no settings of any kind."""
    script = (
        "import sys; from tojimari.cli import main; sys.exit(main(['check', 'mrz', '-', '--json', '--lang', 'en']))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", script],
        input=b"\xef\xbb\xbf" + TD3.replace("ERIKSSON", "山田").encode() + b"\r\n",
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONPATH": ":".join(sys.path), "PYTHONCOERCECLOCALE": "0"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    found = json.loads(done.stdout.decode("utf-8"))
    assert found["code"] == "mrz.characters"
    assert "山田".encode() in done.stdout


def test_each_link_of_a_message_is_answered_with_its_source_or_the_right_address(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    message = (
        "【ドコモ】https://www.docomo.ne.jp/x https://docomo.ne.jp.example.info/ https://bit.ly/1 https://evil.example/"
    )
    assert run("link", message, "--json", "--lang", "en") == 1
    answers = answer(capsysbinary)
    assert [(link["host"], link["answer"]) for link in answers["links"]] == [
        ("www.docomo.ne.jp", "official"),
        ("docomo.ne.jp.example.info", "looks_like"),
        ("bit.ly", "cannot_tell"),
        ("evil.example", "not_listed"),
    ]
    official, *others = answers["links"]
    assert official["whom"][0]["name"] == "NTT docomo"
    assert official["whom"][0]["source"]["url"].startswith("https://")
    assert official["whom"][0]["source"]["read_on"]
    assert all("docomo.ne.jp" in link["right_addresses"][0]["addresses"] for link in others)
    assert "safe" in answers["note"]


def test_an_official_link_ends_with_nought_and_is_never_called_safe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("link", "https://www.docomo.ne.jp/", "--lang", "en") == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert lines[:2] == ["official: www.docomo.ne.jp", "  An address of NTT docomo"]
    assert lines[-1] == "The list can be incomplete. No answer means that a link is safe."


def test_people_read_the_right_address_beside_a_false_one(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("link", "docomo-pay.example", "--lang", "en") == 1
    printed = capsysbinary.readouterr().out.decode()
    assert "It looks like NTT docomo, but is not on its list" in printed
    assert "The right address of NTT docomo: docomo.ne.jp" in printed


@pytest.mark.parametrize("text", ["hello", "", "\udcff"])
def test_a_text_without_a_link_says_so(text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("link", text, "--json") == 1
    assert (answer(capsysbinary)["links"], run("link", text)) == ([], 1)


def test_bytes_that_are_no_text_in_a_host_are_shown_escaped(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("link", "https://\udcff.docomo.ne.jp/", "--json") == 1
    assert answer(capsysbinary)["links"][0]["host"] == "\udcff.docomo.ne.jp"


def test_bytes_that_are_no_text_are_shown_escaped(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("msisdn", "\udcff", "--json") == 1
    assert answer(capsysbinary)["value"] == "\udcff"
