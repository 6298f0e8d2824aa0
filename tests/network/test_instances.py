"""Which elements does a file name, which line does each of them hold, and what is said of a file that is wrong?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.setup_elements import WriteElements, write_elements
from tojimari.network import elements
from tojimari.network.elements.instances import BadElements, Ranges, read
from tojimari.network.elements.osmohlr.settings import OwnSettings
from tojimari.network.routing import bar_by_themselves, is_simulated, lanes_for
from tojimari.platform.acting import Refused

__all__ = ["write_elements"]

KINDS = {"osmohlr": OwnSettings, "by_hand": None, "simulated": None}

TWO = """
[hlr-east]
kind = "osmohlr"
group = "hlr"
host = "127.0.60.1"
imsi = ["44010", "44011"]
rate_per_second = 50
concurrency = 2
breaker = { failures = 3, pause_seconds = 30 }
maintenance = ["Sun 02:00-05:00", "daily 23:30-00:30"]

[hlr-west]
kind = "osmohlr"
group = "hlr"
host = "127.0.60.2"
ctrl_port = 5259
imsi = ["440", "4401099"]

[by_hand]
kind = "by_hand"
concurrency = 1
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "wrong.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadElements) as bad:
        read(file, KINDS)
    return bad.value.problems


def test_without_a_file_there_is_one_element_of_each_kind() -> None:
    assert elements.names() == tuple(elements.ELEMENTS)
    assert lanes_for({}, "esim", "line", "440101234567890") == ("simulated",)


def test_a_file_adds_elements_with_their_limits(write_elements: WriteElements) -> None:
    write_elements(TWO)
    assert set(elements.names()) == {*elements.ELEMENTS, "hlr-east", "hlr-west"}
    east, west = elements.in_file()["hlr-east"], elements.in_file()["hlr-west"]
    assert (east.rate_per_second, east.concurrency) == (50, 2)
    assert east.breaker is not None
    assert (east.breaker.failures, east.breaker.pause_seconds, len(east.maintenance)) == (3, 30, 2)
    assert (west.limited, elements.in_file()["by_hand"].limited) == (False, True)
    assert west.own.ctrl_port == 5259
    made = elements.element("hlr-west")
    assert made.name == "hlr-west"
    assert made is elements.element("hlr-west")
    assert elements.kind_of("hlr-west") == "osmohlr"


@pytest.mark.parametrize(
    ("imsi", "holder"),
    [
        ("440101234567890", "hlr-east"),
        ("440111234567890", "hlr-east"),
        ("440201234567890", "hlr-west"),
        ("440109934567890", "hlr-west"),  # the longest beginning that fits
    ],
)
def test_a_group_gives_each_line_to_the_longest_range_that_fits(
    write_elements: WriteElements, imsi: str, holder: str
) -> None:
    write_elements(TWO)
    assert lanes_for({"esim": "hlr"}, "esim", "line", imsi) == (holder,)
    assert lanes_for({"esim": ["by_hand", "hlr"]}, "esim", "line", imsi) == ("by_hand", holder)


@pytest.mark.parametrize(("name", "imsi"), [("hlr", "310150123456789"), ("hlr", ""), ("hlr-east", "440201234567890")])
def test_a_line_in_no_range_is_refused_with_a_reason(write_elements: WriteElements, name: str, imsi: str) -> None:
    write_elements(TWO)
    with pytest.raises(Refused, match=r"element\.no_range") as refused:
        lanes_for({"esim": name}, "esim", "line", imsi)
    assert refused.value.facts == {"element": name}


def test_questions_that_the_whole_group_answers_alike_need_no_line(write_elements: WriteElements) -> None:
    write_elements(TWO)
    assert bar_by_themselves(lanes_for({"esim": "hlr"}, "esim", "line"))
    assert not is_simulated({"esim": "hlr"})
    with pytest.raises(LookupError, match="hlr-east"):
        lanes_for({"esim": "hlr-north"}, "esim", "line")


def test_hlrs_of_the_file_are_what_is_meant_by_default(write_elements: WriteElements) -> None:
    assert is_simulated({})
    write_elements(TWO.replace('group = "hlr"', ""))
    assert lanes_for({}, "esim", "line", "440201234567890") == ("hlr-west",)
    assert lanes_for({}, "esim", "roaming", "440201234567890") == ("by_hand",)
    assert lanes_for({"esim": "osmohlr"}, "esim", "line", "440101234567890") == ("hlr-east",)
    assert not is_simulated({})


def test_routing_many_lines_asks_the_database_nothing(
    write_elements: WriteElements, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    write_elements(TWO)
    with django_assert_num_queries(0):
        for number in range(1000):
            lanes_for({"esim": "hlr"}, "esim", "line", f"44010{number:010d}")


def test_an_element_without_a_range_holds_all_other_lines_of_its_group(tmp_path: Path) -> None:
    file = tmp_path / "elements.toml"
    file.write_text(
        '[a]\nkind = "osmohlr"\nhost = "h"\nimsi = ["44010"]\n\n[b]\nkind = "osmohlr"\nhost = "i"\n', encoding="utf-8"
    )
    ranges = Ranges(read(file, KINDS))
    assert ranges.holder("osmohlr", "440101") == "a"
    assert ranges.holder("osmohlr", "999") == "b"
    assert ranges.holder("osmohlr", "") == "b"


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """
loose = 1
[east]
kind = "osmohlr"
host = "a"
gsup_port = 70000
imsi = ["440x"]
maintenance = ["Son 02:00-05:00"]
[west]
kind = "hss"
[north]
kind = "osmohlr"
rate_per_second = 0
colour = "red"
[hands]
kind = "by_hand"
[simulated]
kind = "simulated"
imsi = ["440"]
host = "a"
[default]
kind = "osmohlr"
host = "a"
[by_hand]
kind = "osmohlr"
host = "a"
""",
    )
    for part in (
        "loose stands outside",
        "[east] gsup_port",
        "[east] imsi.0",
        "[east] maintenance.0: 'Son 02:00-05:00' names no day",
        "[west] kind: there is no kind 'hss'; there are osmohlr",
        "[north] rate_per_second",
        "[north] host",
        "[north] colour",
        "[hands] kind: there is one by_hand only",
        "[simulated] group, imsi",
        "[simulated] host: there is no such key",
        "[default] the name means something else",
        "[by_hand] the name means something else",
    ):
        assert any(problem.startswith(part) for problem in told), (part, told)


def test_ranges_that_overlap_and_groups_with_another_meaning_are_refused(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """
[a]
kind = "osmohlr"
host = "a"
imsi = ["44010", "44011"]
[b]
kind = "osmohlr"
host = "b"
imsi = ["44011"]
[c]
kind = "osmohlr"
group = "a"
host = "c"
[d]
kind = "osmohlr"
group = "by_hand"
host = "d"
""",
    )
    assert "[b] imsi: [a] claims IMSIs that begin with 44011 of the group osmohlr as well" in told
    assert "[c] group: a means something else; choose another" in told
    assert "[d] group: by_hand means something else; choose another" in told


@pytest.mark.parametrize(("text", "part"), [("", "names no element"), ("= 1", "is no TOML")])
def test_a_file_that_is_empty_or_no_toml_is_refused(tmp_path: Path, text: str, part: str) -> None:
    assert part in problems(tmp_path, text)[0]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadElements, match="cannot be read"):
        read(tmp_path / "nowhere.toml", KINDS)
