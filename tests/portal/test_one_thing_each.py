"""Is a person told once what is done, however many network elements have a part in it?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from tests.portal.following import a_case, link_of, text
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.templatetags.standing import all_said, as_one_thing_each
from tojimari.terminations.models import Step, Termination


def step(name: str, state: str, **other: object) -> Step:
    return Step(name=name, state=state, **other)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        (("done", "waiting"), "bar"),
        (("open", "waiting"), "bar@es2plus"),
        (("done", "done"), "bar"),
        (("done", "cancelled"), "bar"),
        (("skipped", "open"), "bar"),
    ],
)
def test_it_stands_where_the_first_part_stands_that_is_not_over(states: tuple[str, str], shown: str) -> None:
    steps = [step("code", "done"), step("bar@es2plus", states[0]), step("bar", states[1]), step("hold", "waiting")]
    told = as_one_thing_each(steps)
    assert [thing.verb for thing in told] == ["code", "bar", "hold"]
    assert told[1].step.name == shown


def test_what_the_elements_said_stands_below_it_and_the_same_only_once() -> None:
    known = {"known": False, "element": "hlr"}
    parts = [step("remove@a", "done", evidence=known), step("remove@b", "done", evidence=known)]
    parts += [step("remove", "done", evidence={"element": "es2plus", "profile": "cancelled"})]
    (thing,) = as_one_thing_each(parts)
    with translation.override("en"):
        assert all_said(thing, Termination(scope="line")) == [
            "The network does not know this line.",
            "The order of this eSIM is cancelled: nobody can download it any more.",
        ]


def test_the_page_names_no_element(browser: Client, esim_line: Line, tabi: Carrier) -> None:
    Carrier.objects.filter(pk=tabi.pk).update(elements={"esim": ["es2plus", "simulated"]})
    with every_carrier():
        case = a_case(Line.objects.select_related("carrier").get(pk=esim_line.pk))
        assert Step.objects.filter(termination=case, name="bar@es2plus").exists()
    browser.get(link_of(case))
    page = text(browser, f"/cases/{case.reference}/")
    assert "es2plus" not in page
    assert page.count("<b>Switch off in the network</b>") == 1
