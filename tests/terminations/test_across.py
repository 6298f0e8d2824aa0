"""Does a line that lives at several elements end at all of them, or at none?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import MakeLine
from tests.support.parts import Part
from tests.terminations import play
from tests.terminations.play import CLERK, PERSON, Clock, ask, assert_closed_exactly_once, states, work
from tojimari.lines.models import Line
from tojimari.network import elements
from tojimari.network.routing import lanes_for
from tojimari.platform.acting import Refused
from tojimari.platform.work import Outcome
from tojimari.proofs.certificates import NotEstablished, established
from tojimari.proofs.models import Event
from tojimari.proofs.queries import bundle, statement
from tojimari.proofs.words import shown_by
from tojimari.terminations import actions, queries
from tojimari.terminations.models import StepState, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NAMES = ("chip", "platform", "hlr")
REFUSED = Outcome.stuck("network.refused", element="it")


class Parts:
    """Three elements, and everything that they were told, in its order."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.by_name = {name: Part(name, self.told) for name in NAMES}

    def __getitem__(self, name: str) -> Part:
        return self.by_name[name]

    @property
    def states(self) -> set[str]:
        return {part.state for part in self.by_name.values()}

    def heard(self) -> list[str]:
        """What was told since the last time somebody asked."""
        heard = list(self.told)
        self.told.clear()
        return heard


parts_now: Parts


def chip() -> Part:
    return parts_now["chip"]


def platform() -> Part:
    return parts_now["platform"]


def hlr() -> Part:
    return parts_now["hlr"]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    global parts_now
    parts_now = Parts()
    for name in NAMES:
        monkeypatch.setitem(elements.ELEMENTS, name, f"{__name__}.{name}")
    monkeypatch.setattr(play, "LANES", [*NAMES, *play.LANES])
    elements.element.cache_clear()
    yield parts_now
    elements.element.cache_clear()


@pytest.fixture
def line(make_line: MakeLine, parts: Parts) -> Line:
    made = make_line(kind="esim", email="someone@mail.example")
    made.carrier.elements = {"esim": list(NAMES)}
    made.carrier.save()
    return made


def at_all(verb: str, *, backwards: bool = False) -> list[str]:
    return [f"{verb} {name}" for name in (reversed(NAMES) if backwards else NAMES)]


def retry(case: Termination, clock: Clock) -> None:
    actions.retry(step=case.steps.get(state=StepState.STUCK), acting=CLERK, at=clock.now)


def test_each_step_is_done_at_all_elements_before_the_next_and_what_cannot_be_undone_last(
    line: Line, clock: Clock, parts: Parts
) -> None:
    case = ask(line, clock)
    work(clock)

    assert parts.heard() == [*at_all("inspect"), *at_all("bar"), *at_all("remove"), *at_all("prove")]
    assert_closed_exactly_once(case)
    said = statement(bundle(case.reference)["certificate"])
    assert said["terminated"] == {"by": "network_proof", "element": "hlr, chip, platform"}
    assert {name for name in said["steps"] if name.startswith("prove")} == {"prove", "prove@chip", "prove@platform"}


def test_the_line_is_terminated_only_when_the_last_element_has_proved_it(
    line: Line, clock: Clock, parts: Parts
) -> None:
    parts["hlr"].fails["prove"] = Outcome.again("element.no_answer")
    ask(line, clock)
    work(clock, forward=False)
    clock.move(days=2)
    work(clock, forward=False)

    assert "prove platform" in parts.heard()
    line.refresh_from_db()
    assert line.state == "pending_terminate"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verb", ["inspect", "bar"])
def test_what_fails_before_the_point_of_no_return_puts_back_everything_touched(
    line: Line, clock: Clock, parts: Parts, verb: str, name: str
) -> None:
    parts[name].fails[verb] = REFUSED
    case = ask(line, clock)
    work(clock)

    barred = list(NAMES[: NAMES.index(name)]) if verb == "bar" else []
    restores = [one for one in parts.heard() if one.startswith("restore")]
    assert restores == [f"restore {one}" for one in [*reversed(barred), *([name] if barred else [])]]
    assert parts.states == {"on"}
    case.refresh_from_db()
    assert case.is_open
    assert queries.case_view(case).may_withdraw
    line.refresh_from_db()
    assert (line.state, line.number_off_at) == ("pending_terminate", None)

    del parts[name].fails[verb]
    retry(case, clock)
    work(clock)

    heard = parts.heard()
    if barred:  # all begin anew: what they held may have changed meanwhile
        assert heard[:3] == at_all("inspect")
    assert parts.states == {"gone"}
    case.refresh_from_db()
    assert case.state == "completed", states(case)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verb", ["remove", "prove"])
def test_what_fails_after_it_is_never_put_back_and_goes_on_when_a_person_has_looked(
    line: Line, clock: Clock, parts: Parts, verb: str, name: str
) -> None:
    parts[name].fails[verb] = REFUSED
    case = ask(line, clock)
    work(clock)

    assert not [one for one in parts.heard() if one.startswith("restore")]
    with pytest.raises(Refused, match=r"termination\.no_return"):
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)

    del parts[name].fails[verb]
    retry(case, clock)
    work(clock)
    assert_closed_exactly_once(case)


def test_a_case_that_is_put_back_is_not_tried_again_by_itself(line: Line, clock: Clock, parts: Parts) -> None:
    parts["hlr"].fails["bar"] = REFUSED
    case = ask(line, clock)
    work(clock)
    parts.heard()

    clock.move(days=3)
    work(clock)

    assert parts.heard() == []
    events = Event.objects.filter(case_id=case.pk).values_list("name", flat=True)
    assert list(events).count("line.put_back") == 1


@pytest.mark.parametrize("name", NAMES)
def test_held_after_it_was_put_back_it_begins_anew_at_all_elements(
    line: Line, clock: Clock, parts: Parts, name: str
) -> None:
    parts[name].fails["bar"] = REFUSED
    case = ask(line, clock)
    work(clock)
    actions.hold(termination=case, code="hold.request", acting=CLERK, at=clock.now)
    parts[name].fails.clear()
    parts.heard()
    actions.resume(termination=case, acting=CLERK, at=clock.now)
    work(clock)
    looked = at_all("inspect") if name != NAMES[0] else []  # the first one of all had touched nothing elsewhere
    assert parts.heard() == [*looked, *at_all("bar"), *at_all("remove"), *at_all("prove")]
    case.refresh_from_db()
    assert case.state == "completed"


def test_no_case_is_held_while_it_is_put_back_nor_tried_again_while_it_is_held(
    line: Line, clock: Clock, parts: Parts
) -> None:
    parts["hlr"].fails["bar"] = REFUSED
    parts["chip"].fails["restore"] = Outcome.again("element.no_answer")
    case = ask(line, clock)
    work(clock, forward=False)
    with pytest.raises(Refused, match=r"termination\.just_now"):
        actions.hold(termination=case, code="hold.request", acting=CLERK, at=clock.now)
    parts["chip"].fails.clear()
    work(clock)
    stuck = case.steps.get(state=StepState.STUCK)
    Termination.objects.filter(pk=case.pk).update(state="held")  # as when it got stuck in a worker's hand meanwhile
    with pytest.raises(Refused, match=r"termination\.held"):
        actions.retry(step=stuck, acting=CLERK, at=clock.now)
    assert parts.states == {"on"}


def test_a_restore_that_fails_keeps_the_case_from_being_tried_until_it_is_mended(
    line: Line, clock: Clock, parts: Parts
) -> None:
    parts["hlr"].fails["bar"] = REFUSED
    parts["platform"].fails["restore"] = REFUSED
    case = ask(line, clock)
    work(clock)

    assert (parts["chip"].state, parts["platform"].state) == ("barred", "barred")
    del parts["platform"].fails["restore"], parts["hlr"].fails["bar"]
    actions.retry(step=case.steps.get(name="restore@platform"), acting=CLERK, at=clock.now)
    work(clock)

    assert parts.states == {"on"}
    retry(case, clock)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed", states(case)


def test_the_bar_waits_until_the_others_are_put_back(line: Line, clock: Clock, parts: Parts) -> None:
    parts["hlr"].fails["bar"] = REFUSED
    parts["platform"].fails["restore"] = Outcome.again("element.no_answer")
    case = ask(line, clock)
    work(clock, forward=False)

    with pytest.raises(Refused, match=r"termination\.just_now"):
        actions.retry(step=case.steps.get(name="bar"), acting=CLERK, at=clock.now)


def test_taken_back_during_the_hold_all_are_on_again_in_reverse_order(line: Line, clock: Clock, parts: Parts) -> None:
    case = ask(line, clock)
    work(clock, forward=False)
    assert parts.states == {"barred"}
    parts.heard()

    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    work(clock)

    assert parts.heard() == at_all("restore", backwards=True)
    case.refresh_from_db()
    line.refresh_from_db()
    assert (case.state, line.state, line.number_off_at, parts.states) == ("cancelled", "active", None, {"on"})


def test_taken_back_while_the_others_are_put_back_none_stays_barred(line: Line, clock: Clock, parts: Parts) -> None:
    parts["hlr"].fails["bar"] = REFUSED
    parts["platform"].fails["restore"] = Outcome.again("element.no_answer")
    case = ask(line, clock)
    work(clock, forward=False)

    del parts["platform"].fails["restore"]
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    work(clock)

    case.refresh_from_db()
    assert (case.state, parts.states) == ("cancelled", {"on"})


def test_stopped_early_and_started_again_it_still_ends_on_its_day(line: Line, clock: Clock, parts: Parts) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    actions.stop_early(termination=case, acting=PERSON, at=clock.now)
    work(clock, forward=False)
    assert parts.heard() == [*at_all("inspect"), *at_all("bar")]
    assert queries.early_stop(case, clock.now).off

    actions.start_again(termination=case, acting=PERSON, at=clock.now)
    assert not queries.early_stop(case, clock.now).may_stop  # while it is being put back
    work(clock, forward=False)
    assert parts.heard() == at_all("restore", backwards=True)
    line.refresh_from_db()
    assert line.number_off_at is None

    work(clock)
    assert parts.heard() == [*at_all("inspect"), *at_all("bar"), *at_all("remove"), *at_all("prove")]
    case.refresh_from_db()
    assert case.state == "completed", states(case)


def test_a_certificate_needs_the_proof_of_every_element() -> None:
    shown = {"element": "hlr"}
    with pytest.raises(NotEstablished):
        established({"prove": shown, "prove@chip": {}})
    with pytest.raises(NotEstablished):
        established({"prove@chip": shown})
    by_hand = {"attested_by": "鈴木 一郎"}
    assert established({"prove": shown, "prove@chip": by_hand}) == {"by": "attested_by_hand", "name": "鈴木 一郎"}


def test_where_nobody_tried_to_connect_the_certificate_does_not_say_that_it_was_rejected() -> None:
    read = established({"prove": {"element": "hss", "read_back": True}})
    assert read == {"by": "network_proof", "element": "hss", "how": "read_back"}
    assert shown_by({"terminated": read, "case": {"scope": "line"}}) == "network_proof.read_back"
    assert shown_by({"terminated": read, "case": {"scope": "roaming"}}) == "network_proof.service"
    tried = established({"prove": {"element": "hlr", "reattach": "rejected"}})
    assert shown_by({"terminated": tried, "case": {"scope": "line"}}) == "network_proof"


@pytest.mark.parametrize("named", [[], ["chip", "chip"], ["nobody", "hlr"]])
def test_elements_are_named_once_each_and_exist(parts: Parts, named: list[str]) -> None:
    with pytest.raises(LookupError):
        lanes_for({"esim": named}, "esim", "line")
