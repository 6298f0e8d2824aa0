"""Does a service, or a line, end at an activation platform, at once or later, and nothing else with it?"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import ValidationError

from tests.network.site_pyhss import said
from tests.network.site_tmf640 import LINE, ROAMING, PlatformSite
from tests.support.hlr import batch, target
from tests.support.jsonserver import Heard, Reply
from tests.support.tmf640 import Tmf640
from tojimari.network.elements.tmf640.settings import OwnSettings, Switch
from tojimari.network.models import ActivationJob
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.django_db

VERBS = ("inspect", "bar", "remove", "prove")


def jobs() -> int:
    with every_carrier():
        return ActivationJob.objects.count()


def test_one_characteristic_is_switched_and_the_others_stay(platform: PlatformSite) -> None:
    line = platform.line()
    before = json.loads(json.dumps(platform.platform.services[platform.service(line)]))
    inspected, barred, removed, proved = platform.walk(line, *VERBS)
    after = platform.platform.services[platform.service(line)]
    assert platform.roaming(line) == "off"
    assert {name for name in before if before[name] != after[name]} == {"serviceCharacteristic"}
    assert [platform.platform.value(platform.service(line), name) for name in ("msisdn", "plan")] == [
        line.msisdn,
        "trip-20",
    ]
    assert (inspected.evidence["switch"], inspected.evidence["known"]) == ("on", True)
    assert (barred.evidence["changed"], barred.evidence["others_changed"]) == (
        ["serviceCharacteristic.roaming.value"],
        [],
    )
    assert removed.evidence["nothing_to_do"] is True
    assert (proved.evidence["service"], proved.evidence["read_back"]) == ("off", True)
    assert jobs() == 0


def test_a_whole_line_is_inactive_and_then_terminated(platform: PlatformSite) -> None:
    platform.scope = "line"
    line = platform.line()
    platform.walk(line, "inspect", "bar")
    assert platform.state(line) == "inactive"
    _, proved = platform.walk(line, "remove", "prove")
    assert (platform.state(line), proved.evidence["service"]) == ("terminated", "terminated")


def test_evidence_tells_no_name_no_number_and_no_note(platform: PlatformSite) -> None:
    line = platform.line()
    platform.walk(line, *VERBS)
    whole = json.dumps(platform.evidence, ensure_ascii=False)
    for private in (line.imsi, line.msisdn, "王小明", "evening", "trip-20"):
        assert private not in whole
    before = platform.evidence["bar"]["before"]
    assert before["serviceCharacteristic.roaming.value"] == "on"
    assert before["state"] == "active"
    assert before["relatedParty"].startswith("#")
    assert before["relatedParty"] == platform.evidence["prove"]["now"]["relatedParty"]


@pytest.mark.parametrize("scope", ["roaming", "line"])
@pytest.mark.parametrize("verb", [*VERBS, "restore"])
def test_each_verb_can_be_done_twice(platform: PlatformSite, scope: str, verb: str) -> None:
    platform.scope = scope
    line = platform.line()
    platform.walk(line, *(("inspect", "bar", "restore") if verb == "restore" else VERBS[: VERBS.index(verb) + 1]))
    effects = platform.platform.effects()
    assert said(platform.do(verb, line, attempt=2)) == ("done", "")
    assert platform.platform.effects() == effects


@pytest.mark.parametrize("scope", ["roaming", "line"])
def test_restore_puts_back_what_inspect_has_seen(platform: PlatformSite, scope: str) -> None:
    platform.scope = scope
    line = platform.line()
    platform.walk(line, "inspect", "bar", "restore")
    assert (platform.roaming(line), platform.state(line)) == ("on", "active")


@pytest.mark.parametrize("scope", ["roaming", "line"])
def test_what_is_accepted_is_waited_for_and_asked_once(platform: PlatformSite, scope: str) -> None:
    platform.scope, platform.platform.later = scope, True
    line = platform.line()
    for verb in VERBS:
        first = platform.do(verb, line)
        if platform.platform.waiting:
            assert said(first) == ("again", "network.in_progress")
            assert said(platform.do(verb, line, attempt=2)) == ("again", "network.in_progress")
            assert jobs() == 1
            platform.platform.work()
            first = platform.do(verb, line, attempt=3)
        assert said(first) == ("done", "")
    assert len(platform.platform.effects()) == (1 if scope == "roaming" else 2)
    assert jobs() == 0


def test_work_that_fails_later_waits_for_a_person_and_can_be_tried_again(platform: PlatformSite) -> None:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    platform.do("bar", line)
    platform.platform.work(fail="HLR 819012345678 unreachable")
    failed = platform.do("bar", line, attempt=2)
    assert (said(failed), failed.evidence["told"]) == (("stuck", "network.job_failed"), "77 HLR …5678 unreachable")
    platform.do("bar", line, attempt=3)
    platform.platform.work()
    assert said(platform.do("bar", line, attempt=4)) == ("done", "")


def test_done_without_an_effect_is_not_done(platform: PlatformSite) -> None:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    platform.do("bar", line)
    platform.platform.monitors["m1"]["state"] = "Completed"
    platform.platform.waiting.clear()
    assert said(platform.do("bar", line, attempt=2)) == ("stuck", "network.still_open")


def test_a_withdrawal_waits_for_what_is_under_way(platform: PlatformSite) -> None:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    platform.do("bar", line)
    assert said(platform.do("restore", line)) == ("again", "network.in_progress")
    platform.platform.work()
    assert said(platform.do("restore", line, attempt=2)) == ("again", "network.in_progress")
    platform.platform.work()
    assert said(platform.do("restore", line, attempt=3)) == ("done", "")
    assert platform.roaming(line) == "on"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(400, {"code": "23", "reason": "Bad state"}), ("stuck", "network.rejected")),
        (Reply(409, {"code": "62"}), ("again", "network.conflict")),
        (Reply(412), ("again", "network.conflict")),
        (Reply(401), ("again", "network.not_let_in")),
        (Reply(500, {"code": "1"}), ("again", "network.unexpected_answer")),
        (Reply(503), ("again", "network.busy")),
        (Reply(200, raw=b"<html>"), ("again", "network.unexpected_answer")),
        (Reply(200, {}), ("again", "network.still_open")),
    ],
)
def test_a_change_that_was_not_made_is_not_said_to_be(
    platform: PlatformSite, reply: Reply, expected: tuple[str, str]
) -> None:
    line = platform.line()
    platform.walk(line, "inspect")
    platform.platform.before = lambda heard: reply if heard.method == "PATCH" else None
    assert said(platform.do("bar", line)) == expected
    platform.platform.before = lambda heard: None
    assert said(platform.do("bar", line, attempt=2)) == ("done", "")


def also_ends(platform: PlatformSite, name: str) -> None:
    """The platform ends another characteristic with roaming, whenever it is switched off."""

    def done(heard: Heard, _reply: Reply) -> None:
        listed = (heard.body or {}).get("serviceCharacteristic", [])
        if any(one["value"] == "off" for one in listed):
            for one in platform.platform.services[heard.path.split("/")[-1]]["serviceCharacteristic"]:
                one["value"] = "none" if one["name"] == name else one["value"]

    platform.platform.after = done


def test_what_changed_beside_is_put_back_and_waits_for_a_person(platform: PlatformSite) -> None:
    line = platform.line()
    also_ends(platform, "plan")
    platform.walk(line, "inspect")
    stopped = platform.do("bar", line)
    assert said(stopped) == ("stuck", "network.others_changed")
    assert stopped.evidence["others_changed"] == ["serviceCharacteristic.plan.value"]
    assert stopped.evidence["left_changed"] == []
    assert (platform.roaming(line), platform.platform.value(platform.service(line), "plan")) == ("on", "trip-20")


def test_a_platform_that_replaces_lists_is_not_sent_one_item(platform: PlatformSite) -> None:
    line = platform.line()
    platform.settings |= {"whole_list": False, "scopes": {"roaming": {**ROAMING, "identity": ""}}}
    platform.walk(line, "inspect")
    stopped = platform.do("bar", line)  # the settings are wrong for this platform: the others were lost by it
    assert said(stopped) == ("stuck", "network.others_changed")
    assert stopped.evidence["left_changed"] == []
    assert platform.platform.value(platform.service(line), "plan") == "trip-20"


def test_what_changed_beside_is_put_back_also_later(platform: PlatformSite) -> None:
    line = platform.line()
    platform.platform.later = True
    platform.walk(line, "inspect")
    platform.do("bar", line)
    platform.platform.work()
    platform.platform.services[platform.service(line)]["category"] = "ended"
    assert said(platform.do("bar", line, attempt=2)) == ("again", "network.in_progress")  # it is being put back
    platform.platform.work()
    assert said(platform.do("bar", line, attempt=3)) == ("stuck", "network.others_changed")
    assert platform.roaming(line) == "on"
    assert said(platform.do("bar", line, attempt=4)) == ("again", "network.in_progress")  # a person has let it go on
    platform.platform.work()
    platform.walk(line, "inspect")
    assert said(platform.do("bar", line)) == ("done", "")


def test_a_change_in_between_is_not_overwritten() -> None:
    with Tmf640(etags=True) as running:
        site = PlatformSite(running)
        line = site.line()
        site.walk(line, "inspect")

        def meanwhile(heard: Heard) -> None:
            if heard.method == "PATCH" and running.value(site.service(line), "plan") != "trip-50":
                running._merge(
                    site.service(line),
                    {"serviceCharacteristic": [{"name": "plan", "value": "trip-50"}, *_without(site, line, "plan")]},
                )

        running.before = meanwhile
        assert said(site.do("bar", line)) == ("again", "network.conflict")
        assert said(site.do("bar", line, attempt=2)) == ("done", "")
        assert (running.value(site.service(line), "plan"), site.roaming(line)) == ("trip-50", "off")


def _without(site: PlatformSite, line: Any, name: str) -> list[dict[str, Any]]:
    listed = site.platform.services[site.service(line)]["serviceCharacteristic"]
    return [one for one in listed if one["name"] != name]


@pytest.mark.parametrize("known", [True, False])
def test_a_service_that_is_not_there_counts_only_if_the_settings_say_so(platform: PlatformSite, known: bool) -> None:
    line = target(9)
    platform.settings["scopes"] = {"roaming": {**ROAMING, "missing_is_ended": known}}
    expected = ("done", "") if known else ("stuck", "network.not_known")
    assert said(platform.do("inspect", line)) == expected
    if known:
        platform.walk(line, "bar", "remove", "prove")


def test_a_service_that_is_gone_after_its_end_is_proved(platform: PlatformSite) -> None:
    platform.scope = "line"
    line = platform.line()
    platform.walk(line, "inspect", "bar", "remove")
    platform.platform.services.clear()
    proved = platform.do("prove", line)
    assert (said(proved), proved.evidence["on_record"]) == (("done", ""), False)


def test_what_was_switched_on_again_is_not_proved_nor_removed(platform: PlatformSite) -> None:
    platform.scope = "line"
    line = platform.line()
    platform.walk(line, "inspect", "bar")
    platform.platform.services[platform.service(line)]["state"] = "active"
    assert said(platform.do("remove", line)) == ("stuck", "network.not_barred")
    assert said(platform.do("prove", line)) == ("stuck", "network.still_open")


def test_a_service_is_found_by_a_filter_and_only_if_there_is_one(platform: PlatformSite) -> None:
    find = {"find": "serviceCharacteristic.value={msisdn}", "characteristic": "roaming", "off": "off"}
    platform.settings["scopes"] = {"roaming": find}
    line = platform.line()
    platform.walk(line, *VERBS)
    platform.platform.add("cfs-other", roaming="on", msisdn=line.msisdn)
    assert said(platform.do("bar", line)) == ("stuck", "network.ambiguous")
    platform.platform.services.clear()
    assert said(platform.do("inspect", line)) == ("stuck", "network.not_known")


def test_somebody_elses_service_is_not_touched(platform: PlatformSite) -> None:
    line = platform.line()
    platform.walk(line, "inspect")
    for one in platform.platform.services[platform.service(line)]["serviceCharacteristic"]:
        one["value"] = "819000000000" if one["name"] == "msisdn" else one["value"]
    for verb in ("bar", "restore", "prove"):
        assert said(platform.do(verb, line)) == ("stuck", "network.other_subscriber")
    assert platform.platform.effects() == []


def test_what_cannot_be_asked_is_not_asked(platform: PlatformSite) -> None:
    line = platform.line()
    assert said(platform.do("inspect", line, scope="data")) == ("stuck", "element.no_such_service")
    assert said(platform.do("inspect", target(1, imsi=""))) == ("stuck", "line.no_imsi")
    assert said(platform.do("inspect", target(1, imsi="../1"))) == ("stuck", "line.identifier_invalid")
    assert platform.platform.heard == []
    platform.platform.services[platform.service(line)]["serviceCharacteristic"].pop(0)
    assert said(platform.do("inspect", line)) == ("stuck", "element.no_such_service")


def test_nothing_begins_after_the_lease(platform: PlatformSite) -> None:
    line = platform.line()
    platform.walk(line, "inspect")
    assert said(platform.do("bar", line, lease_ends=time.monotonic() - 1)) == ("again", "lease.expired")
    assert platform.platform.effects() == []
    assert said(platform.do("bar", line)) == ("done", "")


def test_a_monitor_at_another_place_is_not_followed(platform: PlatformSite) -> None:
    line = platform.line()
    platform.walk(line, "inspect")
    elsewhere = Reply(202, None, {"Location": "https://elsewhere.example/monitor/1"})
    platform.platform.before = lambda heard: elsewhere if heard.method == "PATCH" else None
    assert said(platform.do("bar", line)) == ("again", "network.still_open")
    assert not [heard for heard in platform.platform.heard if "monitor" in heard.path]


def test_one_bad_line_harms_no_other(platform: PlatformSite) -> None:
    good, bad = platform.line(1), platform.line(2)
    platform.platform.services[platform.service(bad)]["serviceCharacteristic"] = "nonsense"
    with every_carrier():
        outcomes = platform.element.inspect(batch(bad, good, target(3), name="inspect", scope="roaming"))
    assert [said(one) for one in outcomes] == [
        ("stuck", "network.other_subscriber"),
        ("done", ""),
        ("stuck", "network.not_known"),
    ]


def test_it_is_let_in_by_its_token(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("keys") / "token"
    file.write_text("t0ken-t0ken\n")
    with Tmf640(token="t0ken-t0ken") as running:
        site = PlatformSite(running)
        line = site.line()
        assert said(site.do("inspect", line)) == ("again", "network.not_let_in")
        assert site.element.trouble().startswith("network.not_let_in http://127.0.0.1")
        site.settings["token_file"] = file
        site.walk(line, *VERBS)
        assert site.element.trouble() == ""
        assert "t0ken" not in json.dumps(site.evidence)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"endpoint": "http://oss.example/v4"}, "endpoint"),
        ({"endpoint": "https://user:secret@oss.example"}, "endpoint"),
        ({"scopes": {}}, "scopes"),
        ({"scopes": {"line": {**LINE, "find": "x={imsi}"}}}, "scopes.line"),
        ({"scopes": {"line": {"id": "cfs"}}}, "scopes.line.id"),
        ({"scopes": {"line": {"id": "cfs-{name}"}}}, "scopes.line.id"),
        ({"scopes": {"line": {"id": "a/{imsi}"}}}, "scopes.line.id"),
        ({"token_file": "token"}, "token_file"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, Any], where: str) -> None:
    given = {"endpoint": "https://oss.example/v4/", "scopes": {"line": LINE}}
    assert OwnSettings.model_validate(given).endpoint == "https://oss.example/v4"
    with pytest.raises(ValidationError) as told:
        OwnSettings.model_validate(given | wrong)
    assert [".".join(map(str, one["loc"])) for one in told.value.errors()] == [where]


def test_true_is_not_one_and_one_is_no_text(platform: PlatformSite) -> None:
    switch = Switch(id="{imsi}", characteristic="roaming", off=False)
    assert switch.off is False
    platform.settings["scopes"] = {"roaming": {"id": "cfs-{imsi}", "characteristic": "roaming", "off": False}}
    line = target(1)
    platform.platform.add("cfs-" + line.imsi, roaming=True)
    platform.walk(line, *VERBS)
    assert platform.roaming(line) is False
    platform.platform.services["cfs-" + line.imsi]["serviceCharacteristic"][0]["value"] = 0
    assert said(platform.do("prove", line)) == ("stuck", "network.still_open")
