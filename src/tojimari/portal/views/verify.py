"""How does anybody check a certificate, and with which keys?

By handing in the file or its PDF, or by the address in the code on the paper. Nobody signs in for it, nothing of it is
kept, and a few checks at a time are done in each process. Whether it is genuine, `proofs` decides; here it gets words.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.money.words import CHARGES
from tojimari.portal.forms_verify import CertificateForm
from tojimari.privacy.words import ITEMS
from tojimari.proofs import words
from tojimari.proofs.keys import public_keys
from tojimari.proofs.models import Addendum, Certificate
from tojimari.proofs.paper import digest_of
from tojimari.proofs.paper_facts import Names, Sections, sections, verdict
from tojimari.proofs.paper_file import check_paper, is_paper
from tojimari.proofs.queries import bundle
from tojimari.proofs.records import check_record, is_record
from tojimari.proofs.verification import Finding, TrustedKey, trusted_keys
from tojimari.proofs.verification import verify as check_file
from tojimari.terminations.references import normalised

AT_ONCE = 4
"""How many checks one process does at the same moment."""

_places = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one file. `sections` is what was signed, for a file that is genuine."""

    valid: bool
    why: str = ""
    way_on: str = ""
    code: str = ""
    entry: int = 0
    verdict: str = ""
    simulated: bool = False
    paper: bool = False
    sealed: bool = False
    newer: str = ""
    newer_way_on: str = ""
    sections: Sections = field(default_factory=list)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Take a certificate and say whether it is genuine, why not, and what it proves."""
    form = CertificateForm(request.POST, request.FILES) if request.method == "POST" else CertificateForm()
    if not form.is_valid():
        return _page(request, form, None)
    if not _places.acquire(blocking=False):
        form.add_error("file", gettext("Many certificates are being checked now. Try again in a minute."))
        return _page(request, form, None, status=503)
    try:
        answer = judged(form.cleaned_data["file"])
    finally:
        _places.release()
    return _page(request, CertificateForm(), answer)


@never_cache
@require_safe
def verify_paper(request: HttpRequest, reference: str, digest: str) -> HttpResponse:
    """Answer the code on a paper: the certificate with this reference and digest, checked anew, or that there is none.

    A wrong digest is answered as an unknown reference is, so nobody can try out which cases there are.
    """
    found = Certificate.objects.filter(reference=normalised(reference)).first()
    if found is None or not hmac.compare_digest(digest_of(found.jws).encode(), digest.lower().encode()):
        return _page(request, CertificateForm(), _refused("certificate.unknown"), status=404)
    data = json.dumps(bundle(found.reference)).encode()
    return _page(request, CertificateForm(), judged(data))


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of this installation as a JWK Set (RFC 7517). They are meant to be copied and kept."""
    return JsonResponse(public_keys(), json_dumps_params={"indent": 2})


def judged(data: bytes) -> Answer:
    """Check a file with the keys of this installation, and say what was found in the active language."""
    trusted = trusted_keys(json.dumps(public_keys()).encode())
    if is_paper(data):
        return _of_paper(data, trusted)
    if is_record(data):
        record = check_record(data, trusted)
        return _refused("record.what" if record.genuine else record.code)
    found = check_file(data, trusted)
    return _genuine(found) if found.valid else _refused(found.code, found.number)


def _of_paper(data: bytes, trusted: Mapping[str, TrustedKey]) -> Answer:
    found = check_paper(data, trusted)
    if found.valid:
        return _genuine(found.file, paper=True, sealed=found.sealed)
    if not found.file.valid:
        return _refused(found.code, found.file.number)
    return _refused(found.code, said=_sections(found.file))


def _genuine(found: Finding, *, paper: bool = False, sealed: bool = False) -> Answer:
    said = found.statement
    return Answer(
        True,
        verdict=verdict(said),
        simulated=said.get("simulated") is True,
        paper=paper,
        sealed=sealed,
        newer=gettext(words.TEXTS["addendum.newer"]) if _has_more(found) else "",
        newer_way_on=gettext(words.way_on("addendum.newer")),
        sections=_sections(found),
    )


def _has_more(found: Finding) -> bool:
    """Whether something was added to this certificate that the file does not have: it was saved before, or cut."""
    reached = found.addendum.get("chain", {}).get("events", 0)
    return Addendum.objects.filter(reference=found.statement["reference"], events__gt=reached).exists()


def _refused(code: str, entry: int = 0, said: Sections | None = None) -> Answer:
    why = gettext(words.TEXTS[code])
    return Answer(False, why=why, way_on=gettext(words.way_on(code)), code=code, entry=entry, sections=said or [])


def _sections(found: Finding) -> Sections:
    events: Any = found.statement["chain"]["events"]
    proof = {"key": found.kid, "history": str(events)}
    return sections(found.statement, proof, Names(CHARGES, ITEMS), found.addendum)


def _page(request: HttpRequest, form: CertificateForm, answer: Answer | None, *, status: int = 200) -> HttpResponse:
    facts = {"form": form, "answer": answer}
    return render(request, "portal/verify.html", facts, status=400 if form.errors and status == 200 else status)
