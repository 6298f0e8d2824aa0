"""What does the person sign at the counter? The facts of their case and a sentence, in their language and in Japanese.

The words are made from the case alone: while it stands as it stood, the digest that was kept with the signature can be
computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.costs import yen
from tojimari.messages.texts import end_moment, moment, tag
from tojimari.rules.canonical import canonical
from tojimari.rules.masking import last4
from tojimari.terminations.models import Termination

JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class ClosingForm:
    """The form in one language."""

    language: str
    title: str
    rows: Sequence[tuple[str, str]]
    declaration: str


def forms_of(case: Termination) -> list[ClosingForm]:
    """Return the form in the person's language and in Japanese; once where these are the same."""
    languages = dict.fromkeys((tag(case.language), JAPANESE))
    return [_form(case, language) for language in languages]


def digest_of(case: Termination) -> str:
    """Return the SHA-256 of every word of the form, as lower-case hex."""
    words = [
        {"title": form.title, "rows": [list(row) for row in form.rows], "declaration": form.declaration}
        for form in forms_of(case)
    ]
    return sha256(canonical(words)).hexdigest()


def _form(case: Termination, language: str) -> ClosingForm:
    line = case.line
    with override(language):
        rows = [
            (_("Reference"), case.reference),
            (_("Carrier"), case.carrier.name(language)),
            (_("Subscriber"), case.subscriber.name),
            (_("Phone number"), last4(line.msisdn) if line.msisdn else ""),
            (_("SIM card (ICCID)"), last4(line.iccid) if line.iccid else ""),
            (_("Requested"), moment(case.requested_at, language)),
            (_("The contract ends"), end_moment(case.ends_at, language)),
            (_("You pay"), yen(case.quote["total_yen"]) if "total_yen" in case.quote else ""),
        ]
        return ClosingForm(
            language,
            _("Request to end a mobile line"),
            [row for row in rows if row[1]],
            _("I ask to end the contract of this line. I have read what ends and what I pay."),
        )
