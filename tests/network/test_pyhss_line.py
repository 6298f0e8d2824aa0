"""Does a whole line end at a PyHSS, keys and all, and does it stay ended?"""

from __future__ import annotations

import json

import pytest

from tests.network.site_pyhss import HssSite, said
from tests.support.hlr import batch, target
from tests.support.jsonserver import Heard, Reply
from tests.support.pyhss import ABROAD, AT_HOME, KI, PyHss
from tojimari.platform.work import Result

VERBS = ("inspect", "bar", "remove", "prove")


@pytest.fixture(autouse=True)
def _whole_line(hss: HssSite) -> None:
    hss.scope = "line"


@pytest.mark.parametrize("ims", [True, False])
@pytest.mark.parametrize("where", [ABROAD, AT_HOME])
def test_a_line_is_barred_sent_away_and_deleted_in_order(hss: HssSite, ims: bool, where: dict[str, str]) -> None:
    line = hss.line(ims=ims, where=where)
    inspected, barred, removed, proved = hss.walk(line, *VERBS)
    assert hss.hss.left(line.imsi) == []
    assert [one["cancellationType"] for one in hss.hss.told] == [2]
    deletes = [heard.path.split("/")[1] for heard in hss.hss.heard if heard.method == "DELETE"]
    assert deletes == [*(["ims_subscriber"] if ims else []), "subscriber", "auc"]
    assert (inspected.evidence["known"], barred.evidence["detach"]) == (True, "told")
    assert (removed.evidence["on_record"], removed.evidence["keys"]) == (False, "none")
    assert (proved.evidence["on_record"], proved.evidence["read_back"]) == (False, True)
    assert hss.hss.left(line.imsi) == []


def test_another_line_beside_it_is_untouched(hss: HssSite) -> None:
    other = hss.line(2, ABROAD)
    before = {name: dict(hss.hss.row(name, other.imsi) or {}) for name in hss.hss.tables}
    hss.walk(hss.line(1, AT_HOME), *VERBS)
    assert {name: hss.hss.row(name, other.imsi) for name in hss.hss.tables} == before


def test_a_phone_in_a_2g_network_cannot_be_told_and_that_is_said(hss: HssSite) -> None:
    line = hss.line(serving_vlr="vlr-1")
    _, barred = hss.walk(line, "inspect", "bar")
    assert barred.evidence["detach"] == "not_seen"


def test_nobody_attached_needs_no_message(hss: HssSite) -> None:
    _, barred = hss.walk(hss.line(), "inspect", "bar")
    assert (barred.evidence["detach"], hss.hss.told) == ("nobody", [])


def test_restore_switches_on_again(hss: HssSite) -> None:
    line = hss.line(where=AT_HOME)
    hss.walk(line, "inspect", "bar", "restore")
    assert hss.hss.subscriber(line.imsi)["enabled"] is True


def test_a_line_that_was_opened_during_the_hold_is_not_deleted(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar")
    hss.hss.subscriber(line.imsi)["enabled"] = True
    assert said(hss.do("remove", line)) == ("stuck", "network.not_barred")
    assert len(hss.hss.left(line.imsi)) == 3


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_can_be_done_twice(hss: HssSite, verb: str) -> None:
    line = hss.line(where=AT_HOME)
    hss.walk(line, *VERBS[: VERBS.index(verb) + 1])
    tables = json.dumps(hss.hss.tables)
    assert said(hss.do(verb, line, attempt=2)) == ("done", "")
    assert json.dumps(hss.hss.tables) == tables


@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_deletion_that_stopped_at_any_place_is_finished(hss: HssSite, place: int, when: str) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar")
    seen = 0

    def busy(heard: Heard, _reply: Reply | None = None) -> Reply | None:
        nonlocal seen
        seen += heard.method == "DELETE"
        return Reply(503) if heard.method == "DELETE" and seen == place else None

    setattr(hss.hss, when, busy)
    first = hss.do("remove", line)
    done_at_once = (when, place) == ("after", 3)
    assert said(first) == (("done", "") if done_at_once else ("again", "network.busy"))
    setattr(hss.hss, when, lambda *_: None)
    hss.evidence.pop("remove", None)
    hss.walk(line, "remove", "prove")
    assert hss.hss.left(line.imsi) == []


def test_keys_without_subscriber_are_found_by_the_id_that_was_seen(hss: HssSite) -> None:
    line = hss.line(iccid="8981100000000000018")
    auc = hss.hss.row("auc", line.imsi)
    assert auc is not None
    auc["imsi"] = None
    hss.walk(line, "inspect", "bar")
    for table in ("ims_subscriber", "subscriber"):
        hss.hss.tables[table].clear()
    hss.walk(line, "remove", "prove")
    assert hss.hss.tables["auc"] == {}


def test_an_id_that_is_somebody_elses_by_now_is_not_touched(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, *VERBS)
    other = hss.line(2)  # gets the same row numbers
    assert hss.hss.subscriber(other.imsi)["subscriber_id"] == 1
    for verb in ("remove", "prove"):
        assert said(hss.do(verb, line, attempt=2)) == ("done", "")
    assert len(hss.hss.left(other.imsi)) == 3


def test_keys_that_nobody_can_tell_whose_they_are_wait_for_a_person(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar")
    auc = hss.hss.row("auc", line.imsi)
    assert auc is not None
    auc["imsi"] = None
    hss.hss.tables["subscriber"].clear()
    assert said(hss.do("remove", line)) == ("stuck", "network.keys_unclear")
    assert len(hss.hss.tables["auc"]) == 1


@pytest.mark.parametrize("verb", ["remove", "prove"])
def test_a_rollback_is_seen_and_named(hss: HssSite, verb: str) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar", *(["remove"] if verb == "prove" else []))

    def undone(heard: Heard, _reply: Reply) -> None:
        if heard.method == "DELETE" and heard.path.startswith("/auc/"):
            hss.hss.roll_back()

    if verb == "remove":
        hss.hss.after = undone
    else:
        hss.hss.roll_back()
    stopped = hss.do(verb, line)
    assert said(stopped) == ("stuck", "network.rolled_back")
    assert stopped.evidence["brought_back"] == ["auc"]
    assert KI not in json.dumps(stopped.evidence)  # the log that was read holds it


def test_a_record_that_was_made_anew_is_no_rollback(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar", "remove")
    hss.hss.add(line.imsi, line.msisdn)
    assert said(hss.do("prove", line)) == ("stuck", "network.still_on_record")


def test_two_ims_records_of_one_imsi_both_go(hss: HssSite) -> None:
    line = hss.line()
    hss.hss._insert("ims_subscriber", imsi=line.imsi, msisdn="819099998888")  # `null` is the answer to its IMSI now
    hss.walk(line, "inspect", "bar")
    assert said(hss.do("remove", line)) == ("again", "network.still_on_record")
    hss.walk(line, "remove", "prove")
    assert hss.hss.left(line.imsi) == []


def test_keys_that_the_interface_lets_out_are_never_kept() -> None:
    with PyHss(insecure_auc=True) as running:
        site = HssSite(running, scope="line")
        line = site.line(iccid="8981100000000000018")
        site.walk(line, *VERBS)
        assert KI not in json.dumps(site.evidence)
        assert "1234" not in site.evidence["inspect"]["before"].values()


def test_a_number_on_another_card_stops_it(hss: HssSite) -> None:
    line = hss.line()
    hss.hss.subscriber(line.imsi)["imsi"] = "440109999999999"
    assert said(hss.do("inspect", line)) == ("stuck", "network.number_on_other_imsi")


def test_one_bad_line_harms_no_other(hss: HssSite) -> None:
    good, bad = hss.line(1), hss.line(2)
    hss.hss.subscriber(bad.imsi)["msisdn"] = "819011112222"
    outcomes = hss.element.inspect(batch(bad, good, target(3), name="inspect"))
    assert [(one.result, one.code) for one in outcomes] == [
        (Result.STUCK, "network.other_subscriber"),
        (Result.DONE, ""),
        (Result.DONE, ""),
    ]
    assert [one.evidence["known"] for one in outcomes[1:]] == [True, False]


def test_it_says_what_is_the_trouble(hss: HssSite) -> None:
    assert hss.element.trouble() == ""
    hss.hss.before = lambda heard: Reply(body=None)
    assert hss.element.trouble().startswith("network.unexpected_answer http://127.0.0.1")
    hss.port = 1
    assert hss.element.trouble().startswith("network.refused ")
