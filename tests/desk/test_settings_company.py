"""Can the administrator say which company issues papers and how long numbers rest, and is a slip said at its field?"""

from __future__ import annotations

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tests.desk.test_settings_reach import changes, hidden, look, read, save
from tojimari.lines.company import Company
from tojimari.lines.models import Carrier

PAGE = "/desk/settings/company/"
NEW = {
    "legal_name": "旅モバイル株式会社",
    "registration": "第123号",
    "invoice_number": "Ｔ7-0000-1205-0002",
    "rest_days": "90",
}
KEPT = "legal name: 旅モバイル株式会社\nregistration: 第123号\ninvoice number: T7000012050002\nrest days: 90"


def counts(carrier: Carrier) -> Company:
    return Company.of(Carrier.objects.get(pk=carrier.pk))


def test_a_company_counts_once_its_preview_was_confirmed(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = look(admin, PAGE, NEW)
    assert "+invoice number: T7000012050002\n+rest days: 90\n" in page
    assert (counts(tabi), changes()) == (Company(), [])
    assert admin.post(PAGE, {**NEW, "do": "save", "seen": "0", "shown": "0"}).status_code == 200
    assert counts(tabi) == Company()
    assert save(admin, PAGE, NEW) == 302
    assert counts(tabi) == Company("旅モバイル株式会社", "第123号", "T7000012050002", 90)
    assert changes() == [("company", "", KEPT)]
    assert "鈴木 花子" in read(admin.get(PAGE)).split("Changes until now")[1]
    assert save(admin, PAGE, {}) == 302
    assert (counts(tabi), changes()[-1]) == (Company(), ("company", KEPT, ""))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"invoice_number": "7000012"}, "Write T and 13 digits"),
        ({"rest_days": "44"}, "A closed number must rest longer"),
        ({"rest_days": "soon"}, "A closed number must rest longer"),
        ({"rest_days": "3651"}, "So many days are taken for a slip."),
        ({"legal_name": "あ" * 121}, "This is too long"),
        ({"registration": "第\x07号"}, "This is too long, or has signs that cannot be printed."),
    ],
)
def test_a_slip_is_said_at_its_field_and_kept_there(
    as_staff: AsStaff, tabi: Carrier, typed: dict[str, str], said: str
) -> None:
    (field, text), page = next(iter(typed.items())), look(as_staff("admin"), PAGE, NEW | typed)
    assert said in page.split(f'id="{field}-problem"')[1].split("</div>")[0]
    assert f'value="{text}"' in page
    assert page.count('aria-invalid="true"') == 1
    assert "Save it" not in page
    assert (counts(tabi), changes()) == (Company(), [])


def test_all_slips_are_said_at_once(as_staff: AsStaff) -> None:
    page = look(as_staff("admin"), PAGE, {"invoice_number": "T1", "rest_days": "1"})
    assert page.count('aria-invalid="true"') == 2


def test_what_was_set_by_command_meanwhile_is_what_a_change_starts_from(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    assert save(admin, PAGE, {"rest_days": "90"}) == 302
    Carrier.objects.filter(pk=tabi.pk).update(rest_days=60)
    assert save(admin, PAGE, {"rest_days": "90"}) == 302
    assert counts(tabi).rest_days == 90
    assert changes()[-1] == ("company", "rest days: 60", "rest days: 90")


def test_who_comes_second_is_told(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    before = hidden(look(admin, PAGE, {"rest_days": "60"}))
    assert save(admin, PAGE, NEW) == 302
    answer = admin.post(PAGE, {"rest_days": "60", **before, "do": "save"})
    assert answer.status_code == 409
    assert "A colleague has changed this setting meanwhile" in read(answer)
    assert counts(tabi).rest_days == 90


@pytest.mark.parametrize("role", ["clerk", "agent", "reviewer", "lead", "auditor"])
def test_nobody_else_may(as_staff: AsStaff, role: str) -> None:
    assert as_staff(role).get(PAGE).status_code == 403


def test_the_neighbour_changes_only_its_own(as_staff: AsStaff, tabi: Carrier, tonari: Carrier) -> None:
    admin = as_staff("admin", carrier=tonari, host=TONARI)
    assert save(admin, PAGE, NEW) == 302
    assert (counts(tonari).rest_days, counts(tabi).rest_days) == (90, None)
