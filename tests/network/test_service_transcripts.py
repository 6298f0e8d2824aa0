"""Do the talks with a PyHSS and an activation platform look exactly as the files in `transcripts/` tell an operator?

Each file is one situation: which steps run, what is sent (>) and must come back (<), and the outcome of the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network.site_pyhss import HssSite
from tests.network.site_tmf640 import PlatformSite
from tests.support.jsonserver import Heard, Reply
from tests.support.pyhss import ABROAD, AT_HOME
from tojimari.platform.work import Outcome

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "transcripts"
HIDDEN = {"exchange", "element", "address", "simulated", "before", "after", "now"}


def roaming_off(hss: HssSite) -> Outcome:
    line = hss.line(where=ABROAD)
    hss.walk(line, "inspect")
    return hss.do("bar", line)


def roaming_proved(hss: HssSite) -> Outcome:
    line = hss.line(where=ABROAD)
    return hss.walk(line, "inspect", "bar", "remove", "prove")[-1]


def roaming_restored(hss: HssSite) -> Outcome:
    line = hss.line()
    return hss.walk(line, "inspect", "bar", "restore")[-1]


def others_changed(hss: HssSite) -> Outcome:
    line = hss.line()
    hss.walk(line, "inspect")

    def also_ends_data(heard: Heard, _reply: Reply) -> None:
        if heard.body == {"roaming_enabled": False}:
            hss.hss.subscriber(line.imsi)["apn_list"] = "2"

    hss.hss.after = also_ends_data
    return hss.do("bar", line)


def inspected(hss: HssSite) -> Outcome:
    hss.scope = "line"
    return hss.do("inspect", hss.line(where=AT_HOME))


def line_barred(hss: HssSite) -> Outcome:
    hss.scope = "line"
    return hss.walk(hss.line(where=AT_HOME), "inspect", "bar")[-1]


def line_barred_without_ims(hss: HssSite) -> Outcome:
    hss.scope = "line"
    return hss.walk(hss.line(where=AT_HOME, ims=False), "inspect", "bar")[-1]


def line_removed(hss: HssSite) -> Outcome:
    hss.scope = "line"
    return hss.walk(hss.line(), "inspect", "bar", "remove")[-1]


def line_proved(hss: HssSite) -> Outcome:
    hss.scope = "line"
    return hss.walk(hss.line(), "inspect", "bar", "remove", "prove")[-1]


def rolled_back(hss: HssSite) -> Outcome:
    hss.scope = "line"
    line = hss.line()
    hss.walk(line, "inspect", "bar", "remove")
    hss.hss.roll_back()
    return hss.do("prove", line)


PYHSS: dict[str, Callable[[HssSite], Outcome]] = {
    "roaming_bar": roaming_off,
    "roaming_prove": roaming_proved,
    "roaming_restore": roaming_restored,
    "roaming_others_changed": others_changed,
    "line_inspect": inspected,
    "line_bar": line_barred,
    "line_bar_without_ims": line_barred_without_ims,
    "line_remove": line_removed,
    "line_prove": line_proved,
    "line_rolled_back": rolled_back,
}


def switched(platform: PlatformSite) -> Outcome:
    return platform.walk(platform.line(), "inspect", "bar")[-1]


def accepted(platform: PlatformSite) -> Outcome:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    return platform.do("bar", line)


def completed(platform: PlatformSite) -> Outcome:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    platform.do("bar", line)
    platform.platform.work()
    return platform.do("bar", line, attempt=2)


def failed(platform: PlatformSite) -> Outcome:
    platform.platform.later = True
    line = platform.line()
    platform.walk(line, "inspect")
    platform.do("bar", line)
    platform.platform.work(fail="HLR timed out")
    return platform.do("bar", line, attempt=2)


def refused(platform: PlatformSite) -> Outcome:
    line = platform.line()
    platform.walk(line, "inspect")
    no = Reply(400, {"code": "23", "reason": "Not while a port-out runs"})
    platform.platform.before = lambda heard: no if heard.method == "PATCH" else None
    return platform.do("bar", line)


def proved(platform: PlatformSite) -> Outcome:
    return platform.walk(platform.line(), "inspect", "bar", "remove", "prove")[-1]


def line_ended(platform: PlatformSite) -> Outcome:
    platform.scope = "line"
    return platform.walk(platform.line(), "inspect", "bar", "remove")[-1]


TMF640: dict[str, Callable[[PlatformSite], Outcome]] = {
    "roaming_bar": switched,
    "roaming_accepted": accepted,
    "roaming_completed": completed,
    "roaming_failed": failed,
    "roaming_refused": refused,
    "roaming_prove": proved,
    "line_remove": line_ended,
}


def as_text(outcome: Outcome) -> list[str]:
    lines = []
    for entry in outcome.evidence["exchange"]:
        lines += [f"{entry['port']} > {entry['sent']}", f"{entry['port']} < {entry['back']}"]
    facts = [f"{key}: {value}" for key, value in outcome.evidence.items() if key not in HIDDEN]
    return [*lines, f"{outcome.result.value} {outcome.code}".strip(), *facts]


def expected(kind: str, name: str) -> list[str]:
    text = (FOLDER / kind / f"{name}.txt").read_text(encoding="utf-8")
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_every_transcript_is_played() -> None:
    assert {file.stem for file in (FOLDER / "pyhss").glob("*.txt")} == set(PYHSS)
    assert {file.stem for file in (FOLDER / "tmf640").glob("*.txt")} == set(TMF640)


@pytest.mark.parametrize("name", PYHSS)
def test_the_talk_with_a_pyhss_is_as_written(hss: HssSite, name: str) -> None:
    assert as_text(PYHSS[name](hss)) == expected("pyhss", name)


@pytest.mark.parametrize("name", TMF640)
def test_the_talk_with_a_platform_is_as_written(platform: PlatformSite, name: str) -> None:
    assert as_text(TMF640[name](platform)) == expected("tmf640", name)
