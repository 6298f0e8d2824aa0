"""How does the person get the closing form that they sign: on paper, or by mail? Either way the history says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tojimari.messages.waiting_texts import FormText
from tojimari.platform.acting import Acting
from tojimari.terminations import letters
from tojimari.terminations.closing_form import digest_of, forms_of
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import Termination


def mailed(*, case: Termination, acting: Acting, at: datetime) -> bool:
    """Send the form to the subscriber's own address; False when none is known. The same words go once a day."""
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        forms = [FormText(form.title, form.rows, form.declaration) for form in forms_of(case)]
        digest = digest_of(case)
        if not letters.closing_form(case, forms, digest=digest, at=at):
            return False
        cases.note(cases[case.pk], "form.mailed", actor=acting, at=at, words=digest)
        cases.save()
    return True


def printed(*, case: Termination, acting: Acting, at: datetime) -> None:
    """Note that the form was printed for the subscriber."""
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        cases.note(cases[case.pk], "form.printed", actor=acting, at=at, words=digest_of(case))
        cases.save()
