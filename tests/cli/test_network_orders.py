"""Are the names of eSIM orders taken in whole or not at all, and does the doctor look at profile servers?"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.cast import fresh_iccid
from tests.network.profile_server import forget, write_settings
from tests.support.rsp import Pki
from tests.support.smdp import Smdp
from tojimari.cli import CommandError, network
from tojimari.cli.examination import Mark, profiles
from tojimari.lines.models import Carrier
from tojimari.network.models import ProfileOrder
from tojimari.platform.database.scope import every_carrier


def orders(file: Path, text: str) -> int:
    file.write_text(text, encoding="utf-8")
    return network.run(argparse.Namespace(verb="orders", carrier="tabi", file=file))


def kept() -> dict[str, str]:
    with every_carrier():
        return dict(ProfileOrder.objects.values_list("iccid", "matching_id"))


@pytest.mark.django_db
def test_orders_get_their_names_and_a_later_file_corrects_them(tabi: Carrier, tmp_path: Path) -> None:
    one, two = fresh_iccid(1), fresh_iccid(2)
    assert orders(tmp_path / "a.csv", f"\ufefficcid,matching_id\n{one}F,AAA\n{two}, B-2 \n{two},B-3\n") == 0
    assert kept() == {one: "AAA", two: "B-3"}
    orders(tmp_path / "a.csv", f"iccid,matching_id\n{one},AAB\n")
    assert kept() == {one: "AAB", two: "B-3"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("iccid\n1\n", "columns"),
        ("iccid,matching_id\n", "columns"),
        (f"iccid,matching_id\n{fresh_iccid(1)},A\n123,B\n{fresh_iccid(2)},\n{fresh_iccid(3)}\n", "rows 3, 4, 5"),
    ],
)
def test_a_bad_row_keeps_the_whole_file_out(tabi: Carrier, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        orders(tmp_path / "a.csv", text)
    assert kept() == {}


def test_the_doctor_says_what_is_wrong_with_a_profile_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pki, file = Pki(tmp_path), tmp_path / "servers.toml"
    monkeypatch.delenv("TOJIMARI_ES2PLUS", raising=False)
    forget()
    assert profiles().mark is Mark.NOTE
    monkeypatch.setenv("TOJIMARI_ES2PLUS", str(file))
    forget()
    assert profiles().found == f"{file} cannot be read (No such file or directory)"
    write_settings(file, "tabi", pki, 1)
    forget()
    assert (profiles().mark, profiles().found) == (Mark.MISSING, "network.refused https://127.0.0.1:1")
    with Smdp(pki) as smdp:
        write_settings(file, "tabi", pki, smdp.port)
        forget()
        assert (profiles().mark, profiles().found) == (Mark.NOTE, "smdp can send no notices")
        (tmp_path / "secret").write_text("s" * 40, encoding="utf-8")
        write_settings(file, "tabi", pki, smdp.port, notice_secret_file="secret")
        forget()
        assert (profiles().mark, profiles().found) == (Mark.WELL, "smdp answers")
    monkeypatch.undo()
    forget()
