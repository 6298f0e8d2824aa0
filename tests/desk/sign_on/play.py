"""How does a browser of the tests go to the provider and come back?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client

from tests.desk.conftest import TABI
from tests.support.provider import Provider
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


BEGIN, CALLBACK = "/staff/oidc/login/", "/staff/oidc/callback/"

Register = Callable[..., None]


def member(carrier: Carrier, email: str = "mei@tabi.example", role: str = "lead") -> User:
    """Somebody with a place and no password."""
    user = User.objects.create_user(email, email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    with every_carrier():
        Membership.objects.create(user=user, carrier=carrier, role=role)
    return user


def browser(host: str = TABI) -> Client:
    return Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="en")


def asked(client: Client, **form: str) -> dict[str, str]:
    """Press the button, and return what the browser is sent to the provider with."""
    answer = client.post(BEGIN, form)
    assert answer.status_code == 302, answer.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def way_back(client: Client, provider: Provider, **form: str) -> str:
    """Go to the provider, and return the address that it sends the browser back to."""
    parts = urlsplit(provider.authorize(asked(client, **form)))
    assert (parts.netloc, parts.path) == (client.defaults["SERVER_NAME"], CALLBACK)
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, provider: Provider, **form: str) -> Answer:
    return client.get(way_back(client, provider, **form))


def refused(client: Client, answer: Answer) -> str:
    """The page of a refusal; nobody is signed in, and nothing was written."""
    assert answer.status_code == 403, answer.headers
    assert "_auth_user_id" not in client.session
    assert client.get("/desk/")["Location"].startswith("/staff/login/")
    assert not SocialAccount.objects.exists()
    return answer.content.decode()
