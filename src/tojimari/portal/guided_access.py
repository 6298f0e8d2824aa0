"""Who may see a case at another carrier? Whoever has shown its saved code, or the link of a mail about it.

Nobody signs in, and there is nothing to sign in to. What was opened is remembered in the session on the server for
twelve hours; the page runs where the database shows this one case and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tojimari.terminations.guided.fence import inside
from tojimari.terminations.guided.queries import found_case
from tojimari.terminations.references import normalised

OPEN_FOR = timedelta(hours=12)
MOST = 5
"""Cases that one browser keeps open; the oldest is forgotten for the next."""
_KEY = "guided"


def let_in(request: HttpRequest, reference: str, *, at: datetime) -> None:
    """Remember that this browser has opened the case. The session gets a new key, so a planted one is worth nothing."""
    request.session.cycle_key()
    opened = {**opened_now(request, at=at), reference: at.isoformat()}
    request.session[_KEY] = dict(list(opened.items())[-MOST:])


def opened_now(request: HttpRequest, *, at: datetime) -> dict[str, str]:
    """Return the references that are open in this browser, with when they were opened."""
    kept: dict[str, str] = request.session.get(_KEY, {})
    return {name: since for name, since in kept.items() if at - datetime.fromisoformat(since) < OPEN_FOR}


def forget(request: HttpRequest, reference: str) -> None:
    """Close the case in this browser."""
    kept = dict(request.session.get(_KEY, {}))
    kept.pop(reference, None)
    request.session[_KEY] = kept


def guided_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page of one guided case, as `view(request, case, ...)`, to the browser that has opened it.

    Others are led to the page where one opens a case, whether there is such a case or not.
    """

    @wraps(view)
    def guarded(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        reference = normalised(reference)
        if reference not in opened_now(request, at=timezone.now()):
            after = request.get_full_path() if request.method == "GET" else ""
            query = f"?{urlencode({'next': after})}" if after else "?"
            return HttpResponseRedirect(reverse("portal:guided_find") + query)
        with inside(reference):
            case = found_case(reference)
            if case is None:  # deleted meanwhile, perhaps from another phone
                forget(request, reference)
                return redirect("portal:guided_gone")
            response = view(request, case, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    guarded.opens_to = "guided"  # type: ignore[attr-defined]  # read by the test that walks every address
    return guarded
