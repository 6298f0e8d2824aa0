"""What does our mail say to a member of staff who was given a place, or whose sign-in was reset?

Only mail to staff carries a link to a password, since only staff have one; it is good once and for a day.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.texts import Written, tag


def invited(language: str, *, carrier: str, hotline: str, link: str, by_company: bool) -> Written:
    """A new account. With `by_company` they sign in by their company's own sign-in and need no password."""
    with override(tag(language)):
        return _written(
            language,
            _("Your place at the desk (%(carrier)s)") % {"carrier": carrier},
            _("Your administrator has made an account for you."),
            *_ways(link, by_company),
            _("If you do not know what this is about, you need do nothing."),
            carrier,
        )


def added(language: str, *, carrier: str, hotline: str, link: str, by_company: bool) -> Written:
    """Another place for an account that there is already. It keeps its password and second factor."""
    with override(tag(language)):
        return _written(
            language,
            _("Your place at the desk (%(carrier)s)") % {"carrier": carrier},
            _("Your administrator has given you a place at this carrier, too."),
            _("Sign in there as you are used to: %(link)s") % {"link": link},
            _("If you do not know what this is about, you need do nothing."),
            carrier,
        )


def reset(language: str, *, carrier: str, hotline: str, link: str, by_company: bool) -> Written:
    """Password and second factors were taken away. Whoever did not ask for that must learn of it at once."""
    with override(tag(language)):
        return _written(
            language,
            _("Your sign-in was reset (%(carrier)s)") % {"carrier": carrier},
            _("Your administrator has taken your password, passkeys and authenticator app away. You are signed out."),
            *_ways(link, by_company),
            _("If you did not ask for this, tell your administrator at once: %(number)s") % {"number": hotline}
            if hotline
            else _("If you did not ask for this, tell your administrator at once."),
            carrier,
        )


TEXTS: dict[str, Callable[..., Written]] = {"invited": invited, "added": added, "reset": reset}


def _ways(link: str, by_company: bool) -> tuple[str, ...]:
    if by_company:
        return (_("Sign in with your company account: %(link)s") % {"link": link},)
    return (
        _("Choose a password (at least 12 characters): %(link)s") % {"link": link},
        _("The link is good once, and for 24 hours. After that your administrator can send you a new one."),
        _("Then sign in and set up a passkey or an authenticator app. The desk opens after that."),
    )


def _written(language: str, subject: str, *paragraphs: str) -> Written:
    # A name from a carrier's own data must not break a header into two.
    return Written(tag(language), " ".join(subject.split()), "\n\n".join(filter(None, paragraphs)) + "\n")
