"""Are identity providers of carriers read as an operator writes them, and is what is wrong told without a secret?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tojimari.platform.config import ConfigError, is_secret, read
from tojimari.platform.providers import origin_of, safe_address

TABI = """
[tabi]
issuer = "https://login.tabi.example/realms/staff"
client_id = "tojimari"
client_secret = "hush"
"""


def problems(document: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read({"TOJIMARI_OIDC": document})
    return caught.value.problems


def test_without_the_setting_nobody_outside_is_asked() -> None:
    assert read({}).oidc == {}


def test_each_carrier_has_its_own_provider_and_the_file_may_hold_them_all(tmp_path: Path) -> None:
    file = tmp_path / "oidc.toml"
    more = 'second_factor_amr = ["mfa"]\nown_domains = ["Tabi.example"]\nalso_at = ["https://adfs.tabi.example"]\n'
    other = TABI.replace("tabi", "tonari")
    file.write_text(TABI + more + other, encoding="utf-8")
    found = read({"TOJIMARI_OIDC_FILE": str(file)}).oidc
    assert set(found) == {"tabi", "tonari"}
    assert found["tabi"].second_factor_amr == ("mfa",)
    assert found["tabi"].own_domains == ("tabi.example",)
    assert found["tabi"].origins == ("https://login.tabi.example", "https://adfs.tabi.example")
    assert found["tonari"].second_factor_amr == found["tonari"].second_factor_acr == ()


def test_everything_that_is_wrong_is_told_at_once_with_its_carrier() -> None:
    found = problems(
        '[tabi]\nissuer = "http://login.example"\nclient_id = ""\nclient_secert = "hush"\n'
        + '[tonari]\nissuer = "https://login.example/?x=1"\nclient_id = "a"\nclient_secret = "hush"\n'
        + 'also_at = ["https://login.example/path"]\nown_domains = ["mei@tonari.example"]\n'
    )
    assert [problem.split(":")[0] for problem in found] == [
        "TOJIMARI_OIDC, tabi issuer",
        "TOJIMARI_OIDC, tabi client_id",
        "TOJIMARI_OIDC, tabi client_secret",
        "TOJIMARI_OIDC, tabi client_secert",
        "TOJIMARI_OIDC, tonari issuer",
        "TOJIMARI_OIDC, tonari own_domains 0",
        "TOJIMARI_OIDC, tonari also_at 0",
    ]


@pytest.mark.parametrize("document", ["hush", 'tabi = "hush"', TABI.replace('"hush"', "hush"), TABI + "x = hush"])
def test_no_problem_repeats_a_secret(document: str) -> None:
    assert "hush" not in "".join(problems(document))


def test_the_whole_setting_is_a_secret() -> None:
    assert is_secret("oidc")
    assert "hush" not in repr(read({"TOJIMARI_OIDC": TABI}))


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example", True),
        ("https://login.example:8443/a?b=c", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://login.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://me:hush@login.example", False),
        ("https://login.example/#x", False),
        ("javascript:alert(1)", False),
        ("//login.example", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_secrets_go_by_https_or_stay_on_this_machine(address: str, safe: bool) -> None:
    assert safe_address(address) is safe


def test_an_origin_has_scheme_host_and_port() -> None:
    assert origin_of("https://login.example:8443/a/b") == "https://login.example:8443"


def test_who_signs_in_by_the_provider_alone_is_named_with_the_account_for_emergencies() -> None:
    assert read({}).sso_only == {}
    found = read({"TOJIMARI_SSO_ONLY": "tabi = Keeper@tabi.example, hoshi"}).sso_only
    assert found == {"tabi": "keeper@tabi.example", "hoshi": ""}
    for wrong in ("tabi=yes", "=keeper@tabi.example", "tabi="):
        with pytest.raises(ConfigError):
            read({"TOJIMARI_SSO_ONLY": wrong})
