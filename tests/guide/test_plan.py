"""Does a person get the right plan, with the right last moment, whatever the carrier and the answers?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.given import carrier, text, tokyo
from tests.guide.test_plan_deadlines import answered, facts_of_a_carrier, instants
from tojimari.guide.answers import Answers, Card, Term, Where
from tojimari.guide.deadlines import Act
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, Channel, LineKind, Topic
from tojimari.guide.losses import Yen
from tojimari.guide.plan import Outcome, Plan, plan
from tojimari.guide.plan_words import TEXTS
from tojimari.guide.questions import MOST, questions
from tojimari.guide.say import Say, Unknown
from tojimari.guide.steps import Actor, Evidence

SIM, ESIM, ROAMING = LineKind.PHYSICAL_SIM, LineKind.ESIM, LineKind.ROAMING
NOW = tokyo(2026, 11, 24)
FLIGHT = date(2026, 12, 18)


def ids(it: Plan) -> list[str]:
    return [step.id for step in it.steps]


def codes(unknown: tuple[Unknown, ...]) -> list[str]:
    return [each.code for each in unknown]


# The four cases that the guide was made for.


def test_a_docomo_monthly_sim_before_a_flight() -> None:
    answers = Answers(
        keep_number=False,
        contracted_on=date(2026, 4, 1),
        leaving_on=FLIGHT,
        zone="Asia/Shanghai",
        monthly_fee_yen=7315,
        unpaid=False,
    )

    it = plan(carriers()["docomo"], SIM, answers, NOW)

    assert it.outcome is Outcome.STEPS
    assert ids(it) == ["back_up", "move_logins", "settle", "ask", "confirm", "end_too", "last_bill", "put_away"]
    ask = it.step("ask")
    assert ask is not None
    assert ask.channel is Channel.WEB
    assert ask.page.startswith("https://www.docomo.ne.jp/")
    assert len(ask.papers) == 3
    assert ask.due is not None
    assert ask.due.in_japan == tokyo(2026, 12, 17, 23, 59, 59)
    assert ask.due.in_zone.strftime("%Y-%m-%d %H:%M:%S") == "2026-12-17 22:59:59"
    month_end = next(each for each in it.deadlines if each.end == date(2026, 12, 31))
    assert month_end.in_japan == tokyo(2026, 12, 30, 23, 59, 59)
    assert isinstance(month_end.missing, Yen)
    assert month_end.missing.amount == 7315
    assert [cost.amount for cost in it.costs if isinstance(cost, Yen)] == [0, 1100]
    end_too = it.step("end_too")
    assert end_too is not None
    assert any("d ACCOUNT" in quoted.text.en for quoted in end_too.quoted)


def test_a_mobal_sim_that_goes_on() -> None:
    answers = Answers(keep_number=False, term=Term.RENEWS, leaving_on=FLIGHT, zone="Asia/Shanghai")

    it = plan(carriers()["mobal"], SIM, answers, NOW)

    ask = it.step("ask")
    assert it.outcome is Outcome.STEPS
    assert it.ends_on == FLIGHT
    assert it.closing_ids == ("my-account",)
    assert ask is not None
    assert ask.page == "https://www.mobal.com/myaccount"
    assert [tap.text.en for tap in ask.taps][3] == "Choose “Cancel Service”"
    assert Say("asking.choose_day", {"day": FLIGHT}) in ask.say
    assert ask.due is not None
    assert ask.due.in_japan == tokyo(2026, 12, 17, 23, 59, 59)
    assert not ask.due.stated
    assert "unknown.cutoff" in codes(ask.unknown)


def test_a_mobal_short_term_sim_ends_by_itself() -> None:
    it = plan(carriers()["mobal"], SIM, Answers(term=Term.ENDS, term_ends_on=FLIGHT), NOW)

    assert it.outcome is Outcome.ENDS_BY_ITSELF
    assert it.closing_ids == ("short-term",)
    assert it.ends_on == FLIGHT
    assert it.step("ask") is None


def test_an_expired_visitor_esim() -> None:
    answers = Answers(term=Term.ENDS, term_ends_on=date(2026, 11, 10))

    it = plan(carriers()["sakura-mobile"], ESIM, answers, NOW)

    assert it.outcome is Outcome.ENDED
    assert it.headline == Say(
        "headline.ended.on", {"carrier": carriers()["sakura-mobile"].name, "day": date(2026, 11, 10)}
    )
    assert it.step("ask") is None
    assert it.deadlines == ()
    assert it.costs == ()
    assert "delete_profile" in ids(it)
    assert Say("by_itself.nothing_back") in it.say


def test_china_mobile_roaming() -> None:
    it = plan(carriers()["china-mobile"], ROAMING, Answers(where=Where.AWAY, zone="Asia/Shanghai"), NOW)

    ask = it.step("ask")
    assert ids(it) == ["ask", "confirm", "last_bill"]
    assert ask is not None
    assert ask.channel is Channel.SMS
    assert "GMQX" in ask.taps[0].text.zh_hans
    assert [line.number for line in ask.hotlines] == ["+86 138 0010 0186", "10086"]
    assert ask.due is None
    assert codes(it.unknown) == ["unknown.roaming_clock"]
    assert Say("roaming.line_stays") in it.say
    assert Say("roaming.handset") in it.say


# What else must hold.


def test_who_moves_the_number_is_never_told_to_close() -> None:
    answers = Answers(keep_number=True, leaving_on=FLIGHT, contracted_on=date(2026, 11, 23))

    for carrier_id in ("docomo", "mineo", "biglobe-mobile", "japasim"):
        it = plan(carriers()[carrier_id], SIM, answers, NOW)

        assert it.outcome is Outcome.PORT
        assert "port" in ids(it)
        assert not {"ask", "settle", "confirm", "early_exit"} & set(ids(it))
        assert it.deadlines == ()
        assert Say("port.never_close") in it.say


def test_the_line_is_kept_until_the_person_leaves_and_not_ended_a_month_too_early() -> None:
    it = plan(carriers()["aeon-mobile"], SIM, Answers(leaving_on=date(2027, 1, 10)), NOW)

    ask = it.step("ask")
    assert ask is not None
    assert ask.not_before == tokyo(2026, 12, 30, 18)  # until then it would end with December
    assert it.ends_on == date(2027, 1, 31)
    assert ask.due is not None
    assert ask.due.act is Act.LEAVE
    assert Say("asking.not_too_early") in ask.say


def test_a_month_end_before_the_day_of_leaving_is_not_the_one_to_keep() -> None:
    facts = carrier({"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 25}})

    assert plan(facts, SIM, Answers(), NOW).ends_on == date(2026, 11, 30)
    assert plan(facts, SIM, Answers(leaving_on=FLIGHT), NOW).ends_on == date(2026, 12, 31)


def test_after_leaving_the_day_no_longer_counts() -> None:
    it = plan(carriers()["docomo"], SIM, Answers(leaving_on=date(2026, 11, 20)), NOW)

    assert Act.LEAVE not in {each.act for each in it.deadlines}


def test_early_exit_stands_beside_the_ordinary_way_while_it_lasts() -> None:
    answers = Answers(contracted_on=date(2026, 11, 20))

    during = plan(carriers()["ymobile"], SIM, answers, NOW).step("early_exit")
    after = plan(carriers()["ymobile"], SIM, answers, tokyo(2026, 11, 28)).step("early_exit")

    assert during is not None
    assert during.closing_id == "eight-days"
    assert during.page == "https://ymobile.jp/support/process/cancel/"
    assert during.due is not None
    assert during.due.in_japan == tokyo(2026, 11, 27, 23, 59, 59)
    assert after is None


def test_a_rental_ends_by_giving_it_back() -> None:
    answers = Answers(term_ends_on=date(2026, 11, 30), card=Card.HERE)

    it = plan(carriers()["japan-wireless"], LineKind.RENTAL_WIFI, answers, NOW)

    back = it.step("return_card")
    assert ids(it) == ["return_card", "confirm", "last_bill"]
    assert back is not None
    assert back.due is not None
    assert back.due.in_japan == tokyo(2026, 12, 1, 11, 59, 59)
    assert back.evidence == (Evidence.PHOTO_POSTED,)


def test_a_card_is_on_its_way_before_its_owner_is() -> None:
    answers = Answers(term_ends_on=date(2026, 11, 30), leaving_on=date(2026, 12, 2))

    back = plan(carriers()["travel-tech-lab"], SIM, answers, NOW).step("return_card")

    assert back is not None
    assert back.due is not None
    assert back.due.in_japan == tokyo(2026, 12, 1, 23, 59, 59)


def test_where_sources_disagree_about_the_card_it_is_asked_and_not_cut() -> None:
    it = plan(carriers()["mineo"], SIM, Answers(), NOW)

    back = it.step("return_card")
    assert back is not None
    assert "unknown.return" in codes(back.unknown)
    assert it.step("put_away") is None


def test_a_lost_card_is_told_to_the_carrier() -> None:
    back = plan(carriers()["biglobe-mobile"], SIM, Answers(card=Card.LOST), NOW).step("return_card")

    assert back is not None
    assert back.say == (Say("return_card.lost"),)


def test_a_plan_that_renews_is_told_to_stop_renewing_a_day_early_on_any_clock() -> None:
    answers = Answers(term=Term.RENEWS, term_ends_on=date(2026, 12, 5), monthly_fee_yen=1500)

    ask = plan(carriers()["airalo"], ESIM, answers, NOW).step("ask")

    assert ask is not None
    assert ask.title.code == "stop_renewal"
    assert ask.due is not None
    assert ask.due.in_japan == tokyo(2026, 12, 3, 23, 59, 59)


def test_another_product_of_the_same_carrier_does_not_stand_in_for_an_unknown_one() -> None:
    it = plan(carriers()["sakura-mobile"], ESIM, Answers(term=Term.RENEWS), NOW)

    ask = it.step("ask")
    assert it.outcome is Outcome.ASK_CARRIER
    assert it.closing_ids == ()
    assert ask is not None
    assert "unknown.way" in codes(ask.unknown)


def test_who_does_not_know_the_kind_of_plan_gets_the_ordinary_way_and_a_hint() -> None:
    it = plan(carriers()["mobal"], SIM, Answers(), NOW)

    assert it.closing_ids[0] == "my-account"
    assert Say("perhaps_by_itself") in it.say


def test_a_travel_esim_that_mostly_ends_by_itself_is_not_said_to_go_on() -> None:
    airalo = carriers()["airalo"]
    it = plan(airalo, ESIM, Answers(), NOW)

    assert it.headline.code == "headline.mostly_ends"
    assert Say("perhaps_by_itself.look") in it.say
    assert "back_up" not in ids(it)  # data alone: nothing hangs on it
    warned = [str(quoted.text.en) for quoted in it.quoted]
    assert any("Delete the profile only when" in each for each in warned)  # and yet no warning is lost
    confirm = it.step("confirm")
    assert confirm is not None
    assert confirm.say == (Say("confirm.renewal"),)
    assert plan(carriers()["mobal"], SIM, Answers(), NOW).headline.code == "headline.either"
    assert plan(airalo, ESIM, Answers(term=Term.RENEWS), NOW).headline.code == "headline.steps"


def test_who_need_not_ask_is_not_told_to_wait_for_a_confirmation() -> None:
    over = plan(carriers()["airalo"], ESIM, Answers(term=Term.ENDS, term_ends_on=date(2026, 11, 1)), NOW)
    asked = plan(carriers()["docomo"], ESIM, Answers(), NOW)

    assert Say("danger.profile") not in over.steps[-1].say
    assert asked.steps[-1].id == "delete_profile"
    assert Say("danger.profile") in asked.steps[-1].say


@pytest.mark.parametrize(
    ("channel", "proof"),
    [("sms", "keep_reply"), ("phone", "keep_number"), ("shop", "keep_number"), ("web", "keep_proof")],
)
def test_what_is_kept_of_asking_is_what_the_way_gives(channel: str, proof: str) -> None:
    ask = plan(carrier({"channels": [channel]}), SIM, Answers(), NOW).step("ask")

    assert ask is not None
    assert Say(f"asking.{proof}") in ask.say


def test_every_warning_of_a_source_is_shown_once() -> None:
    for facts in carriers().values():
        for kind in {line for way in facts.closing for line in way.line_kinds} - {ROAMING}:
            it = plan(facts, kind, Answers(), NOW)
            shown = [quoted.text for step in it.steps for quoted in step.quoted] + [quoted.text for quoted in it.quoted]
            applying = [way for way in facts.closing if way.id in it.closing_ids]
            warnings = [said.text for way in applying for said in way.said if said.topic is Topic.WARNING]
            assert all(shown.count(warning) == 1 for warning in warnings), (facts.id, kind)


def test_an_unpaid_bill_comes_before_asking() -> None:
    it = plan(carriers()["au"], SIM, Answers(unpaid=True), NOW)

    assert ids(it).index("settle") < ids(it).index("ask")


def test_from_afar_a_shop_comes_last_and_numbers_for_abroad_first() -> None:
    facts = carrier(
        {"channels": ["shop", "mail"]},
        hotline=[
            {"number": "151", "from": "own_phone", "source": "page"},
            {"number": "+81 3-6832-6600", "from": "abroad", "source": "page"},
        ],
    )

    near = plan(facts, SIM, Answers(where=Where.JAPAN), NOW).step("ask")
    far = plan(facts, SIM, Answers(where=Where.AWAY), NOW).step("ask")

    assert near is not None
    assert far is not None
    assert (near.channel, far.channel) == (Channel.SHOP, Channel.MAIL)
    assert [near.hotlines[0].number, far.hotlines[0].number] == ["151", "+81 3-6832-6600"]


def test_the_profile_goes_last_and_only_after_the_end() -> None:
    facts = carrier({"effective": "end_of_month", "cutoff": {"kind": "day_of_month", "day": 25}})

    it = plan(facts, ESIM, Answers(), NOW)

    assert it.steps[-1].id == "delete_profile"
    assert it.steps[-1].not_before == datetime(2026, 11, 30, 15, tzinfo=UTC)


def test_roaming_that_needs_no_closing_is_not_made_a_task() -> None:
    for carrier_id in ("smartone", "verizon"):
        it = plan(carriers()[carrier_id], ROAMING, Answers(), NOW)

        assert questions(carriers()[carrier_id], ROAMING) == ()
        assert it.outcome is Outcome.ENDS_BY_ITSELF
        assert it.step("ask") is None
        assert it.quoted


def test_only_the_carrier_confirms_and_that_step_is_not_the_persons() -> None:
    it = plan(carriers()["docomo"], SIM, Answers(), NOW)

    assert {step.id for step in it.steps if step.actor is Actor.CARRIER} == {"confirm"}


# Whatever the facts are.


@settings(max_examples=60)
@given(facts_of_a_carrier(), answered, instants, st.sampled_from([SIM, ESIM, LineKind.RENTAL_WIFI]))
def test_a_plan_is_made_of_any_facts_and_holds_together(
    facts: CarrierFacts, answers: Answers, now: datetime, kind: LineKind
) -> None:
    it = plan(facts, kind, answers, now)

    assert len(ids(it)) == len(set(ids(it)))
    assert len({each.id for each in it.deadlines}) == len(it.deadlines)
    assert (it.outcome is Outcome.PORT) <= (it.step("ask") is None)
    assert len(questions(facts, kind)) <= MOST
    _said_in_full(it)
    for step in it.steps:
        if step.due and step.not_before:
            assert step.not_before < step.due.too_late_at
    if it.outcome is Outcome.STEPS and it.ends_on:
        assert it.ends_on >= (now - timedelta(days=370)).date()


@pytest.mark.parametrize("answers", [Answers(), Answers(term=Term.RENEWS, leaving_on=FLIGHT, zone="Asia/Shanghai")])
def test_every_carrier_of_the_directory_has_a_plan_for_every_kind(answers: Answers) -> None:
    for facts in carriers().values():
        for kind in LineKind:
            _said_in_full(plan(facts, kind, answers, NOW))


def test_every_channel_and_every_outcome_has_its_words() -> None:
    assert {f"how.{channel}" for channel in Channel} <= set(TEXTS)
    assert {f"headline.{outcome}" for outcome in Outcome if outcome is not Outcome.ENDED} <= set(TEXTS)


def test_a_quotation_and_a_sentence_speak_the_readers_language() -> None:
    facts = carrier({"said": [{"topic": "warning", "text": text("mind the mail")}]})

    (quoted,) = plan(facts, SIM, Answers(), NOW).steps[0].quoted
    assert quoted.published
    assert quoted.text.into("ja") == "mind the mail (ja)"
    assert "Some (ja)" in Say("headline.steps", {"carrier": facts.name}).into("ja")


def _said_in_full(it: Plan) -> None:
    """Every sentence of the plan can be written."""
    said = [it.headline, *it.say, *it.unknown]
    said += [each for step in it.steps for each in (step.title, *step.say, *step.unknown)]
    said += [each for deadline in it.deadlines for each in deadline.unknown]
    for each in said:
        assert "%(" not in str(each)
        if isinstance(each, Unknown) and each.ask:
            assert each.ask.into("ja")
