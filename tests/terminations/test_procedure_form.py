"""Does the small form change exactly the values that were chosen, and leave order and comments of the text alone?"""

from __future__ import annotations

import difflib

import pytest

from tojimari.terminations.procedure_form import filled_in, lists, numbers, put
from tojimari.terminations.procedures import parse, read_text, shipped

KINDS = ("physical_sim", "esim", "roaming")


def now_chosen(text: str) -> dict[str, list[str]]:
    return {name: list(chosen) for name, (_, chosen) in lists(parse(read_text(text, "x"), "x")).items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_changes_nothing_leaves_the_text_as_it_is(kind: str) -> None:
    text = shipped("any", kind).text
    typed = {one.name: str(one.value) for one in numbers(parse(read_text(text, "x"), "x"))}
    assert filled_in(text, typed, now_chosen(text)) == (text, {})


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_the_form_can_be_changed_alone(kind: str) -> None:
    text = shipped("any", kind).text
    before = numbers(parse(read_text(text, "x"), "x"))
    for one in before:
        after, wrong = filled_in(text, {one.name: str(one.value + 1)}, now_chosen(text))
        assert not wrong
        now = numbers(parse(read_text(after, "x"), "x"))
        assert [two.value - was.value for was, two in zip(before, now, strict=True)] == [
            int(two.name == one.name) for two in now
        ]
        changed = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "+-"]
        assert len([line for line in changed if line[0] == "-"]) <= 1, one.name


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_of_the_form_can_be_changed_alone(kind: str) -> None:
    text = shipped("any", kind).text
    for name, (choices, chosen) in lists(parse(read_text(text, "x"), "x")).items():
        wanted = [one for one in choices if one not in chosen] if name == "papers" else list(chosen)[:1]
        others: dict[str, list[str]] = {"four_eyes": []} if name == "look_at" else {}
        after, _ = filled_in(text, {}, {**now_chosen(text), **others, name: wanted})
        assert list(lists(parse(read_text(after, "x"), "x"))[name][1]) == wanted


def test_a_list_over_several_lines_is_replaced_whole() -> None:
    text = (
        'a = 1\n[review]\nlook_at = [\n  "debt", # why\n  "minor",\n]\nrecent_days = 3\n\n[[step]]\nname = "verify"\n'
    )
    assert put(text, "review", "look_at", ["minor"]) == (
        'a = 1\n[review]\nlook_at = ["minor"]\nrecent_days = 3\n\n[[step]]\nname = "verify"\n'
    )


def test_a_missing_key_and_a_missing_table_are_written_where_they_belong() -> None:
    text = 'kind = "x"\n\n[[step]]\nname = "hold"\n\n[[step]]\nname = "remove"\n'
    assert put(text, "hold", "wait_hours", 5).split("\n\n")[1] == '[[step]]\nname = "hold"\nwait_hours = 5'
    assert put(text, "review", "recent_days", 5).split("\n\n")[1] == "[review]\nrecent_days = 5"


@pytest.mark.parametrize("typed", ["-1", "1.5", "x", "", "12345678", "１"])
def test_what_is_no_number_changes_nothing(typed: str) -> None:
    text = shipped("any", "esim").text
    assert filled_in(text, {"hold_hours": typed}, now_chosen(text)) == (text, {"hold_hours": "procedure.number_wrong"})


def test_a_text_that_cannot_be_read_is_left_to_its_own_page() -> None:
    assert filled_in("kind = [", {"hold_hours": "3"}, {}) == ("kind = [", {})
