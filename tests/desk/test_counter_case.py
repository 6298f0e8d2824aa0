"""Is a prepared visitor through with one submit, an awkward one without losing anything, and each deed done once?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.test import Client

from tests.counter.conftest import a_shop
from tests.desk.conftest import AsStaff
from tests.desk.test_work import begin
from tests.terminations.play import Clock, work
from tojimari.counter.models import ReturnedCard, Shop, SignedForm, Visit
from tojimari.lines.models import Bill, Carrier, Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill, Payment
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.rules import mrz
from tojimari.terminations.models import StandIn, Step, Termination

STROKES = "M10 10L20 20L30 15M40 40L50 50"


def passport(surname: str = "WANG", given: str = "XIAOMING") -> str:
    """The machine-readable lines of a passport that does not exist; valid until 2049."""
    number, birth, expiry, optional = "L898902C3", "740812", "491231", "<" * 14
    fields = [number, birth, expiry, optional]
    digits = [mrz.check_digit(field) for field in fields]
    whole = mrz.check_digit("".join(field + digit for field, digit in zip(fields, digits, strict=True)))
    second = f"{number}{digits[0]}UTO{birth}{digits[1]}F{expiry}{digits[2]}{optional}{digits[3]}{whole}"
    return f"P<UTO{surname}<<{given}".ljust(44, "<") + "\n" + second


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def shop(tabi: Carrier) -> Shop:
    return a_shop(tabi, "shinjuku")


@pytest.fixture
def case(sim_line: Line, clock: Clock) -> Termination:
    return begin(sim_line, clock)


def prepared(line: Line) -> dict[str, str]:
    """Everything that is entered for a prepared visitor: a scan, a choice, a signature, a scan."""
    return {"mrz": passport(), "receipt_or_contract": "receipt", "strokes": STROKES, "iccid": line.iccid}


def send(browser: Client, case: Termination, **given: str) -> tuple[int, str]:
    answer = browser.post(f"/desk/counter/{case.reference}/", given)
    return answer.status_code, answer.content.decode()


def states(case: Termination) -> dict[str, str]:
    with every_carrier():
        names = ("visit", "papers", "form", "return_sim")
        return dict(Step.objects.filter(termination=case, name__in=names).values_list("name", "state"))


def test_a_prepared_visitor_is_through_with_four_entries_and_one_submit(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line, clock: Clock
) -> None:
    given = prepared(sim_line)
    assert len(given) <= 4
    browser = as_staff("clerk")
    status, text = send(browser, case, **given)
    assert status == 302, text
    assert set(states(case).values()) == {"done"}
    text = browser.get(f"/desk/counter/{case.reference}/").content.decode()
    assert "Put the card into bag shinjuku-1." in text
    assert f'data-draft-over="{case.reference}"' in text
    with every_carrier():
        work(clock)
        case.refresh_from_db()
        visit = Visit.objects.get(case_id=case.pk)
        everything = str(list(Step.objects.filter(termination=case).values_list("evidence", flat=True)))
    assert case.state == "completed"
    assert (visit.state, visit.called_at is not None) == ("served", True)
    assert not [kept for kept in ("L898902C3", "740812", "XIAOMING", sim_line.iccid, STROKES) if kept in everything]


def test_sending_the_same_screen_twice_is_the_same_as_once(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    assert [send(browser, case, **prepared(sim_line))[0] for _ in range(2)] == [302, 200]
    with every_carrier():
        assert ReturnedCard.objects.count() == SignedForm.objects.count() == Visit.objects.count() == 1
        done = Event.objects.filter(case_id=case.pk, name="step.done", data__step="return_sim")
        assert done.count() == 1


def test_step_by_step_each_is_kept_and_what_was_typed_stays(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line, tanaka_line: Line
) -> None:
    browser = as_staff("clerk")
    assert send(browser, case, mrz=passport(), receipt_or_contract="receipt")[0] == 302
    assert states(case) == {"visit": "done", "papers": "done", "form": "open", "return_sim": "waiting"}
    status, text = send(browser, case, strokes=STROKES, iccid=tanaka_line.iccid)
    assert status == 409
    assert "This is the card of another line." in text
    assert tanaka_line.iccid in text
    assert states(case)["form"] == "done"
    status, text = send(browser, case, iccid="", condition="lost")
    assert "A card that is lost or cannot be read needs a note." in text
    assert send(browser, case, condition="lost", note_return_sim="Lost on the train")[0] == 302
    with every_carrier():
        assert not ReturnedCard.objects.exists()


def test_a_later_entry_does_not_hide_that_an_earlier_one_is_missing(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    status, text = send(as_staff("clerk"), case, iccid=sim_line.iccid)
    assert status == 409
    assert "A paper has not been seen yet." in text
    assert sim_line.iccid in text
    assert states(case) == {"visit": "done", "papers": "open", "form": "waiting", "return_sim": "waiting"}


def test_a_damaged_card_is_known_by_its_last_digits(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    send(browser, case, mrz=passport(), receipt_or_contract="receipt", signed="on")
    broken = {"condition": "damaged", "note_return_sim": "Cut in two"}
    wrong = "0000" if not sim_line.iccid.endswith("0000") else "1111"
    assert "This is the card of another line." in send(browser, case, iccid=wrong, **broken)[1]
    assert send(browser, case, iccid=sim_line.iccid[-4:], **broken)[0] == 302
    with every_carrier():
        card = ReturnedCard.objects.get(case_id=case.pk)
    assert (card.condition, card.ending) == ("damaged", f"…{sim_line.iccid[-4:]}")


def test_names_that_differ_are_shown_and_the_clerk_decides(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    given = prepared(sim_line) | {"mrz": passport("LI", "NA")}
    status, text = send(browser, case, **given)
    assert status == 409
    assert "In the document: LI NA. On record: WANG XIAOMING." in text
    assert 'name="name_seen"' in text
    assert send(browser, case, **given, name_seen="on")[0] == 302
    with every_carrier():
        evidence = Step.objects.get(termination=case, name="papers").evidence
    assert evidence["name_differs"] is True
    assert "LI" not in str(evidence)


def test_somebody_who_acts_for_the_customer_is_named_with_their_paper(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    status, text = send(browser, case, **prepared(sim_line), authority_name="LI NA")
    assert status == 409
    assert "It is not said by what this person acts for the customer." in text
    assert send(browser, case, **prepared(sim_line), authority_name="LI NA", authority_kind="letter")[0] == 302
    with every_carrier():
        evidence = Step.objects.get(termination=case, name="papers").evidence
        stand_in = StandIn.objects.get(case_id=case.pk)
    digest = sha256(bytes(stand_in.salt) + b":LI NA").hexdigest()
    assert evidence["acted_for_by"] == {"name_sha256": digest, "authority": "letter"}, "the name itself can be erased"
    assert b"LI NA" not in bytes(stand_in.name)
    page = as_staff("lead").get(f"/desk/cases/{case.reference}/").content.decode()
    assert "LI NA" in page
    assert "A letter that the customer signed" in page


def test_a_signature_is_sealed_and_printed_with_the_words_that_were_signed(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    assert "could not be read" in send(browser, case, **(prepared(sim_line) | {"strokes": "<svg>"}))[1]
    send(browser, case, **prepared(sim_line))
    with every_carrier():
        form = SignedForm.objects.get(case_id=case.pk)
        evidence = Step.objects.get(termination=case, name="form").evidence
    assert STROKES.encode() not in bytes(form.strokes)
    assert evidence["form"] == form.digest
    assert re.fullmatch("[0-9a-f]{64}", evidence["signature"])
    text = browser.get(f"/desk/counter/{case.reference}/form/").content.decode()
    assert f'd="{STROKES}"' in text
    assert 'lang="zh-Hans"' in text
    assert 'lang="ja"' in text
    assert "these are not the very words" not in text


def test_an_unpaid_bill_is_paid_once_and_no_yen_of_the_quote_moves(
    as_staff: AsStaff, shop: Shop, tanaka_line: Line, clock: Clock
) -> None:
    case = begin(tanaka_line, clock)
    quoted = case.quote["total_yen"]
    browser = as_staff("clerk")
    text = browser.get(f"/desk/counter/{case.reference}/").content.decode()
    assert "1,078" in text
    assert send(browser, case, receipt_number="R-2041")[0] == 302
    send(browser, case, receipt_number="R-2042")
    text = browser.get(f"/desk/counter/{case.reference}/").content.decode()
    assert "R-2041" in text
    given = prepared(tanaka_line) | {"mrz": passport("TANAKA", "HANAKO")}
    assert send(browser, case, **given)[0] == 302
    with every_carrier():
        work(clock)
        bill, paid = Bill.objects.get(line=tanaka_line), Payment.objects.get(case_id=case.pk)
        final = FinalBill.objects.get(case_id=case.pk)
        mail = Message.objects.get(case_id=case.pk, key="closed")
        case.refresh_from_db()
    assert (paid.amount_yen, paid.receipt_number, bill.paid_on is not None) == (1078, "R-2041", True)
    assert (final.total_yen, case.quote["total_yen"]) == (quoted, quoted)
    assert f"{quoted - 1078:,}" in mail.body


def test_a_bill_that_is_not_paid_stays_on_the_final_bill(
    as_staff: AsStaff, shop: Shop, tanaka_line: Line, clock: Clock
) -> None:
    case = begin(tanaka_line, clock)
    given = prepared(tanaka_line) | {"mrz": passport("TANAKA", "HANAKO")}
    assert send(as_staff("clerk"), case, **given)[0] == 302
    with every_carrier():
        assert not Payment.objects.exists()
        assert Bill.objects.get(line=tanaka_line).paid_on is None


def test_a_case_that_needs_no_counter_says_what_comes_next(
    as_staff: AsStaff, shop: Shop, esim_line: Line, clock: Clock
) -> None:
    case = begin(esim_line, clock, effective="3bd")
    text = as_staff("clerk").get(f"/desk/counter/{case.reference}/").content.decode()
    assert "Nothing is left to be done at the counter." in text


def test_bags_are_counted_handed_over_and_listed(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    send(browser, case, **prepared(sim_line))
    path = "/desk/counter/bags/"
    assert "1 card lies in this shop." in browser.get(path).content.decode()
    assert "The number that was counted is missing." in browser.post(path, {"do": "close"}).content.decode()
    wrong = browser.post(path, {"do": "close", "counted": "2"})
    assert "By our records there are 1 cards, but 2 were counted." in wrong.content.decode()
    assert browser.post(path, {"do": "close", "counted": "1"}).status_code == 302
    given = {"do": "hand_over", "bag": "1", "counted": "0", "receiver": "=HYPERLINK(1)"}
    assert browser.post(path, given).status_code == 409
    answer = browser.post(path, given | {"explanation": "=1+1"})
    assert answer.headers["Location"] == "/desk/counter/bags/shinjuku/1/"
    text = browser.get("/desk/counter/bags/shinjuku/1/").content.decode()
    assert "鈴木 花子" in text
    file = browser.get("/desk/counter/bags/shinjuku/1/list.csv").content.decode("utf-8-sig")
    assert "shinjuku-1" in file
    assert "total,,,,1,,,0,'=1+1" in file
    assert sim_line.iccid not in text + file


def test_the_old_page_of_a_step_puts_the_card_into_the_bag_as_well(
    as_staff: AsStaff, shop: Shop, case: Termination, sim_line: Line
) -> None:
    browser = as_staff("clerk")
    send(browser, case, mrz=passport(), receipt_or_contract="receipt", signed="on")
    with every_carrier():
        step = Step.objects.get(termination=case, name="return_sim")
    assert browser.post(f"/desk/steps/{step.pk}/", {"iccid": sim_line.iccid}).status_code == 302
    with every_carrier():
        card = ReturnedCard.objects.select_related("bag__shop").get(case_id=case.pk)
    assert card.bag is not None
    assert card.bag.label == "shinjuku-1"
