"""Can a carrier change its procedure, and is a bad one refused whole, with everything that is wrong in it?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.terminations import procedures
from tojimari.terminations.models import CaseKind
from tojimari.terminations.procedures import BadProcedure, parse, read_text, shipped


def shipped_body(slug: str, kind: str) -> dict[str, Any]:
    return read_text(shipped(slug, kind).text, kind)


def body(kind: str = "esim") -> dict[str, Any]:
    return copy.deepcopy(shipped_body("any", kind))


@pytest.mark.parametrize("kind", CaseKind.values)
@pytest.mark.parametrize("slug", ["any", "demo"])
def test_every_shipped_procedure_is_sound(kind: str, slug: str) -> None:
    spec = parse(shipped_body(slug, kind), kind)
    assert spec.kind == kind
    assert spec.steps[0].name == "verify"
    assert spec.steps[-1].name == "certificate"


def test_the_standard_hold_of_a_line_can_be_undone_for_a_day() -> None:
    for kind in ("physical_sim", "esim"):
        assert parse(shipped_body("any", kind), kind).step("hold").wait_hours == 24


def test_a_physical_sim_asks_for_visit_papers_form_and_card_in_this_order() -> None:
    names = [step.name for step in parse(shipped_body("any", "physical_sim"), "").steps]
    assert [n for n in names if n in ("visit", "papers", "form", "return_sim")] == [
        "visit",
        "papers",
        "form",
        "return_sim",
    ]


def test_names_everything_that_is_wrong_at_once() -> None:
    bad = body()
    bad["colour"] = "red"
    bad["step"][0]["actor"] = "system"
    bad["step"][1]["name"] = "dance"
    bad["step"][3]["when"] = "someday"
    with pytest.raises(BadProcedure) as caught:
        parse(bad, "mine.toml")
    told = str(caught.value)
    assert told.startswith("mine.toml: ")
    for part in ("'colour'", "'system' cannot do this", "cannot be waived", "unknown step", "'someday'"):
        assert part in told
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("prove", "remove", "must stand in this order"),  # proving what is still there proves nothing
        ("remove", "bar", "must stand in this order"),
        ("hold", "inspect", "hold must stand between"),
        ("certificate", "tell", "must stand in this order"),
    ],
)
def test_refuses_an_order_that_would_not_end_a_line(before: str, after: str, complaint: str) -> None:
    bad = body()
    names = [step["name"] for step in bad["step"]]
    moved = bad["step"].pop(names.index(before))
    names.remove(before)
    bad["step"].insert(names.index(after), moved)
    with pytest.raises(BadProcedure, match=complaint):
        parse(bad, "x")


def test_refuses_a_review_after_the_line_is_gone() -> None:
    bad = body()
    review = next(step for step in bad["step"] if step["name"] == "review")
    bad["step"].remove(review)
    bad["step"].insert(-1, review)
    with pytest.raises(BadProcedure, match="review must stand before inspect"):
        parse(bad, "x")


@pytest.mark.parametrize("name", ["verify", "inspect", "bar", "remove", "prove", "final_bill", "tell", "certificate"])
def test_refuses_to_leave_out_what_makes_an_end_an_end(name: str) -> None:
    bad = body()
    bad["step"] = [step for step in bad["step"] if step["name"] != name]
    with pytest.raises(BadProcedure, match=f"missing steps: {name}"):
        parse(bad, "x")


@pytest.mark.parametrize("kind", ["physical_sim", "esim"])
def test_leaving_never_asks_more_steps_of_a_person_than_joining_did(kind: str) -> None:
    body = shipped_body("demo", kind)
    asked = [step["name"] for step in body["step"] if step["name"] in procedures.PERSONS_STEPS]
    assert len(asked) <= body["sign_up_steps"]
    parse(body | {"sign_up_steps": len(asked)}, "just as many")
    a_form = [] if "form" in asked else [{"name": "form", "actor": "staff"}]
    more = body | {"step": [*a_form, *body["step"]], "sign_up_steps": len(asked) + len(a_form) - 1}
    with pytest.raises(BadProcedure, match="steps of the person"):
        parse(more, "more")


@pytest.mark.parametrize("wrong", [0, -1, "4", True, 1.5])
def test_the_steps_of_signing_up_are_a_whole_number(wrong: object) -> None:
    with pytest.raises(BadProcedure, match="sign_up_steps must be a whole number"):
        parse(shipped_body("demo", "esim") | {"sign_up_steps": wrong}, "x")


def test_a_carrier_may_change_order_papers_review_and_waiting() -> None:
    own = body("physical_sim")
    by_name = {step["name"]: step for step in own["step"]}
    by_name["papers"]["papers"] = ["card"]
    by_name["hold"]["wait_hours"] = 72
    own["step"].remove(by_name["return_sim"])
    own["step"].insert(1, by_name["return_sim"])
    own["step"].insert(2, {"name": "review", "actor": "system"})
    spec = parse(own, "own")
    assert [step.name for step in spec.steps][:3] == ["verify", "return_sim", "review"]
    assert spec.step("papers").papers == ("card",)
    assert spec.step("hold").wait_hours == 72


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TOJIMARI_PROCEDURES_DIR", str(tmp_path))
    config.cache_clear()
    yield tmp_path
    monkeypatch.delenv("TOJIMARI_PROCEDURES_DIR")
    config.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_a_new_file_makes_a_new_version_and_leaves_the_old_one(own_folder: Path, tabi: Carrier) -> None:
    first = procedures.current(tabi, "esim")
    assert procedures.current(tabi, "esim") == first
    own = own_folder / tabi.slug / "esim.toml"
    own.parent.mkdir()
    shipped = Path(procedures.__file__).parent / "procedures" / "esim.toml"
    own.write_text(shipped.read_text("utf-8").replace("wait_hours = 24", "wait_hours = 48"), "utf-8")
    second = procedures.current(tabi, "esim")
    assert second != first
    assert procedures.spec(second).step("hold").wait_hours == 48
    first.refresh_from_db()
    assert procedures.spec(first).step("hold").wait_hours == 24


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
def test_a_broken_file_names_itself(own_folder: Path, tabi: Carrier) -> None:
    own = own_folder / tabi.slug / "esim.toml"
    own.parent.mkdir()
    own.write_text("kind = ", "utf-8")
    with pytest.raises(BadProcedure, match=str(own)):
        procedures.current(tabi, "esim")
