"""Are the settings of profile servers checked whole, and does each profile go to its own server?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.network.profile_server import forget, write_settings
from tests.support.rsp import Pki
from tojimari.network.elements.es2plus.settings import BadSettings, provider_for, providers, read


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as bad:
        read(path)
    return bad.value.problems


def test_every_mistake_is_told_at_once(tmp_path: Path, pki: Pki) -> None:
    file = tmp_path / "servers.toml"
    write_settings(file, "tabi", pki, 1, endpoint="http://plain.example", requester="me", final_status="Burnt")
    told = problems(file, file.read_text() + 'extra = "x"\n')
    assert [problem.split(":")[0] for problem in told] == [
        "[smdp] endpoint",
        "[smdp] requester",
        "[smdp] final_status",
        "[smdp] points.extra.[key]",
        "[smdp] points.extra",
    ]


def test_files_that_are_not_there_and_secrets_that_are_too_short_are_told(tmp_path: Path, pki: Pki) -> None:
    file = tmp_path / "servers.toml"
    (tmp_path / "short").write_text("abc", encoding="utf-8")
    write_settings(file, "tabi", pki, 1, client_key="no.key", ci=["no.pem"], notice_secret_file="short")
    told = problems(file, file.read_text())
    assert [problem.partition(": ")[0] for problem in told] == [
        "[smdp] client_key",
        "[smdp] ci",
        "[smdp] notice_secret_file",
    ]
    assert "abc" not in " ".join(told)


@pytest.mark.parametrize("text", ["", "x = 1\n", "[smdp\n"])
def test_a_file_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path / "servers.toml", text)


def test_a_certificate_without_a_proxy_to_vouch_for_it_is_refused(tmp_path: Path, pki: Pki) -> None:
    file = tmp_path / "servers.toml"
    write_settings(file, "tabi", pki, 1, notice_certificates=["a" * 64])
    assert problems(file, file.read_text()) == ["[smdp] proxies: name the proxy whose word on certificates is believed"]


def test_the_longest_prefix_decides_and_no_carrier_gets_anothers_server(
    tmp_path: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = []
    for name, carrier, prefixes in (("a", "tabi", []), ("b", "tabi", ["8981", "898199"]), ("c", "tonari", ["8981"])):
        write_settings(tmp_path / "one.toml", carrier, pki, 1, iccid=prefixes)
        parts.append((tmp_path / "one.toml").read_text().replace("[smdp", f"[{name}"))
    file = tmp_path / "servers.toml"
    file.write_text("\n".join(parts), encoding="utf-8")
    monkeypatch.setenv("TOJIMARI_ES2PLUS", str(file))
    forget()
    found = [provider_for(*one) for one in (("tabi", "8985"), ("tabi", "8981"), ("tonari", "8981"), ("tonari", "8985"))]
    assert [one.name if one else None for one in found] == ["a", "b", "c", None]
    assert problems(file, "\n".join([*parts, parts[1].replace("[b", "[d")])) == [
        "[d] iccid: [b] claims ICCIDs that begin with 8981 of tabi as well",
        "[d] iccid: [b] claims ICCIDs that begin with 898199 of tabi as well",
    ]
    monkeypatch.delenv("TOJIMARI_ES2PLUS")
    forget()
    assert providers() == {}
