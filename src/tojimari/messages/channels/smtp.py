"""How is mail handed to the mail server?

One connection for a batch, encrypted by STARTTLS unless the settings say otherwise. Every try of a message carries the
same Message-ID and Date: where a worker died between the server's answer and our record, the second copy is recognised.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import structlog

from tojimari.messages.channels import Fate, Sent
from tojimari.messages.models import Message
from tojimari.platform.config import config

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 20
AWAY = "message.server_away"
UNSENDABLE = "message.unsendable"
NOT_TAKEN = "message.not_taken"


def send(messages: Sequence[Message]) -> Iterator[Sent]:
    """Send each message and yield what the server said.

    When no connection can be had this ends after the first message: the others are not a try, and stay as they are.
    """
    server: smtplib.SMTP | None = None
    try:
        for message in messages:
            try:
                mail = compose(message)
            except (ValueError, UnicodeError):
                yield Sent(message, Fate.FAILED, UNSENDABLE)
                continue
            try:
                server = server or _connect()
            except OSError as error:  # smtplib's own errors are OSErrors as well
                _log(message, error)
                yield Sent(message, Fate.AGAIN, AWAY)
                return
            try:
                server.send_message(mail)
            except OSError as error:
                _log(message, error)
                if not isinstance(error, _ANSWERS):
                    _close(server)
                    server = None
                yield _judged(message, error)
            else:
                yield Sent(message, Fate.SENT)
    finally:
        _close(server)


_ANSWERS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError)
"""What the server said while the connection stays usable."""


def _judged(message: Message, error: OSError) -> Sent:
    """Say whether trying again may help: not when the server refused this address or this text for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        final = all(status >= 500 for status, _ in error.recipients.values())
    elif isinstance(error, smtplib.SMTPSenderRefused):
        final = False  # the sender is ours and the same for all mail: the settings are wrong, not the message
    elif isinstance(error, smtplib.SMTPResponseException):
        final = error.smtp_code >= 500
    else:
        final = isinstance(error, smtplib.SMTPNotSupportedError)
    return Sent(message, Fate.FAILED, NOT_TAKEN) if final else Sent(message, Fate.AGAIN, AWAY)


def _log(message: Message, error: OSError) -> None:
    # The server's own words may repeat the address, so only the kind of error goes into the log.
    log.warning("mail.not_sent", message=message.pk, error=type(error).__name__)


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(OSError):
            server.quit()
        server.close()


def compose(message: Message) -> EmailMessage:
    """Return the mail as it goes out. Raises ValueError for what no header can carry, as an address of two lines."""
    sender = config().smtp_sender
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.pk}.{message.token}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail.set_content(message.body)  # drops earlier Content headers, so the language comes after it
    mail["Content-Language"] = message.language
    return mail


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
