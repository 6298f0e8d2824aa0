"""What goes over the wire for one mail?

Text and HTML with the same words, marked as written by a machine, so that no absence note answers it. Every try of a
message is the same mail with the same Message-ID and Date: a second copy is recognised by whoever gets it. Where a key
is set it is signed (DKIM, RFC 6376), so that the reader's mail service sees that nobody changed a word.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache

import dkim  # type: ignore[import-untyped]  # the library has no annotations
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tojimari.messages.html import TAGS, as_html
from tojimari.messages.models import Message
from tojimari.platform.config import Config

ASCII = SMTP.clone(cte_type="7bit")
"""Nothing on the way needs to re-encode such a mail, so its signature stays right."""
SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"auto-submitted", b"mime-version", b"content-type",
    b"content-language",
)  # fmt: skip
"""Header fields that are signed. `From` is signed twice, so that none can be added (RFC 6376, 8.15)."""

_BOUNCE = re.compile(r"\+([0-9]{1,18})\.([0-9a-f]{16})@")


def compose(message: Message, settings: Config) -> EmailMessage:
    """Return the mail, not yet signed. Raises ValueError for what no header can carry, as an address of two lines."""
    mail = EmailMessage(policy=ASCII.clone(utf8=not message.to.isascii()))
    mail["From"] = settings.smtp_sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.pk}.{message.token}@{_domain(settings.smtp_sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail.set_content(message.body)  # drops earlier Content headers, so the language comes after it
    mail.add_alternative(as_html(message.subject, message.body, message.language), subtype="html")
    mail.set_boundary(f"=_{message.token}")
    mail["Content-Language"] = TAGS.get(message.language, message.language)
    return mail


def wire(message: Message, settings: Config) -> bytes:
    """Return the mail as it is handed over, signed where a key is set. Raises ValueError as `compose` does."""
    raw = compose(message, settings).as_bytes()
    if settings.dkim_key is None or not settings.dkim_domain:
        return raw
    header: bytes = dkim.sign(
        raw,
        settings.dkim_selector.encode(),
        settings.dkim_domain.encode("idna"),
        _rsa(settings.dkim_key.get_secret_value()),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[*SIGNED, b"from"],
    )
    return header + raw


def returns_to(message: Message, settings: Config) -> str:
    """Return the envelope's sender. Where bounces are read it names the message: each has an address of its own."""
    if settings.smtp_bounces is None:
        return parseaddr(settings.smtp_sender)[1]
    local, _, domain = settings.smtp_bounces.rpartition("@")
    return f"{local}+{message.pk}.{message.token}@{domain}"


def returned(address: str) -> tuple[int, str] | None:
    """Return the number and token of the message that such an address names; None for any other address."""
    found = _BOUNCE.search(address)
    return None if found is None else (int(found[1]), found[2])


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


@cache
def _rsa(pem: str) -> bytes:
    """The key in the one form that the library reads."""
    key = load_pem_private_key(pem.encode(), password=None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
