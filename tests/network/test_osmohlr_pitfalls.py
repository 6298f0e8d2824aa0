"""Does the product avoid each trap of OsmoHLR 1.5? Each trap is shown as well, so that we hear if it goes away."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest

from tests.support.hlr import BadNetwork, Hlr, batch, results, wait_until
from tojimari.network.elements.osmohlr import gsup
from tojimari.network.elements.osmohlr.ctrl import KEYS_HIDDEN, NO_KEYS
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.platform.work import Result, Target

pytestmark = pytest.mark.hlr


def switch_off_over_ctrl(hlr: Hlr, line: Target) -> None:
    for domain in ("cs", "ps"):
        assert hlr.ctrl(f"SET subscriber.by-imsi-{line.imsi}.{domain}-enabled 0").endswith("OK")


def set_by_console(hlr: Hlr, line: Target, mode: str) -> str:
    return hlr.vty(f"subscriber imsi {line.imsi} update network-access-mode {mode}")


def database(hlr: Hlr) -> Path:
    return hlr.server.folder / "hlr.db"


def keys(hlr: Hlr, line: Target) -> str:
    return hlr.ctrl(f"GET subscriber.by-imsi-{line.imsi}.info-aud").rpartition(" (")[2]


def test_switching_off_over_ctrl_tells_nobody_but_bar_does(hlr: Hlr) -> None:
    silent, told = hlr.new(), hlr.new()
    with hlr.visited(silent, told) as (vlr, sgsn):
        switch_off_over_ctrl(hlr, silent)
        (outcome,) = hlr.element.bar(batch(told))
        wait_until(lambda: vlr.told_to_let_go(told.imsi) and sgsn.told_to_let_go(told.imsi), "both to be told")
        assert vlr.told_to_let_go(silent.imsi) == sgsn.told_to_let_go(silent.imsi) == 0
    assert (outcome.result, outcome.evidence["detach"]) == (Result.DONE, "told")
    assert outcome.evidence["serving"] == {"cs": "MSC-1", "ps": "SGSN-1"}


def test_deleting_tells_nobody_so_remove_bars_a_line_that_is_open_again(hlr: Hlr) -> None:
    deleted, removed = hlr.new(), hlr.new()
    with hlr.visited(deleted, removed) as (vlr, sgsn):
        assert hlr.ctrl(f"SET subscriber.delete {deleted.imsi}").startswith("SET_REPLY")
        assert results(hlr.element.remove(batch(removed, name="remove"))) == [("done", "")]
        wait_until(lambda: vlr.told_to_let_go(removed.imsi) and sgsn.told_to_let_go(removed.imsi), "both to be told")
        assert vlr.told_to_let_go(deleted.imsi) == sgsn.told_to_let_go(deleted.imsi) == 0


def test_a_message_that_was_never_sent_is_sent_after_switching_on_again(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line) as (vlr, sgsn):
        switch_off_over_ctrl(hlr, line)
        assert set_by_console(hlr, line, "none") == ""
        assert vlr.told_to_let_go(line.imsi) == 0  # the trap: already off, so nothing is sent
        (outcome,) = hlr.element.bar(batch(line))
        wait_until(lambda: vlr.told_to_let_go(line.imsi) and sgsn.told_to_let_go(line.imsi), "both to be told")
    record = hlr.record(line)
    assert outcome.evidence["detach"] == "told"
    assert record is not None
    assert record.mode == "none"


def test_one_silent_domain_is_enough_to_send_again(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line) as (vlr, sgsn):
        assert hlr.ctrl(f"SET subscriber.by-imsi-{line.imsi}.ps-enabled 0").endswith("OK")
        assert results(hlr.element.bar(batch(line))) == [("done", "")]
        wait_until(lambda: vlr.told_to_let_go(line.imsi) >= 2 and sgsn.told_to_let_go(line.imsi) >= 2, "both domains")


def test_a_visited_network_that_is_away_is_waited_for_and_then_named(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line, name="away"):
        pass
    for attempt in (1, 2, 3):
        (outcome,) = hlr.element.bar(batch(line, attempt=attempt))
        assert (outcome.result, outcome.code) == (Result.AGAIN, "network.visited_network_away")
        assert outcome.evidence["away"] == ["MSC-away", "SGSN-away"]
    record = hlr.record(line)
    assert record is not None
    assert record.mode == "none"  # whoever attaches anew is refused from the first try on
    (outcome,) = hlr.element.bar(batch(line, attempt=4))
    assert (outcome.result, outcome.evidence["detach"]) == (Result.DONE, "not_seen")
    assert outcome.evidence["away"] == ["MSC-away", "SGSN-away"]


def test_a_visited_network_that_comes_back_is_told_at_the_next_try(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line, name="back"):
        pass
    assert results(hlr.element.bar(batch(line))) == [("again", "network.visited_network_away")]
    with hlr.visited(name="back") as (vlr, sgsn):
        (outcome,) = hlr.element.bar(batch(line, attempt=2))
        wait_until(lambda: vlr.told_to_let_go(line.imsi) and sgsn.told_to_let_go(line.imsi), "both to be told")
    assert outcome.evidence["detach"] == "told"


def test_a_network_of_two_that_is_away_is_not_passed_over(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line, name="half") as (vlr, sgsn):
        sgsn.close()
        wait_until(lambda: "SGSN-half" not in hlr.peers(), "the SGSN to be gone")
        assert results(hlr.element.bar(batch(line))) == [("again", "network.visited_network_away")]
        (outcome,) = hlr.element.bar(batch(line, attempt=4))
        wait_until(lambda: vlr.told_to_let_go(line.imsi), "the VLR to be told")
    assert (outcome.evidence["detach"], outcome.evidence["away"]) == ("not_seen", ["SGSN-half"])


def drop_the_row_only(hlr: Hlr, line: Target) -> None:
    """What a crash after the first of the three commits of a delete leaves behind."""
    hlr.server.kill9()
    with sqlite3.connect(database(hlr)) as db:
        db.execute("DELETE FROM subscriber WHERE imsi = ?", (line.imsi,))
    db.close()
    hlr.server.start()


def test_a_crash_inside_a_plain_delete_gives_the_keys_to_the_next_subscriber(hlr: Hlr) -> None:
    line = hlr.new()
    drop_the_row_only(hlr, line)
    heir = hlr.new(keys=False)
    assert keys(hlr, heir) == KEYS_HIDDEN.removeprefix("(")  # the trap, seen without looking at the key
    assert results(hlr.element.remove(batch(heir, name="remove"))) == [("done", "")]


@pytest.mark.parametrize("exchange", [3, 4])
def test_after_a_crash_in_the_middle_of_remove_nobody_inherits_the_keys(
    hlr: Hlr, bad_network: BadNetwork, exchange: int
) -> None:
    line = hlr.new()
    assert results(hlr.element.bar(batch(line))) == [("done", "")]
    # 1 look, 2 keys away, 3 delete, 4 read back: the HLR dies when the delete arrives, or just after it
    bad_network.ctrl.arm("ok", at=exchange, then=hlr.strike)
    (outcome,) = bad_network.element.remove(batch(line, name="remove"))
    assert outcome.result is Result.AGAIN
    drop_the_row_only(hlr, line)
    heir = hlr.new(keys=False)
    assert keys(hlr, heir) == NO_KEYS.removeprefix("(")


def test_the_old_number_is_never_sent_out_because_the_number_is_not_touched(hlr: Hlr) -> None:
    trap, line = hlr.new(), hlr.new()
    with hlr.visited(trap, line) as (vlr, sgsn):
        before = [m.kind for m in vlr.heard].count(gsup.INSERT_DATA)
        hlr.vty(f"subscriber imsi {trap.imsi} update msisdn none")
        wait_until(lambda: [m.kind for m in vlr.heard].count(gsup.INSERT_DATA) > before, "the trap's Insert Data")
        heard = len(vlr.heard), len(sgsn.heard)
        assert results(hlr.element.bar(batch(line))) == [("done", "")]
        assert results(hlr.element.remove(batch(line, name="remove"))) == [("done", "")]
        proof = hlr.element.prove(batch(line, name="prove", earlier={"remove": {}}))
        assert results(proof) == [("done", "")]
        wait_until(lambda: sgsn.told_to_let_go(line.imsi), "the SGSN to be told")
        told = [m for m in vlr.heard[heard[0] :] + sgsn.heard[heard[1] :] if m.imsi == line.imsi]
    assert {m.kind for m in told} == {gsup.DELETE_DATA}


def test_a_carriage_return_prompts_twice_and_the_client_stays_in_step(hlr: Hlr) -> None:
    with socket.create_connection((hlr.host, 4258), 5) as trap:
        trap.sendall(b"enable\r\nshow version\r\n")
        said = b""
        while said.count(b"OsmoHLR# ") < 3:  # two commands, and more prompts than commands
            said += trap.recv(65536)
    lines = [hlr.new(keys=False) for _ in range(3)]
    vty = Vty(hlr.settings)
    asked = [lines[place % 3] for place in range(300)]
    answers = vty.ask([f"subscriber imsi {line.imsi} show" for line in asked])
    vty.close()
    assert [line.imsi in answer.back for line, answer in zip(asked, answers, strict=True)] == [True] * 300


def test_an_unknown_command_is_an_answer_and_not_silence(hlr: Hlr) -> None:
    vty = Vty(hlr.settings)
    answers = vty.ask(["bogus", "show gsup-connections"])
    vty.close()
    assert [(answer.back, answer.code) for answer in answers] == [("% Unknown command.", ""), ("", "")]


@pytest.mark.parametrize("fault", ["drop_reply", "reset"])
def test_doesnt_exist_after_a_lost_answer_means_done_once_it_is_read_back(
    hlr: Hlr, bad_network: BadNetwork, fault: str
) -> None:
    line = hlr.new()
    assert results(bad_network.element.bar(batch(line))) == [("done", "")]
    bad_network.ctrl.arm(fault, at=3)  # look, keys, and then the delete: done, but nobody hears of it
    (outcome,) = bad_network.element.remove(batch(line, name="remove"))
    assert outcome.result is Result.AGAIN
    assert hlr.record(line) is None
    bad_network.ctrl.mend()
    (outcome,) = bad_network.element.remove(batch(line, name="remove", attempt=2))
    assert (outcome.result, outcome.evidence["on_record"]) == (Result.DONE, False)


def test_a_delete_that_never_arrived_is_done_at_the_next_try(hlr: Hlr, bad_network: BadNetwork) -> None:
    line = hlr.new()
    assert results(bad_network.element.bar(batch(line))) == [("done", "")]
    bad_network.ctrl.arm("blackhole", at=3)
    assert results(bad_network.element.remove(batch(line, name="remove"))) == [("again", "network.no_answer")]
    assert hlr.record(line) is not None
    bad_network.ctrl.mend()
    assert results(bad_network.element.remove(batch(line, name="remove", attempt=2))) == [("done", "")]
    assert hlr.record(line) is None
