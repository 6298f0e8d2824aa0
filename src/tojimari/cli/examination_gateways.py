"""Can mail and SMS leave by their gateways, and can payment providers tell what was paid?"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import replace

from tojimari.cli.examination import REACHED_WITHIN, Finding, missing, note, well
from tojimari.platform.config import config


def mail() -> Finding:
    host = config().smtp_host
    if host is None:
        return note("mail", "no mail server: messages are kept, and shown on the demo page", "Set TOJIMARI_SMTP_HOST.")
    password = config().smtp_password
    try:
        with smtplib.SMTP(host, config().smtp_port, timeout=REACHED_WITHIN) as server:
            if config().smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if config().smtp_user and password is not None:
                server.login(config().smtp_user or "", password.get_secret_value())
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return missing("mail", f"{host}:{config().smtp_port}: {error}", "Start it, or mend TOJIMARI_SMTP_...")
    return well("mail", f"{host}:{config().smtp_port} answers")


def sms() -> Finding:
    import asyncio

    from tojimari.messages.channels.smpp.session import NotLetIn, try_to_sign_in
    from tojimari.messages.channels.smpp.settings import Settings

    if config().smpp_host is None:
        return note("sms", "no SMS gateway: no SMS is sent", "Set TOJIMARI_SMPP_HOST.")
    where = f"{config().smpp_host}:{config().smpp_port}"
    try:
        asyncio.run(try_to_sign_in(replace(Settings.of(config()), connect_within=REACHED_WITHIN)))
    except NotLetIn as refused:
        found = f"{where} does not let us in (status {refused.status:#010x})"
        return missing("sms", found, "Check TOJIMARI_SMPP_SYSTEM_ID, _PASSWORD and _SYSTEM_TYPE.")
    except OSError as error:
        found = f"{where}: {type(error).__name__} {error}".strip()
        return missing("sms", found, "Start it, let this machine reach it, or mend TOJIMARI_SMPP_...")
    safe = "" if config().smpp_tls else ", not encrypted"
    return well("sms", f"{where} lets us in{safe}")


def payments() -> Finding:
    """The secrets are well-formed, or the settings would have been refused; here it is whose they are."""
    from tojimari.lines.models import Carrier

    secrets = config().payment_secrets
    carriers = set(Carrier.objects.values_list("slug", flat=True))
    if strangers := sorted(set(secrets) - carriers):
        return missing(
            "payments",
            f"secrets for {', '.join(strangers)}, and no such carrier",
            "Mend the name in TOJIMARI_PAYMENT_SECRETS.",
        )
    without = sorted(carriers - set(secrets))
    if not secrets:
        found = "no payment provider: money that comes is noted by staff, or with: tojimari lines paid"
        return note("payments", found, "Set TOJIMARI_PAYMENT_SECRETS.")
    two = [slug for slug, known in sorted(secrets.items()) if len(known) > 1]
    said = [f"providers of {', '.join(sorted(secrets))} are believed"]
    said += [f"two secrets for {', '.join(two)}: take the old one out once it is changed"] if two else []
    said += [f"none for {', '.join(without)}"] if without else []
    return well("payments", "; ".join(said))
