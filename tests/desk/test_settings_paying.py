"""Can the administrator say how bills are paid, after a preview, and do customers see it at once?"""

from __future__ import annotations

import pytest

from tests.desk.conftest import TONARI, AsStaff
from tests.desk.test_settings_reach import changes, hidden, look, read, save
from tojimari.lines.models import Carrier
from tojimari.lines.paying import WaysToPay, ways_to_pay
from tojimari.platform.database.scope import carrier_scope

PAGE = "/desk/settings/paying/"
NEW = {"shop": "on", "bank": "みほん銀行 新宿支店\r\n普通 1234567"}


def counts(carrier: Carrier) -> WaysToPay:
    with carrier_scope(carrier.pk):
        return ways_to_pay(carrier.pk)


def test_ways_to_pay_count_once_their_preview_was_confirmed(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = look(admin, PAGE, NEW)
    assert "+shop: yes\n+bank: みほん銀行 新宿支店\n+bank: 普通 1234567\n" in page
    assert (counts(tabi), changes()) == (WaysToPay(), [])
    assert save(admin, PAGE, NEW) == 302
    assert counts(tabi) == WaysToPay(shop=True, bank="みほん銀行 新宿支店\n普通 1234567")
    assert "鈴木 花子" in read(admin.get(PAGE)).split("Changes until now")[1]
    assert save(admin, PAGE, {}) == 302
    assert not counts(tabi)


def test_what_is_no_account_is_said_at_the_field_and_kept_there(as_staff: AsStaff, tabi: Carrier) -> None:
    page = look(as_staff("admin"), PAGE, {"bank": "our bank"})
    assert "This is no bank account" in page
    assert 'aria-invalid="true">our bank</textarea>' in page
    assert "Save it" not in page
    assert changes() == []


def test_days_to_pay_are_kept_and_a_slip_is_said_at_their_field(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    page = look(admin, PAGE, {"days": "soon"})
    assert "So many days to pay cannot be." in page
    assert 'value="soon" aria-describedby="days-help days-problem" aria-invalid="true"' in page
    assert save(admin, PAGE, {"days": "14"}) == 302
    assert counts(tabi) == WaysToPay(days=14)


@pytest.mark.parametrize("typed", ["20", "14.65", "0", "a lot", "-3", "１.5"])
def test_interest_that_cannot_be_is_said_at_its_field(as_staff: AsStaff, tabi: Carrier, typed: str) -> None:
    page = look(as_staff("admin"), PAGE, {"late": typed})
    assert "So much interest cannot be." in page
    assert "up to 14.6" in page
    assert f'value="{typed}" aria-describedby="late-help late-problem" aria-invalid="true"' in page


def test_interest_on_what_is_late_is_kept(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    assert save(admin, PAGE, {"late": "14.6"}) == 302
    assert counts(tabi) == WaysToPay(late_per_mille=146)
    assert 'value="14.6"' in read(admin.get(PAGE))


def test_who_comes_second_is_told(as_staff: AsStaff, tabi: Carrier) -> None:
    admin = as_staff("admin")
    before = hidden(look(admin, PAGE, {"slip": "on"}))
    assert save(admin, PAGE, NEW) == 302
    answer = admin.post(PAGE, {"slip": "on", **before, "do": "save"})
    assert answer.status_code == 409
    assert "A colleague has changed this setting meanwhile" in read(answer)
    assert counts(tabi).shop


@pytest.mark.parametrize("role", ["clerk", "agent", "reviewer", "lead", "auditor"])
def test_nobody_else_may(as_staff: AsStaff, role: str) -> None:
    assert as_staff(role).get(PAGE).status_code == 403


def test_the_neighbour_changes_only_its_own(as_staff: AsStaff, tabi: Carrier, tonari: Carrier) -> None:
    admin = as_staff("admin", carrier=tonari, host=TONARI)
    assert save(admin, PAGE, NEW) == 302
    assert (bool(counts(tonari)), bool(counts(tabi))) == (True, False)
