"""Does the browser itself let staff go to their carrier's own sign-in and back under our policy?"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User

from tests.browser.conftest import Open
from tests.browser.test_pages import problems
from tests.support import provider as providers
from tojimari.desk.models import Membership
from tojimari.lines.models import Line
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.providers import Provider

pytestmark = pytest.mark.browser


def test_staff_go_to_their_carriers_sign_in_and_out_again(
    visit: Open, people: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = people[0].carrier
    user = User.objects.create_user("mei", "mei@tabi.example", first_name="芽衣", last_name="田中")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with every_carrier():
        Membership.objects.create(user=user, carrier=carrier, role="admin")
    with providers.running() as provider:
        told = {"issuer": provider.issuer, "client_id": providers.CLIENT, "client_secret": providers.SECRET}
        real = config().model_copy(update={"oidc": {carrier.slug: Provider.model_validate(told)}})
        monkeypatch.setattr("tojimari.desk.single_sign_on.config", lambda: real)
        provider.person = {"sub": "mei-1", "email": "mei@tabi.example", "email_verified": True}
        window = visit("ja", width=320)
        button = 'form[action="/staff/oidc/login/"] button'
        window.go("/desk/")
        assert problems(window, "ja") == []
        window.page.click(button)
        window.page.wait_for_url("**/desk/")
        window.page.click('nav form[action="/staff/logout/"] button')
        window.page.wait_for_url("**/staff/oidc/signed-out/")
        assert problems(window, "ja") == []
        assert window.page.get_attribute("main a.button", "href", strict=False).startswith(provider.issuer)  # type: ignore[union-attr]
        provider.claims = {"aud": "somebody-else"}
        window.go("/staff/login/")
        window.page.click(button)
        window.page.wait_for_selector("h1")
        assert problems(window, "ja") == []
        assert window.trouble == [one for one in window.trouble if "403" in one]
