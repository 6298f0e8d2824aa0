"""What does a person see when a page cannot be shown, and where do they go from there?

Every error page says what happened, what to do, and whom to ask, in the reader's language; never a detail of the
inside. When even the page itself cannot be made, a plain one without any part that could fail is sent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tojimari.portal.views.outage import outage

log = structlog.get_logger(__name__)

_TEXTS: dict[int, tuple[Promise, Promise, Promise]] = {
    400: (
        _("The page did not understand this request"),
        _("Something in the address or the form was not as expected."),
        _("Go back, load the page again and try once more."),
    ),
    403: (
        _("This page is not open to you"),
        _("The page was open for too long, or you have not been given access to it."),
        _("Load the page again. If that does not help, sign in again."),
    ),
    404: (
        _("There is no such page here"),
        _("The address is wrong, or it belongs to somebody else's line."),
        _("Start from your lines: everything that is yours is listed there."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It is not your mistake. What you had already confirmed is kept, with its time."),
        _("Try again in a few minutes."),
    ),
}

_NOT_AT_THE_DESK = (
    _("The address is wrong, or it belongs to another carrier or shop."),
    _("Find the case by its reference, or begin with what waits."),
)
"""What the page of 404 says to staff, who have no lines of their own to start from."""

_LAST_RESORT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Error</title>
<h1>Something went wrong on our side</h1><p>Try again in a few minutes. <a href="/">To the first page</a></p>
<h1 lang="ja">システムにエラーが発生しました</h1>
<p lang="ja">数分後にもう一度お試しください。<a href="/">トップページへ</a></p>
<h1 lang="zh-Hans">系统出了问题</h1><p lang="zh-Hans">请过几分钟再试。<a href="/">返回首页</a></p>
<h1 lang="zh-Hant">系統發生問題</h1><p lang="zh-Hant">請過幾分鐘再試。<a href="/">返回首頁</a></p></html>"""


def _page(request: HttpRequest, status: int) -> HttpResponse:
    heading, what, way_on = _TEXTS[status]
    for_staff = request.path.startswith("/desk/")
    if for_staff and status == HTTPStatus.NOT_FOUND:
        what, way_on = _NOT_AT_THE_DESK
    facts = {"heading": heading, "what": what, "way_on": way_on, "code": status, "for_staff": for_staff}
    try:
        return render(request, "error.html", facts, status=status)
    except Exception:
        log.exception("error_page_failed", status=status)
        return HttpResponse(_LAST_RESORT, status=status)


def _handler(status: HTTPStatus) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return _page(request, status)

    return handler


bad_request = _handler(HTTPStatus.BAD_REQUEST)
permission_denied = _handler(HTTPStatus.FORBIDDEN)
page_not_found = _handler(HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. When it is the database that does not answer, the request is taken all the same."""
    # Django calls this while the exception is being handled, and hands it on in no other way.
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        log.error("database.away", path=request.path, error=repr(sys.exception()))
        try:
            return outage(request)
        except Exception:
            log.exception("outage_page_failed")
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or came from elsewhere: same page as any other refusal."""
    log.warning("csrf_refused", reason=reason)
    return _page(request, HTTPStatus.FORBIDDEN)
