"""A real mail server in the tests' own process: what came in, and what it answers instead of "taken"."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postbox:
    """A mail server's inbox. `answers` are given instead of "taken", one per mail, while there are any."""

    server: MailServer

    def __init__(self, encryption: SSLContext | None = None) -> None:
        self.mails: list[Any] = []
        self.raw: list[bytes] = []
        self.senders: list[str | None] = []
        self.encrypted: list[bool] = []
        self.answers: list[str] = []
        self.server = MailServer(
            self, hostname="127.0.0.1", port=0, tls_context=encryption, require_starttls=encryption is not None
        )

    @classmethod
    def encrypted_by(cls, certificate: Path) -> Postbox:
        """A mail server that takes nothing before STARTTLS. The file holds its certificate and key."""
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return cls(context)

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.senders.append(envelope.mail_from)
        self.encrypted.append(session.ssl is not None)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


class MailServer(Controller):
    """A mail server on a free port of its own choice."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # it has been started
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library has no annotations here
