"""How does a person know that this site, or a link they were sent, is their carrier's own?

What they paste is read and answered, never opened, never looked up and never kept. Links of this carrier and of all
others in the directory are answered here alike.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tojimari.guide.directory import carriers
from tojimari.guide.links import judge
from tojimari.lines.reach import official_hosts
from tojimari.portal.forms_ask import LinkForm
from tojimari.portal.tenancy import carrier_of
from tojimari.rules.links import MOST_ADDRESSES


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def genuine(request: HttpRequest) -> HttpResponse:
    """The carrier's own names, how to read an address, what is never asked for, and a field to paste a link into."""
    carrier, language = carrier_of(request), get_language() or "en"
    hosts = official_hosts(carrier) if carrier.hosts else [request.get_host(), *official_hosts(carrier)]
    form, answers = LinkForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        pasted, name = form.cleaned_data["text"], carrier.name(language)
        answers = judge(pasted, carriers(), language=language, own_name=name, own_hosts=hosts)
        if not answers:
            form.add_error("text", str(LinkForm.NO_ADDRESS))
    facts = {"form": form, "answers": answers, "hosts": hosts, "most": MOST_ADDRESSES}
    return render(request, "portal/genuine.html", facts)
