"""Does every message go out once, whatever the mail server and the workers do?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.support.mailserver import Postbox
from tojimari.lines.models import Carrier, Line
from tojimari.messages import channels, delivery
from tojimari.messages.actions import Letter, put
from tojimari.messages.channels import smtp
from tojimari.messages.delivery import LEASE, WAITS, deliver
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.texts import Written
from tojimari.platform.config import read
from tojimari.platform.database.scope import every_carrier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

Settings = Callable[..., None]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    box.server.start()
    yield box
    box.server.stop(no_assert=True)


@pytest.fixture
def nobody_listens() -> Iterator[int]:
    """A port that is taken, and on which every connection is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def settings_are(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Set the settings that delivery reads."""

    def change(**values: object) -> None:
        chosen = read({f"TOJIMARI_{name.upper()}": str(value) for name, value in values.items()})
        monkeypatch.setattr(channels, "config", lambda: chosen)
        monkeypatch.setattr(smtp, "config", lambda: chosen)

    return change


@pytest.fixture
def server(postbox: Postbox, settings_are: Settings) -> Postbox:
    """A mail server that is set up, reached without encryption."""
    settings_are(
        smtp_host="127.0.0.1",
        smtp_port=postbox.server.port,
        smtp_starttls=False,
        smtp_sender="Tabi <no-reply@tabi.example>",
    )
    return postbox


def mail(carrier: Carrier, to: str = "wang@mail.example", **changed: Any) -> Message:
    values: dict[str, Any] = {
        "carrier_id": carrier.pk,
        "kind": MessageKind.EMAIL,
        "to": to,
        "written": Written("zh-hans", "您的线路", "线路已注销。\n" + "长" * 400 + "\n"),
    }
    return put(Letter(**values | changed), at=datetime.now(UTC))


def now_due() -> None:
    Message.objects.filter(state=MessageState.QUEUED).update(due_at=datetime.now(UTC))


def test_a_mail_arrives_as_it_was_written(server: Postbox, tabi: Carrier) -> None:
    message = mail(tabi)
    assert deliver() == 1
    (arrived,) = server.mails
    assert (arrived["To"], arrived["Subject"], arrived["From"]) == (
        "wang@mail.example",
        "您的线路",
        "Tabi <no-reply@tabi.example>",
    )
    text, page = arrived.iter_parts()
    assert text.get_content().replace("\r\n", "\n").startswith(message.body)
    assert page.get_content_type() == "text/html"
    assert "线路已注销。" in page.get_content()
    assert arrived["Message-ID"] == f"<{message.pk}.{message.token}@tabi.example>"
    assert (arrived["Auto-Submitted"], arrived["Content-Language"]) == ("auto-generated", "zh-Hans")
    message.refresh_from_db()
    assert (message.state, message.channel, message.attempts) == (MessageState.SENT, "smtp", 1)
    assert message.sent_at
    assert deliver() == 0
    assert len(server.mails) == 1


def test_a_batch_takes_what_is_due_longest_and_leaves_the_rest(server: Postbox, tabi: Carrier) -> None:
    messages = [mail(tabi, f"p{number}@mail.example") for number in range(5)]
    assert deliver(3) == 3
    assert [arrived["To"] for arrived in server.mails] == [message.to for message in messages[:3]]
    assert deliver(3) == 2


def test_what_is_not_due_waits(server: Postbox, tabi: Carrier) -> None:
    Message.objects.filter(pk=mail(tabi).pk).update(due_at=datetime.now(UTC) + timedelta(hours=1))
    assert deliver() == 0
    assert not server.mails


def test_an_address_that_the_server_does_not_know_is_given_up_and_the_next_one_sent(
    server: Postbox, tabi: Carrier
) -> None:
    unknown, known = mail(tabi, "nobody@mail.example"), mail(tabi)
    assert deliver() == 2
    unknown.refresh_from_db()
    known.refresh_from_db()
    assert (unknown.state, unknown.code) == (MessageState.FAILED, "message.not_taken")
    assert unknown.delivery_code == "550 5.1.1"
    assert known.state == MessageState.SENT


@pytest.mark.parametrize("answer", ["451 busy", "421 closing"])
def test_a_server_that_is_busy_is_asked_again_later(server: Postbox, tabi: Carrier, answer: str) -> None:
    server.answers = [answer]
    message = mail(tabi)
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.code, message.attempts) == (MessageState.QUEUED, "message.server_away", 1)
    assert message.due_at > datetime.now(UTC) + timedelta(minutes=WAITS[0] - 1)
    now_due()
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.SENT, "")


def test_a_text_that_the_server_refuses_for_good_is_given_up(server: Postbox, tabi: Carrier) -> None:
    server.answers = ["554 refused"]
    message = mail(tabi)
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.FAILED, "message.not_taken")


def test_while_the_server_is_away_only_one_message_counts_a_try(
    nobody_listens: int, settings_are: Settings, tabi: Carrier
) -> None:
    settings_are(smtp_host="127.0.0.1", smtp_port=nobody_listens, smtp_starttls=False)
    messages = [mail(tabi, f"p{number}@mail.example") for number in range(3)]
    assert deliver() == 0
    found = Message.objects.filter(pk__in=[message.pk for message in messages]).order_by("pk")
    assert [(message.state, message.attempts) for message in found] == [
        (MessageState.QUEUED, 1),
        (MessageState.QUEUED, 0),
        (MessageState.QUEUED, 0),
    ]


def test_a_message_that_never_gets_through_is_given_up(server: Postbox, tabi: Carrier) -> None:
    message = mail(tabi)
    for number in range(len(WAITS) + 1):
        server.answers = ["451 busy"]
        assert deliver() == (1 if number == len(WAITS) else 0)
        now_due()
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.FAILED, "message.given_up")


def test_no_mail_goes_out_unencrypted_when_encryption_is_set(
    postbox: Postbox, settings_are: Settings, tabi: Carrier
) -> None:
    settings_are(smtp_host="127.0.0.1", smtp_port=postbox.server.port, smtp_sender="a@tabi.example")
    message = mail(tabi)
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.QUEUED, "message.server_away")
    assert not postbox.mails


@pytest.mark.parametrize("to", ["wang@mail.example\r\nBcc: all@mail.example", "wang@mail.example\nX: y"])
def test_an_address_of_two_lines_is_never_sent(server: Postbox, tabi: Carrier, to: str) -> None:
    message = mail(tabi, to)
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.FAILED, "message.unsendable")
    assert not server.mails


def test_a_demonstration_shows_and_sends_nothing(settings_are: Settings, tabi: Carrier) -> None:
    settings_are(demo=True)
    message, sms = mail(tabi), mail(tabi, "819099998888", kind=MessageKind.SMS)
    assert deliver() == 2
    for shown in (message, sms):
        shown.refresh_from_db()
        assert (shown.state, shown.channel) == (MessageState.SENT, "shown")


def test_without_any_way_of_sending_a_message_waits_and_says_why(settings_are: Settings, tabi: Carrier) -> None:
    settings_are(demo=False)
    message = mail(tabi)
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.code) == (MessageState.QUEUED, "message.no_channel")


def test_a_number_that_went_off_meanwhile_is_not_written_to(
    settings_are: Settings, tabi: Carrier, sim_line: Line
) -> None:
    settings_are(demo=True)
    message = mail(tabi, sim_line.msisdn, kind=MessageKind.SMS)
    Line.objects.filter(pk=sim_line.pk).update(number_off_at=datetime.now(UTC))
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.code, message.body) == (MessageState.REFUSED, "message.number_off", "")


def test_a_code_whose_time_is_over_is_not_sent(server: Postbox, tabi: Carrier) -> None:
    message = mail(tabi, wipe_at=datetime.now(UTC))
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.code, message.body) == (MessageState.FAILED, "message.too_late", "")
    assert not server.mails


def test_what_another_worker_holds_is_left_alone_until_its_lease_ends(server: Postbox, tabi: Carrier) -> None:
    message = mail(tabi)
    held = Message.objects.filter(pk=message.pk)
    held.update(state=MessageState.SENDING, lease_owner="other", lease_until=datetime.now(UTC) + LEASE, attempts=1)
    assert deliver() == 0
    held.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 2)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_message_once(server: Postbox, tabi: Carrier) -> None:
    for number in range(30):
        mail(tabi, f"p{number}@mail.example")

    def work(_: int) -> int:
        sent = 0
        with every_carrier():
            while done := deliver(4):
                sent += done
        connection.close()
        return sent

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 30
    assert sorted(arrived["To"] for arrived in server.mails) == sorted(f"p{n}@mail.example" for n in range(30))


def _die_after_the_deed() -> None:
    """Deliver in a process of its own, which is killed after the server took the mail and before that is recorded."""
    connection.close()
    with pytest.MonkeyPatch.context() as patch, every_carrier():
        patch.setattr(delivery, "_record", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        deliver()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_deed_leaves_a_second_copy_that_can_be_recognised(
    server: Postbox, tabi: Carrier
) -> None:
    message = mail(tabi)
    connection.close()
    process = multiprocessing.get_context("fork").Process(target=_die_after_the_deed)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert len(server.mails) == 1
    message.refresh_from_db()
    assert message.state == MessageState.SENDING
    Message.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    assert deliver() == 1
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
