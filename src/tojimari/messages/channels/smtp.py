"""How is mail handed to the mail server?

One connection for a batch, encrypted by STARTTLS unless the server is on this machine and the settings say otherwise.
The three ways in which it can go wrong are kept apart: the server said no for good (5xx), it said not now or never got
the whole mail, or it got the whole mail and its answer was lost. In the last case nobody can know; the mail goes out
again with the same Message-ID, and its row says that it may have gone out twice.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import monotonic, sleep

import structlog

from tojimari.messages.channels import ANSWER_LOST, Fate, Sent
from tojimari.messages.mail import returns_to, wire
from tojimari.messages.models import Message
from tojimari.platform.config import config

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 20
AWAY = "message.server_away"
UNSENDABLE = "message.unsendable"
NOT_TAKEN = "message.not_taken"

_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")


class AnswerLost(OSError):
    """The server got the whole mail, and the connection ended before it said whether it took it."""


def send(messages: Sequence[Message]) -> Iterator[Sequence[Sent]]:
    """Send each message and yield what the server said, not faster than the settings allow.

    When no connection can be had this ends after the first message: the others are not a try, and stay as they are.
    """
    server: smtplib.SMTP | None = None
    free_at = monotonic()
    try:
        for message in messages:
            try:
                raw = wire(message, config())
            except (ValueError, UnicodeError):
                yield [Sent(message, Fate.FAILED, UNSENDABLE)]
                continue
            try:
                server = server or _connect()
            except OSError as error:  # smtplib's own errors are OSErrors as well
                _log(message, error)
                yield [Sent(message, Fate.AGAIN, AWAY)]
                return
            sleep(max(0.0, free_at - monotonic()))
            free_at = monotonic() + 1 / config().smtp_rate
            try:
                _hand_over(server, message, raw)
            except OSError as error:
                _log(message, error)
                if not isinstance(error, _ANSWERS):
                    _close(server)
                    server = None
                yield [_judged(message, error)]
            else:
                yield [Sent(message, Fate.SENT)]
    finally:
        _close(server)


_ANSWERS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError)
"""What the server said while the connection stays usable."""


def _hand_over(server: smtplib.SMTP, message: Message, raw: bytes) -> None:
    """One mail, step by step as RFC 5321 3.3 has it. Raises what smtplib raises, or `AnswerLost`."""
    server.ehlo_or_helo_if_needed()
    options = []
    if not message.to.isascii():
        if not server.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError("the server takes no such address")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        server.command_encoding = "utf-8"
    try:
        status, said = server.mail(returns_to(message, config()), options)
        if status != 250:
            raise smtplib.SMTPSenderRefused(status, said, "")
        status, said = server.rcpt(message.to)
        if status not in (250, 251):
            raise smtplib.SMTPRecipientsRefused({message.to: (status, said)})
        status, said = server.docmd("DATA")
        if status != 354:
            raise smtplib.SMTPDataError(status, said)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        _begin_anew(server)
        raise
    finally:
        server.command_encoding = "ascii"
    server.send(re.sub(rb"(?m)^\.", b"..", raw) + (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    try:
        status, said = server.getreply()
    except OSError as error:
        raise AnswerLost from error
    if status != 250:
        _begin_anew(server)
        raise smtplib.SMTPDataError(status, said)


def _begin_anew(server: smtplib.SMTP) -> None:
    with suppress(OSError):
        server.rset()


def _judged(message: Message, error: OSError) -> Sent:
    """Say whether trying again may help: not when the server refused this address or this text for good (5xx)."""
    if isinstance(error, AnswerLost):
        return Sent(message, Fate.UNSURE, ANSWER_LOST)
    status, said = 0, b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((status, said),) = error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        status, said = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    # The sender is ours and the same for all mail: when it is refused the settings are wrong, not the message.
    final = status >= 500 and not isinstance(error, smtplib.SMTPSenderRefused)
    if final or isinstance(error, smtplib.SMTPNotSupportedError):
        return Sent(message, Fate.FAILED, NOT_TAKEN, detail=_status(status, said))
    return Sent(message, Fate.AGAIN, AWAY, detail=_status(status, said))


def _status(status: int, said: bytes) -> str:
    """The numbers of an answer, "550 5.1.1". Its words are left: they may repeat the address."""
    found = _ENHANCED.match(said)
    return " ".join(filter(None, (str(status) if status else "", found[1].decode() if found else "")))


def _log(message: Message, error: OSError) -> None:
    # The server's own words may repeat the address, so only the kind of error goes into the log.
    log.warning("mail.not_sent", message=message.pk, error=type(error).__name__)


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(OSError):
            server.quit()
        server.close()


def _connect() -> smtplib.SMTP:
    settings = config()
    server = smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=TIMEOUT_SECONDS)
    try:
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user and settings.smtp_password is not None:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        _close(server)
        raise
    return server
