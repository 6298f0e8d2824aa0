"""Is a mail that came back understood, and only believed where it knows the message's own address?"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper

import pytest

from tojimari.cli import main
from tojimari.lines.models import Carrier
from tojimari.messages.actions import Letter, put
from tojimari.messages.bounces import Verdict, addresses, bounced, verdict
from tojimari.messages.models import Delivery, Message, MessageKind, MessageState
from tojimari.messages.texts import Written

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

RECIPIENT = "Final-Recipient: rfc822; wang@mail.example\r\nAction: {action}\r\nStatus: {status}\r\n"


def notification(
    action: str = "failed", status: str = "5.1.1", to: str = "bounce@tabi.example", more: str = ""
) -> bytes:
    """As Postfix writes it."""
    return (
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        + RECIPIENT.format(action=action, status=status)
        + "Diagnostic-Code: smtp; 550 5.1.1 <wang@mail.example>: no such\r\n    person\r\n"
        + more
        + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: ours\r\n\r\nbody\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("failed", "5.1.1", (Delivery.UNDELIVERED, "5.1.1")),
        ("Failed", "5.2.2 (mailbox full)", (Delivery.UNDELIVERED, "5.2.2")),
        ("failed (expired)", "4.4.7", (Delivery.EXPIRED, "4.4.7")),
        ("failed", "nonsense", (Delivery.UNDELIVERED, "")),
        ("delayed", "4.4.1", (Delivery.ACCEPTED, "4.4.1")),
        ("relayed", "2.0.0", (Delivery.ACCEPTED, "2.0.0")),
        ("delivered", "2.0.0", (Delivery.DELIVERED, "2.0.0")),
    ],
)
def test_what_the_part_for_machines_says_counts(action: str, status: str, expected: tuple[Delivery, str]) -> None:
    found = verdict(notification(action, status))
    assert found is not None
    assert (found.delivery, found.code) == expected


def test_of_several_recipients_the_worst_counts() -> None:
    found = verdict(notification("delivered", "2.0.0", more="\r\n" + RECIPIENT.format(action="failed", status="5.0.0")))
    assert found is not None
    assert found.delivery == Delivery.UNDELIVERED


@pytest.mark.parametrize("to", ["<", '"', "a@[", "<@", "=?utf-8?q?a=0Ab?="])
def test_an_address_that_is_none_hides_neither_the_others_nor_the_verdict(to: str) -> None:
    mail = b"Delivered-To: bounce+7.0123456789abcdef@tabi.example\r\n" + notification(to=to)
    assert addresses(mail)[0] == "bounce+7.0123456789abcdef@tabi.example"
    assert verdict(mail) == Verdict(Delivery.UNDELIVERED, "5.1.1")


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: I am away\r\nAuto-Submitted: auto-replied\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n",
        notification().replace(b"message/delivery-status", b"text/plain"),
        notification(action="sneezed"),
    ],
)
def test_what_is_no_notification_says_nothing(mail: bytes) -> None:
    assert verdict(mail) is None


@pytest.fixture
def sent(tabi: Carrier) -> Message:
    message = put(Letter(tabi.pk, MessageKind.EMAIL, "wang@mail.example", Written("ja", "解約", "解約")), at=NOW)
    Message.objects.update(state=MessageState.SENT, sent_at=NOW, channel="smtp")
    message.refresh_from_db()
    return message


def to(message: Message) -> str:
    return f"bounce+{message.pk}.{message.token}@tabi.example"


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
class TestBelieved:
    def test_the_message_whose_address_it_came_to_is_undelivered(self, sent: Message) -> None:
        raw = notification(to=to(sent))
        assert bounced(raw, to=addresses(raw), at=NOW) == sent
        assert bounced(raw, to=addresses(raw), at=NOW) == sent
        sent.refresh_from_db()
        assert (sent.delivery, sent.delivery_code, sent.delivered_at) == (Delivery.UNDELIVERED, "5.1.1", NOW)

    def test_a_delay_is_no_end_and_the_end_may_follow(self, sent: Message) -> None:
        for action, expected in (("delayed", "accepted"), ("failed", "undelivered"), ("delayed", "undelivered")):
            bounced(notification(action), to=[to(sent)], at=NOW)
            sent.refresh_from_db()
            assert sent.delivery == expected

    @pytest.mark.parametrize("wrong", ["+{pk}.0000000000000000@", "+{other}.{token}@", "+{pk}@", "@"])
    def test_whoever_does_not_know_the_address_changes_nothing(self, sent: Message, wrong: str) -> None:
        address = "bounce" + wrong.format(pk=sent.pk, other=sent.pk + 1, token=sent.token) + "tabi.example"
        assert bounced(notification(), to=[address], at=NOW) is None
        sent.refresh_from_db()
        assert sent.delivery == Delivery.UNKNOWN

    def test_a_mail_of_which_nobody_knew_whether_it_went_out_has_gone_out(self, sent: Message) -> None:
        Message.objects.update(state=MessageState.QUEUED, unsure=True, sent_at=None)
        bounced(notification(), to=[to(sent)], at=NOW)
        sent.refresh_from_db()
        assert (sent.state, sent.delivery) == (MessageState.SENT, Delivery.UNDELIVERED)

    def test_the_command_reads_it_as_the_mail_server_hands_it_over(
        self, sent: Message, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("tojimari.cli.start_database", lambda: None)
        monkeypatch.setattr("tojimari.cli.refuse_old_tables", lambda: None)
        monkeypatch.setenv("ORIGINAL_RECIPIENT", to(sent))
        for mail, said in ((notification(), f"message {sent.pk}: undelivered"), (b"Subject: hi\r\n\r\n", "nothing")):
            monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(mail)))
            assert main(["messages", "bounce"]) == 0
            assert said in capsys.readouterr().out
