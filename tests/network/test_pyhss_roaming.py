"""Does roaming end at a PyHSS, and nothing else?"""

from __future__ import annotations

import json
import time

import pytest

from tests.network.site_pyhss import HssSite, said
from tests.support.hlr import batch, target
from tests.support.jsonserver import Heard, Reply
from tests.support.pyhss import ABROAD, AT_HOME, PyHss
from tojimari.network.elements.pyhss.settings import OwnSettings


def test_roaming_is_switched_off_and_the_visit_ends(hss: HssSite) -> None:
    line = hss.line(where=ABROAD)
    before = dict(hss.hss.subscriber(line.imsi))
    inspected, barred, removed, proved = hss.walk(line, "inspect", "bar", "remove", "prove")
    after = hss.hss.subscriber(line.imsi)
    assert (after["roaming_enabled"], after["serving_mme"], after["enabled"]) == (False, None, True)
    assert {name for name in before if before[name] != after[name]} <= {"roaming_enabled", "last_modified", *ABROAD}
    assert [(one["peer"], one["cancellationType"], one["immediateReattach"]) for one in hss.hss.told] == [
        ("dra.abroad.example", 2, True)
    ]
    assert (inspected.evidence["known"], inspected.evidence["abroad"]) == (True, True)
    assert (barred.evidence["detach"], barred.evidence["changed"]) == ("told", ["subscriber.roaming_enabled"])
    assert removed.evidence["nothing_to_do"] is True
    assert (proved.evidence["service"], proved.evidence["abroad"], proved.evidence["read_back"]) == ("off", False, True)


def test_a_phone_at_home_stays_attached(hss: HssSite) -> None:
    line = hss.line(where=AT_HOME)
    _, barred, _, _ = hss.walk(line, "inspect", "bar", "remove", "prove")
    assert hss.hss.subscriber(line.imsi)["serving_mme"] == AT_HOME["serving_mme"]
    assert (hss.hss.told, barred.evidence["detach"]) == ([], "nobody")


def test_evidence_compares_every_field_and_tells_no_number_and_no_key(hss: HssSite) -> None:
    line = hss.line(where=ABROAD)
    _, barred = hss.walk(line, "inspect", "bar")
    before, after = barred.evidence["before"], barred.evidence["after"]
    assert before["subscriber.roaming_enabled"] == "True"
    assert after["subscriber.roaming_enabled"] == "False"
    assert before["subscriber.apn_list"] == after["subscriber.apn_list"] == "1,2"
    assert set(before) == set(after)
    assert len(before) > 25
    assert barred.evidence["others_changed"] == []
    whole = json.dumps([one for one in hss.evidence.values()])
    for secret in (line.imsi, line.msisdn, "00112233445566778899aabbccddeeff"):
        assert secret not in whole


@pytest.mark.parametrize("verb", ["inspect", "bar", "restore", "prove"])
def test_each_verb_can_be_done_twice(hss: HssSite, verb: str) -> None:
    line = hss.line(where=ABROAD)
    hss.walk(line, "inspect", "bar", *(() if verb in ("inspect", "bar") else (verb,)))
    state = {name: value for name, value in hss.hss.subscriber(line.imsi).items()}
    told = list(hss.hss.told)
    assert said(hss.do(verb, line, attempt=2)) == ("done", "")
    assert (hss.hss.subscriber(line.imsi), hss.hss.told) == (state, told)


@pytest.mark.parametrize("was", [True, False, None])
def test_restore_puts_back_what_inspect_has_seen(hss: HssSite, was: bool | None) -> None:
    line = hss.line(roaming_enabled=was)
    hss.walk(line, "inspect", "bar", "restore")
    assert hss.hss.subscriber(line.imsi)["roaming_enabled"] is was


def test_what_changed_beside_is_put_back_and_waits_for_a_person(hss: HssSite) -> None:
    line = hss.line(where=ABROAD)
    hss.walk(line, "inspect")

    def also_ends_data(heard: Heard, _reply: Reply) -> None:
        if heard.method == "PATCH" and heard.body == {"roaming_enabled": False}:
            hss.hss.subscriber(line.imsi)["apn_list"] = "2"

    hss.hss.after = also_ends_data
    stopped = hss.do("bar", line)
    assert said(stopped) == ("stuck", "network.others_changed")
    assert stopped.evidence["others_changed"] == ["subscriber.apn_list"]
    assert (stopped.evidence["put_back"], stopped.evidence["left_changed"]) == (["apn_list"], [])
    now = hss.hss.subscriber(line.imsi)
    assert (now["apn_list"], now["roaming_enabled"]) == ("1,2", True)


def test_it_can_be_tried_again_after_a_person_has_looked(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect")
    hss.hss.subscriber(line.imsi)["apn_list"] = "1"  # a plan was changed since it was inspected
    assert said(hss.do("bar", line)) == ("done", "")
    assert hss.hss.subscriber(line.imsi)["apn_list"] == "1"


def test_a_change_that_stays_is_named(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect")

    def also_ends_calls(heard: Heard, _reply: Reply) -> None:
        if heard.method == "PATCH":
            hss.hss.tables["ims_subscriber"].clear()

    hss.hss.after = also_ends_calls
    stopped = hss.do("bar", line)
    assert said(stopped) == ("stuck", "network.others_changed")
    assert "ims_subscriber.msisdn" in stopped.evidence["left_changed"]
    assert hss.hss.subscriber(line.imsi)["roaming_enabled"] is True


def test_a_network_abroad_that_cannot_be_told_is_waited_for_and_nothing_is_proved(hss: HssSite) -> None:
    line = hss.line(where=ABROAD)
    hss.hss.peers.clear()
    hss.walk(line, "inspect")
    for attempt in (1, 2, 3):
        assert said(hss.do("bar", line, attempt=attempt)) == ("again", "network.visited_network_away")
    barred = hss.do("bar", line, attempt=4)
    assert (said(barred), barred.evidence["detach"]) == (("done", ""), "not_seen")
    assert said(hss.do("prove", line)) == ("again", "network.visit_goes_on")
    hss.hss.subscriber(line.imsi).update(AT_HOME)
    assert said(hss.do("prove", line)) == ("done", "")


def test_roaming_that_was_switched_on_again_is_not_proved(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect", "bar")
    hss.hss.subscriber(line.imsi)["roaming_enabled"] = True
    assert said(hss.do("prove", line)) == ("stuck", "network.still_open")


def test_a_number_of_somebody_else_stops_it(hss: HssSite) -> None:
    line = hss.line()
    hss.walk(line, "inspect")
    hss.hss.subscriber(line.imsi)["msisdn"] = "819011112222"
    for verb in ("bar", "restore", "prove"):
        assert said(hss.do(verb, line)) == ("stuck", "network.other_subscriber")
    assert hss.hss.effects() == []


def test_a_line_that_is_not_there_has_no_roaming(hss: HssSite) -> None:
    line = hss.line()
    hss.hss.tables = {name: {} for name in hss.hss.tables}
    inspected, barred, _, proved = hss.walk(line, "inspect", "bar", "remove", "prove")
    assert (inspected.evidence["known"], barred.evidence["known"], proved.evidence["on_record"]) == (False,) * 3


def test_null_is_not_believed_while_the_database_does_not_answer(hss: HssSite) -> None:
    line = hss.line()
    hss.hss.before = lambda heard: Reply(body=None)  # what PyHSS says to every question then
    assert said(hss.do("inspect", line)) == ("again", "network.unexpected_answer")


def test_nothing_begins_after_the_lease(hss: HssSite) -> None:
    line = hss.line(where=ABROAD)
    hss.walk(line, "inspect")
    outcome = hss.do("bar", line, lease_ends=time.monotonic() - 1)
    assert (said(outcome), outcome.after is not None, hss.hss.effects()) == (("again", "lease.expired"), True, [])


def test_what_cannot_be_asked_is_not_asked(hss: HssSite) -> None:
    assert said(hss.do("inspect", target(1, imsi=""))) == ("stuck", "line.no_imsi")
    assert said(hss.do("inspect", target(1, imsi="4401/../1"))) == ("stuck", "line.identifier_invalid")
    assert said(hss.do("inspect", target(1), scope="data")) == ("stuck", "element.no_such_service")
    assert hss.hss.heard == []


def test_changes_need_the_provisioning_key_where_it_is_locked(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("keys") / "key"
    file.write_text("hunter2hunter2\n")
    with PyHss(key="hunter2hunter2") as running:
        site = HssSite(running)
        line = site.line()
        site.walk(line, "inspect")
        assert said(site.do("bar", line)) == ("again", "network.not_let_in")
        locked = OwnSettings(endpoint=running.endpoint, home_realms=("home.example",), provisioning_key_file=file)
        element = locked.make("hss-east")
        assert (element.name, element.trouble()) == ("hss-east", "")
        work = batch(line, name="bar", scope="roaming", earlier=site.evidence)
        assert said(element.bar(work)[0]) == ("done", "")
        assert "hunter2" not in str(locked.door())
