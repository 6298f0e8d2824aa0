"""Does a file get in as it stands, once, and without harm to what is there?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import translation

from tests.cast import MakeLine, fresh_iccid
from tests.lines.play import a_row, bad_rows, everything, write
from tojimari.lines import actions, chunks
from tojimari.lines.columns import NAMES
from tojimari.lines.imports import Summary, import_lines
from tojimari.lines.models import Bill, Carrier, ContactKind, ContactPoint, Line, Plan, Service, Subscriber
from tojimari.lines.sample import write_sample
from tojimari.lines.table import Unreadable
from tojimari.platform.acting import SYSTEM

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are compared by their English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.csv"


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows in a chunk, so that a few rows already span several transactions."""
    monkeypatch.setattr(chunks, "ROWS", 3)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.imported, summary.updated, summary.already_there, summary.bad


def test_a_row_becomes_a_subscriber_a_line_and_what_belongs_to_it(path: Path, tabi: Carrier) -> None:
    row = a_row(
        1,
        name_kana="ﾀﾅｶ",
        name_kanji="田中",
        corporate="yes",
        contact_msisdn="080-1111-2222",
        plan="NEW",
        plan_name="New plan",
        monthly_fee_yen="2,178",
        prepaid="yes",
        valid_until="2026-12-31",
        balance_yen="-50",
        services="roaming;data",
        unpaid_month="2026-10",
        unpaid_yen="1,078",
        unpaid_due_on="2026-11-30",
        last_used_on="2026-11-01",
    )
    assert counts(import_lines(write(path, [row]), carrier=tabi)) == (1, 0, 0, 0)
    line = Line.objects.select_related("subscriber", "plan").get()
    assert (line.msisdn, line.imsi, line.iccid) == ("819011110001", row["imsi"], row["iccid"])
    assert (line.state, line.order_number, line.order_key) == ("active", "N-1", "N1")
    assert (line.contract_on, line.valid_until) == (date(2026, 4, 1), date(2026, 12, 31))
    assert (line.balance_yen, line.last_used_on) == (-50, date(2026, 11, 1))
    assert (line.subscriber.number, line.subscriber.name_kana, line.subscriber.corporate) == ("C1", "タナカ", True)
    assert (line.plan.name, line.plan.monthly_fee_yen) == ("New plan", 2178)
    assert (line.plan.final_month_policy, line.plan.prepaid) == ("prepaid_none", True)
    assert set(line.services.values_list("kind", "state")) == {("data", "active"), ("roaming", "active")}
    assert list(line.bills.values_list("month", "amount_yen", "paid_on")) == [(date(2026, 10, 1), 1078, None)]
    contacts = set(line.subscriber.contacts.values_list("kind", "value", "verified_at"))
    assert contacts == {("email", "someone1@mail.example", None), ("sms", "818011112222", None)}


def test_an_option_has_its_price_and_may_go_on_without_the_line(path: Path, tabi: Carrier) -> None:
    rows = [
        a_row(1, services="data;option", option_fee_yen="550円", option_lives_on="yes"),
        a_row(2, services="data;option"),
        a_row(3, option_fee_yen="330"),
        a_row(4, services="option", option_fee_yen="-1"),
    ]
    summary = import_lines(write(path, rows), carrier=tabi)
    assert counts(summary) == (2, 0, 0, 2)
    assert [row["reason"].partition(":")[0] for row in bad_rows(summary.bad_path)] == ["services", "option_fee_yen"]
    found = Service.objects.order_by("line__msisdn", "kind").values_list("kind", "monthly_fee_yen", "lives_on")
    assert list(found) == [("data", None, False), ("option", 550, True), ("data", None, False), ("option", None, False)]


def test_a_later_file_changes_the_price_of_an_option_and_an_empty_cell_does_not(path: Path, tabi: Carrier) -> None:
    rows = [a_row(number, services="data;option", option_fee_yen="550") for number in (1, 2, 3)]
    import_lines(write(path, rows), carrier=tabi)
    Service.objects.filter(line__msisdn="819011110003", kind="option").update(state="terminated")
    rows[0] |= {"option_fee_yen": "660", "option_lives_on": "yes"}
    rows[1] |= {"option_fee_yen": ""}
    rows[2] |= {"option_fee_yen": "770"}
    assert counts(import_lines(write(path, rows), carrier=tabi)) == (0, 1, 2, 0)
    options = Service.objects.filter(kind="option").order_by("line__msisdn")
    assert list(options.values_list("monthly_fee_yen", "lives_on")) == [(660, True), (550, False), (550, False)]


def test_the_whole_sample_comes_in_and_every_kind_of_mistake_comes_back(path: Path, tabi: Carrier) -> None:
    bad = write_sample(path, 2_000, bad_share=0.05)
    summary = import_lines(path, carrier=tabi)
    assert counts(summary) == (2_000 - bad, 0, 0, bad)
    assert Line.objects.count() == 2_000 - bad
    reasons = {row["reason"] for row in bad_rows(summary.bad_path)}
    assert len(reasons) >= 28
    assert not Subscriber.objects.annotate(held=Count("lines")).filter(held=0).exists()


@pytest.mark.usefixtures("small_chunks")
def test_the_same_file_again_changes_nothing(path: Path, tabi: Carrier) -> None:
    write_sample(path, 200, bad_share=0.2)
    first = import_lines(path, carrier=tabi)
    before = everything()
    again = import_lines(path, carrier=tabi)
    assert counts(again) == (0, 0, first.imported, first.bad)
    assert everything() == before


@pytest.mark.usefixtures("small_chunks")
def test_a_file_that_has_grown_brings_in_the_rest(path: Path, tabi: Carrier) -> None:
    write_sample(path, 20, bad_share=0)
    import_lines(path, carrier=tabi)
    write_sample(path, 31, bad_share=0)
    assert counts(import_lines(path, carrier=tabi)) == (11, 0, 20, 0)


@pytest.mark.usefixtures("small_chunks")
def test_lines_and_customers_that_were_there_may_stand_anywhere_between_new_ones(path: Path, tabi: Carrier) -> None:
    there = [2, 7, 8, 9, 13]
    import_lines(write(path, [a_row(number) for number in there]), carrier=tabi)
    further = [a_row(20 + number, customer=f"C{number}", email=f"someone{number}@mail.example") for number in (13, 14)]
    summary = import_lines(write(path, [*(a_row(number) for number in range(1, 16)), *further]), carrier=tabi)
    assert counts(summary) == (12, 0, 5, 0)
    assert Line.objects.count() == 17
    assert Subscriber.objects.count() == 15
    assert {line.services.count() for line in Line.objects.all()} == {2}
    assert {subscriber.contacts.count() for subscriber in Subscriber.objects.all()} == {1}


def test_changed_facts_are_taken_over_and_empty_cells_erase_nothing(path: Path, tabi: Carrier) -> None:
    full = a_row(1, name_kanji="田中", valid_until="2026-12-31", balance_yen="500", unpaid_month="2026-10",
                 unpaid_yen="1000", unpaid_due_on="2026-11-30")  # fmt: skip
    import_lines(write(path, [full]), carrier=tabi)
    empty = dict.fromkeys(full, "") | {
        name: full[name] for name in ("customer", "kind", "iccid", "plan", "contract_on")
    }
    before = everything()
    assert counts(import_lines(write(path, [empty]), carrier=tabi)) == (0, 0, 1, 0)
    assert everything() == before
    new = full | {
        "name_kanji": "山田", "msisdn": "08022223333", "plan": "travel-30", "balance_yen": "200",
        "contract_on": "2026-05-01", "services": "data;roaming", "unpaid_yen": "900",
    }  # fmt: skip
    assert counts(import_lines(write(path, [new]), carrier=tabi)) == (0, 1, 0, 0)
    line = Line.objects.select_related("subscriber", "plan").get()
    assert (line.subscriber.name_kanji, line.msisdn, line.plan.code) == ("山田", "818022223333", "travel-30")
    assert (line.balance_yen, line.contract_on) == (200, date(2026, 5, 1))
    assert set(line.services.values_list("kind", flat=True)) == {"data", "voice", "roaming"}
    assert line.bills.get().amount_yen == 900
    assert counts(import_lines(path, carrier=tabi)) == (0, 0, 1, 0)


def test_a_plans_price_follows_the_file(path: Path, tabi: Carrier) -> None:
    import_lines(write(path, [a_row(1, monthly_fee_yen="1,500")]), carrier=tabi)
    plan = Plan.objects.get(carrier=tabi, code="standard")
    assert (plan.monthly_fee_yen, plan.name) == (1500, "スタンダード")


def test_a_line_that_has_ended_is_never_revived(path: Path, tabi: Carrier) -> None:
    write(path, [a_row(1)])
    import_lines(path, carrier=tabi)
    line = Line.objects.get()
    actions.mark_terminated([line.pk], at=NOW, ended_at=NOW)
    before = everything()
    summary = import_lines(write(path, [a_row(1, balance_yen="7", services="data;voice;roaming")]), carrier=tabi)
    assert counts(summary) == (0, 0, 1, 0)
    assert summary.ended == 1
    assert everything() == before


def test_a_line_about_to_end_is_not_touched(path: Path, tabi: Carrier) -> None:
    import_lines(write(path, [a_row(1)]), carrier=tabi)
    line = Line.objects.get()
    actions.mark_pending([line.pk])
    summary = import_lines(write(path, [a_row(1, msisdn="08022223333", balance_yen="7")]), carrier=tabi)
    assert (counts(summary), summary.ended) == ((0, 0, 1, 0), 1)
    line.refresh_from_db()
    assert (line.state, line.msisdn, line.balance_yen) == ("pending_terminate", "819011110001", 0)


def test_a_service_that_has_ended_and_a_bill_that_was_paid_stay_so(path: Path, tabi: Carrier) -> None:
    row = a_row(1, services="data;roaming", unpaid_month="2026-10", unpaid_yen="900", unpaid_due_on="2026-11-30")
    import_lines(write(path, [row]), carrier=tabi)
    Service.objects.filter(kind="roaming").update(state="terminated", ended_at=NOW)
    Bill.objects.update(paid_on=date(2026, 11, 20))
    before = everything()
    assert counts(import_lines(write(path, [row | {"unpaid_yen": "1000"}]), carrier=tabi)) == (0, 0, 1, 0)
    assert everything() == before


def test_a_number_given_up_by_an_ended_line_can_be_anothers(path: Path, tabi: Carrier, make_line: MakeLine) -> None:
    make_line(carrier=tabi, msisdn="819011110001", state="terminated")
    assert counts(import_lines(write(path, [a_row(1)]), carrier=tabi)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"customer": "C77"}, "iccid: belongs to a line of another customer"),
        (
            {"kind": "esim", "eid": "89049032123451234512345678901235"},
            "kind: is another kind than this ICCID has had so far",
        ),
        (
            {"customer": "C77", "iccid": "8981100000000000010", "imsi": ""},
            "msisdn: belongs to another line that runs",
        ),
        (
            {"customer": "C77", "iccid": "8981100000000000010", "msisdn": ""},
            "imsi: belongs to another line that runs",
        ),
        ({"iccid": fresh_iccid(9_000_002), "customer": "C2", "imsi": ""}, "msisdn: belongs to another line that runs"),
        ({"iccid": fresh_iccid(9_000_002), "customer": "C2", "msisdn": ""}, "imsi: belongs to another line that runs"),
    ],
)
def test_what_belongs_to_another_line_is_refused(
    changed: dict[str, str], reason: str, path: Path, tabi: Carrier
) -> None:
    import_lines(write(path, [a_row(1), a_row(2)]), carrier=tabi)
    before = everything()
    summary = import_lines(write(path, [a_row(1) | changed]), carrier=tabi)
    [bad] = bad_rows(summary.bad_path)
    assert bad["reason"] == reason
    assert everything() == before, "a refused row leaves nothing behind, not even its subscriber"


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("column", ["msisdn", "imsi"])
def test_an_identifier_that_comes_again_far_below_is_refused(column: str, path: Path, tabi: Carrier) -> None:
    rows = [a_row(number) for number in range(1, 8)]
    rows.append(a_row(8, **{column: rows[1][column]}))
    for imported in (7, 0):
        summary = import_lines(write(path, rows), carrier=tabi)
        assert (summary.imported, summary.bad) == (imported, 1)
        [bad] = bad_rows(summary.bad_path)
        assert bad["reason"] == f"{column}: belongs to another line that runs"


@pytest.mark.usefixtures("small_chunks")
def test_a_row_that_comes_again_far_below_is_told_where_it_was(path: Path, tabi: Carrier) -> None:
    rows = [a_row(number) for number in range(1, 8)]
    for _ in range(2):
        summary = import_lines(write(path, [*rows, a_row(2)]), carrier=tabi)
        [bad] = bad_rows(summary.bad_path)
        assert (bad["line"], bad["reason"]) == ("9", "iccid: is in the file already, in row 3")


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("between", [0, 5], ids=["same chunk", "later chunk"])
def test_rows_that_disagree_about_a_customer_come_back(between: int, path: Path, tabi: Carrier) -> None:
    rows = [
        a_row(1, name_kanji="田中"),
        *(a_row(10 + number) for number in range(between)),
        a_row(2, customer="C1", name_kanji="山田"),
        a_row(3, customer="C1", name_kanji=""),
    ]
    for _ in range(2):
        summary = import_lines(write(path, rows), carrier=tabi)
        [bad] = bad_rows(summary.bad_path)
        assert bad["reason"] == "customer: says otherwise of this customer than an earlier row of the file"
        assert summary.updated == 0
        assert Subscriber.objects.get(number="C1").name_kanji == "田中"
        assert Line.objects.filter(subscriber__number="C1").count() == 2


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("between", [0, 5], ids=["same chunk", "later chunk"])
def test_the_first_row_of_a_customer_decides_also_against_what_was_known(
    between: int, path: Path, tabi: Carrier
) -> None:
    import_lines(write(path, [a_row(1, name_kanji="田中"), a_row(2, customer="C1")]), carrier=tabi)
    rows = [
        a_row(1, name_kanji="山田"),
        *(a_row(10 + number) for number in range(between)),
        a_row(2, customer="C1", name_kanji="田中"),
    ]
    write(path, rows)
    for updated in (1, 0):
        summary = import_lines(path, carrier=tabi)
        assert (summary.updated, summary.bad) == (updated, 1)
        assert Subscriber.objects.get(number="C1").name_kanji == "山田"


@pytest.mark.usefixtures("small_chunks")
def test_a_customers_addresses_follow_the_file(path: Path, tabi: Carrier) -> None:
    def addresses() -> set[str]:
        return set(ContactPoint.objects.values_list("value", flat=True))

    def rows(*emails: str) -> list[dict[str, str]]:
        return [a_row(number, customer="C1", email=email) for number, email in enumerate(emails, 1)]

    import_lines(write(path, rows("a@mail.example", "b@mail.example", "", "", "b@mail.example")), carrier=tabi)
    assert addresses() == {"a@mail.example", "b@mail.example"}
    assert import_lines(path, carrier=tabi).updated == 0
    assert import_lines(write(path, rows("c@mail.example", "b@mail.example")), carrier=tabi).updated == 1
    assert addresses() == {"c@mail.example", "b@mail.example"}
    assert import_lines(path, carrier=tabi).updated == 0


def test_an_address_that_its_person_has_proved_stands_against_the_file(path: Path, tabi: Carrier) -> None:
    import_lines(write(path, [a_row(1)]), carrier=tabi)
    subscriber = Subscriber.objects.get()
    actions.set_contact(
        subscriber_id=subscriber.pk, kind=ContactKind.EMAIL, value="mine@mail.example", verified_at=NOW, acting=SYSTEM
    )
    assert counts(import_lines(path, carrier=tabi)) == (0, 0, 1, 0)
    assert list(ContactPoint.objects.values_list("value", flat=True)) == ["mine@mail.example"]


def test_mended_rows_are_imported_from_the_file_they_came_back_in(path: Path, tabi: Carrier) -> None:
    summary = import_lines(write(path, [a_row(1), a_row(2, msisdn="03-1111-2222", email="x")]), carrier=tabi)
    assert summary.bad_path == path.with_name("lines.bad.csv")
    assert summary.bad_path.read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the mark to read Japanese"
    [bad] = bad_rows(summary.bad_path)
    assert bad["line"] == "3"
    assert bad["reason"].startswith("email: is not an e-mail address; msisdn: This is not a mobile number.")
    text = summary.bad_path.read_text("utf-8-sig").replace("03-1111-2222", "08033334444").replace(",x,", ",,")
    summary.bad_path.write_text(text, encoding="utf-8-sig")
    assert counts(import_lines(summary.bad_path, carrier=tabi)) == (1, 0, 0, 0)
    assert Line.objects.count() == 2


def test_an_import_that_breaks_off_leaves_no_half_file(path: Path, tabi: Carrier) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    write(path, [a_row(1), a_row(2, email="x")])
    with pytest.raises(KeyboardInterrupt):
        import_lines(path, carrier=tabi, progress=stop)
    assert [child.name for child in path.parent.iterdir()] == ["lines.csv"]
    assert Line.objects.count() == 1, "what is in stays in"
    assert import_lines(path, carrier=tabi).already_there == 1


def test_no_file_of_bad_rows_where_there_is_none(path: Path, tabi: Carrier) -> None:
    assert import_lines(write(path, [a_row(1)]), carrier=tabi).bad_path is None
    assert [child.name for child in path.parent.iterdir()] == ["lines.csv"]


def test_nothing_is_written_for_a_file_with_a_wrong_column(path: Path, tabi: Carrier) -> None:
    before = everything()
    write(path, [a_row(1) | {"shoe_size": "27"}], [*NAMES, "shoe_size"])
    with pytest.raises(Unreadable, match=r"columns\.unknown"):
        import_lines(path, carrier=tabi)
    assert everything() == before


@pytest.mark.usefixtures("small_chunks")
def test_a_dry_run_tells_the_same_and_writes_nothing(path: Path, tabi: Carrier) -> None:
    rows = [a_row(number) for number in range(1, 12)]
    import_lines(write(path, rows[:2]), carrier=tabi)
    before = everything()
    rows[1] |= {"balance_yen": "9"}
    rows += [a_row(3), a_row(20, msisdn="1")]
    write(path, rows)
    planned = import_lines(path, carrier=tabi, dry_run=True)
    assert everything() == before
    assert counts(planned) == (9, 1, 1, 2)
    assert counts(import_lines(path, carrier=tabi)) == counts(planned)


def test_progress_reaches_the_end(path: Path, tabi: Carrier) -> None:
    seen: list[tuple[int, int]] = []
    import_lines(write(path, [a_row(1), a_row(2)]), carrier=tabi, progress=lambda *told: seen.append(told))
    assert seen == [(2, 3)], "the estimate counts the end of the last line"


def test_after_an_import_the_server_knows_how_large_its_tables_have_become(path: Path, tabi: Carrier) -> None:
    write(path, [a_row(number) for number in range(1, 24)])

    import_lines(path, carrier=tabi)

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relname IN ('lines_line', 'lines_service')")
        assert {name: int(rows) for name, rows in cursor.fetchall()} == {
            "lines_line": Line.objects.count(),
            "lines_service": Service.objects.count(),
        }
