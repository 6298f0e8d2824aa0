"""Is a mail readable as text and as a page, signed, encrypted on the way, and honest about what nobody can know?"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]  # the library has no annotations
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from tests.support.faultproxy import FaultProxy
from tests.support.mailserver import Postbox
from tojimari.lines.models import Carrier
from tojimari.messages import channels
from tojimari.messages.actions import Letter, put
from tojimari.messages.channels import smtp
from tojimari.messages.delivery import deliver
from tojimari.messages.html import as_html
from tojimari.messages.mail import compose, returned, returns_to, wire
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.texts import Written
from tojimari.platform.config import Config, ConfigError, read

Settings = Callable[..., Config]
TOKEN = "0123456789abcdef"
BODY = "线路已注销。\nTJ-1\n\n- 一\n- 二\n\n.\n<b>&</b> https://tabi.example/case/TJ-1/open/abc/.\n"


def message(**changed: Any) -> Message:
    facts: dict[str, Any] = {
        "pk": 7,
        "kind": MessageKind.EMAIL,
        "to": "wang@mail.example",
        "subject": "您的线路",
        "body": BODY,
        "language": "zh-hans",
        "token": TOKEN,
        "created_at": datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    }
    return Message(**facts | changed)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def settings(**values: object) -> Config:
    chosen = {"smtp_sender": "Tabi <no-reply@tabi.example>"} | values
    return read({f"TOJIMARI_{name.upper()}": str(value) for name, value in chosen.items()})


def in_the_dns(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"s1._domainkey.tabi.example."
    public = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def verified(raw: bytes) -> bool:
    return bool(dkim.verify(raw, dnsfunc=in_the_dns))


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_mail_is_signed_and_no_word_of_it_can_be_changed(form: PrivateFormat) -> None:
    signed = settings(dkim_domain="tabi.example", dkim_selector="s1", dkim_key=pem(rsa_key(), form))
    raw = wire(message(), signed)
    assert verified(raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    for name in (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"Content-Type"):
        changed = head.replace(b"\r\n" + name + b": ", b"\r\n" + name + b": x", 1)
        assert changed != head, name
        assert not verified(changed + b"\r\n\r\n" + body), name
    assert not verified(head + b"\r\n\r\n" + body.replace(b"6", b"7", 1))
    assert not verified(b"From: else@evil.example\r\n" + raw)


def test_without_a_key_nothing_is_signed() -> None:
    assert b"DKIM-Signature" not in wire(message(), settings())


@pytest.mark.parametrize(
    "key",
    [
        "no key",
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - too short on purpose
    ],
)
def test_a_key_that_cannot_sign_is_told_at_once_and_never_shown(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(dkim_domain="tabi.example", dkim_key=key)
    (told,) = caught.value.problems
    assert told.startswith("TOJIMARI_DKIM_KEY")
    assert key not in told


def test_a_key_for_no_domain_is_told_at_once() -> None:
    with pytest.raises(ConfigError, match="TOJIMARI_DKIM_DOMAIN"):
        settings(dkim_key=pem(rsa_key()))


@pytest.mark.parametrize(("host", "allowed"), [("127.0.0.1", True), ("localhost", True), ("mail.example", False)])
def test_only_a_server_on_this_machine_is_spoken_to_in_clear(host: str, allowed: bool) -> None:
    if allowed:
        assert settings(smtp_host=host, smtp_starttls=False).smtp_host == host
        return
    with pytest.raises(ConfigError, match="TOJIMARI_SMTP_STARTTLS"):
        settings(smtp_host=host, smtp_starttls=False)


def test_every_try_is_the_same_mail_and_survives_servers_that_know_seven_bits() -> None:
    raw = wire(message(), settings())
    assert raw == wire(message(), settings())
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_says_the_words_of_the_text_and_fetches_nothing() -> None:
    page = _Page(as_html("您的线路", BODY, "zh-hans"))
    for word in ("线路已注销。", "<b>&</b>", "https://tabi.example/case/TJ-1/open/abc/"):
        assert word in page.words
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("li"), tags.count("a"), tags.count("h1")) == (2, 1, 1)
    assert not {"img", "script", "link", "style", "iframe", "form", "b"} & set(tags)
    assert not any({"src", "srcset", "background", "onclick"} & set(attrs) for _, attrs in page.tags)
    assert not any("url(" in (attrs.get("style") or "") for _, attrs in page.tags)
    assert dict(page.tags)["html"] == {"lang": "zh-Hans"}
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"] == ["https://tabi.example/case/TJ-1/open/abc/"]


def test_a_subject_cannot_break_out_of_the_page() -> None:
    assert "<script>" not in as_html("<script>", "</div><script>", "ja")


def test_a_bounce_finds_the_message_it_is_about() -> None:
    chosen = settings(smtp_bounces="bounce@tabi.example")
    address = returns_to(message(), chosen)
    assert address == f"bounce+7.{TOKEN}@tabi.example"
    assert returned(address) == (7, TOKEN)
    assert returns_to(message(), settings()) == "no-reply@tabi.example"
    assert returned("bounce@tabi.example") is None
    assert compose(message(), chosen)["From"] == "Tabi <no-reply@tabi.example>"


@pytest.fixture
def settings_are(monkeypatch: pytest.MonkeyPatch) -> Settings:
    def change(**values: object) -> Config:
        chosen = settings(**values)
        monkeypatch.setattr(channels, "config", lambda: chosen)
        monkeypatch.setattr(smtp, "config", lambda: chosen)
        return chosen

    return change


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, rsa_key().public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(rsa_key(), hashes.SHA256())
    )
    path = tmp_path / "mail.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM) + pem(rsa_key()).encode())
    return path


@pytest.fixture
def box() -> Iterator[Postbox]:
    box = Postbox()
    box.server.start()
    yield box
    box.server.stop(no_assert=True)


def waiting(carrier: Carrier, **changed: Any) -> Message:
    letter = Letter(carrier.pk, MessageKind.EMAIL, "wang@mail.example", Written("zh-hans", "您的线路", BODY))
    made = put(letter, at=datetime.now(UTC))
    Message.objects.filter(pk=made.pk).update(**changed)
    return made


def reread(made: Message) -> Message:
    made.refresh_from_db()
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
class TestOnTheWay:
    def test_mail_goes_encrypted_signed_and_with_an_address_to_come_back_to(
        self, settings_are: Settings, certificate: Path, monkeypatch: pytest.MonkeyPatch, tabi: Carrier
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(certificate))
        box = Postbox.encrypted_by(certificate)
        box.server.start()
        try:
            settings_are(
                smtp_host="127.0.0.1",
                smtp_port=box.server.port,
                smtp_bounces="bounce@tabi.example",
                dkim_domain="tabi.example",
                dkim_selector="s1",
                dkim_key=pem(rsa_key()),
            )
            made = waiting(tabi)
            assert deliver() == 1
            monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
            untrusted = waiting(tabi)
            assert deliver() == 0
        finally:
            box.server.stop(no_assert=True)
        assert (box.encrypted, box.senders) == ([True], [f"bounce+{made.pk}.{made.token}@tabi.example"])
        assert verified(box.raw[0])
        assert (reread(untrusted).state, untrusted.unsure) == (MessageState.QUEUED, False)

    def test_a_line_with_one_dot_does_not_end_the_mail(
        self, settings_are: Settings, box: Postbox, tabi: Carrier
    ) -> None:
        settings_are(smtp_host="127.0.0.1", smtp_port=box.server.port, smtp_starttls=False)
        letter = Letter(tabi.pk, MessageKind.EMAIL, "a@mail.example", Written("en", "s", "one\n.\n..two\n"))
        put(letter, at=datetime.now(UTC))
        assert deliver() == 1
        assert next(box.mails[0].iter_parts()).get_content().replace("\r\n", "\n").startswith("one\n.\n..two\n")

    def test_an_answer_that_is_lost_after_the_mail_is_said_and_the_second_copy_is_the_same_mail(
        self, settings_are: Settings, box: Postbox, tabi: Carrier
    ) -> None:
        with FaultProxy(("127.0.0.1", box.server.port), "127.0.0.1") as proxy:
            settings_are(smtp_host="127.0.0.1", smtp_port=proxy.port, smtp_starttls=False)
            proxy.arm("reset", at=5)  # EHLO, MAIL, RCPT, DATA, and then the mail itself
            made = waiting(tabi)
            assert deliver() == 0
            assert (reread(made).state, made.unsure, made.code) == (
                MessageState.QUEUED,
                True,
                "message.answer_lost",
            )
            proxy.mend()
            Message.objects.update(due_at=datetime.now(UTC))
            assert deliver() == 1
        assert (reread(made).state, made.unsure) == (MessageState.SENT, True)
        first, second = box.raw
        assert first == second

    def test_a_connection_that_is_lost_before_the_mail_leaves_no_doubt(
        self, settings_are: Settings, box: Postbox, tabi: Carrier
    ) -> None:
        with FaultProxy(("127.0.0.1", box.server.port), "127.0.0.1") as proxy:
            settings_are(smtp_host="127.0.0.1", smtp_port=proxy.port, smtp_starttls=False)
            proxy.arm("reset", at=3)
            made = waiting(tabi)
            assert deliver() == 0
        assert (reread(made).state, made.unsure) == (MessageState.QUEUED, False)
        assert not box.raw

    def test_a_worker_does_not_send_faster_than_it_may(
        self, settings_are: Settings, box: Postbox, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings_are(smtp_host="127.0.0.1", smtp_port=box.server.port, smtp_starttls=False, smtp_rate=0.5)
        clock = [100.0]
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            clock[0] += seconds

        monkeypatch.setattr(smtp, "monotonic", lambda: clock[0])
        monkeypatch.setattr(smtp, "sleep", wait)
        for _ in range(3):
            waiting(tabi)
        assert deliver() == 3
        assert waits == [0.0, 2.0, 2.0]
