"""What becomes of an element by HTTP whose secret cannot be read, or that does not say that it is well?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.network.site_pyhss import HssSite
from tests.support.hlr import batch
from tests.support.pyhss import HOME_REALM
from tojimari.network.elements.pyhss.element import PyHss
from tojimari.network.elements.pyhss.settings import OwnSettings
from tojimari.network.rest import Answer, Client, Door, sign_of_life


def test_with_a_secret_that_is_gone_nothing_is_sent_and_the_reason_says_so(hss: HssSite, tmp_path: Path) -> None:
    line = hss.line()
    key = tmp_path / "key"
    key.write_text("open", encoding="utf-8")
    settings = OwnSettings(endpoint=hss.hss.endpoint, home_realms=(HOME_REALM,), provisioning_key_file=key)
    element = PyHss(settings)
    for good in (b"open\n", b"\xef\xbb\xbfopen\r\n"):  # as Windows writes a text
        key.write_bytes(good)
        assert element.trouble() == ""
        assert hss.hss.heard[-1].headers["Provisioning-Key"] == "open"
    for text in (b"\xff\xfe", "開".encode(), b"two\nlines", None):  # no text, no header, and then no file
        key.unlink() if text is None else key.write_bytes(text)
        heard = len(hss.hss.heard)
        assert element.trouble() == f"network.files_missing {hss.hss.endpoint}"
        (outcome,) = element.inspect(batch(line, name="inspect", scope="roaming"))
        assert (outcome.result, outcome.code) == ("again", "network.files_missing")
        assert len(hss.hss.heard) == heard


def test_an_answer_that_is_not_what_was_hoped_for_is_no_sign_of_life(hss: HssSite) -> None:
    settings = OwnSettings(endpoint=hss.hss.endpoint, home_realms=(HOME_REALM,))

    def never(answer: Answer) -> bool:
        assert answer.ok
        return False

    said = sign_of_life(settings, "/apn/list?page=0&page_size=1", well=never)
    assert said == f"network.unexpected_answer {hss.hss.endpoint}"


@pytest.mark.parametrize(
    "href", ["http://[", "http://[::1/x", "//[", "https://127.0.0.1:1/api/monitor/1", "/other/monitor/1"]
)
def test_an_address_that_is_none_or_leads_elsewhere_has_no_path(href: str) -> None:
    with Client(Door("http://127.0.0.1:1/api")) as client:
        assert client.path_of(href) == ""
        assert client.path_of("monitor/1") == "/monitor/1"
