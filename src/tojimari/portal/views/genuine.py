"""How does a person know that this site, or a link they were sent, is their carrier's own?

What they paste is read and answered, never opened, never looked up and never kept.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tojimari.lines.reach import official_hosts
from tojimari.portal.forms_ask import LinkForm
from tojimari.portal.tenancy import carrier_of
from tojimari.rules.links import check


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def genuine(request: HttpRequest) -> HttpResponse:
    """The carrier's own names, how to read an address, what is never asked for, and a field to paste a link into."""
    carrier = carrier_of(request)
    hosts = official_hosts(carrier) if carrier.hosts else [request.get_host(), *official_hosts(carrier)]
    form, verdicts = LinkForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        verdicts = check(form.cleaned_data["text"], hosts)
        if not verdicts:
            form.add_error("text", str(LinkForm.NO_ADDRESS))
    return render(request, "portal/genuine.html", {"form": form, "verdicts": verdicts, "hosts": hosts})
