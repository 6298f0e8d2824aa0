"""Is a mistake in a table of settings said in words that an engineer can mend it by?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.network.profile_server import write_settings
from tests.network.test_es2plus_settings import problems as server_problems
from tests.support.rsp import Pki
from tojimari.network.elements import check
from tojimari.network.elements.instances import BadElements
from tojimari.network.elements.tmf640.settings import OwnSettings
from tojimari.network.misread import problems

PLATFORM = '[oss]\nkind = "tmf640"\nendpoint = "https://oss.example"\n'


def told(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadElements) as bad:
        check(path)
    return bad.value.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[hss]\nkind = "pyhss"\nendpoint = "http://10.0.0.1:8080"\nhome_realms = "epc"\n',
            '[hss] home_realms: write a list: ["…", "…"]',
        ),
        (f"{PLATFORM}rate = 20\n{{}}", "[oss] rate: there is no such key; did you mean rate_per_second?"),
        (f"{PLATFORM}concurrency = 0\n{{}}", "[oss] concurrency: must be 1 at least"),
        (f'{PLATFORM}concurrency = "many"\n{{}}', "[oss] concurrency: write a whole number"),
        (f"{PLATFORM}breaker = 5\n{{}}", "[oss] breaker: write it as a table: [oss.breaker]"),
        (f'{PLATFORM}whole_list = "perhaps"\n{{}}', "[oss] whole_list: write true or false"),
        (PLATFORM, "[oss] scopes: is missing"),
        (f"{PLATFORM}[oss.scopes]\n", "[oss] scopes: must not be empty"),
        (
            f'{PLATFORM}[oss.scopes.roaming]\nid = "x-{{imsi}}"\ncharacterstic = "roaming"\n',
            "[oss] scopes.roaming.characterstic: there is no such key; did you mean characteristic?",
        ),
    ],
)
def test_it_says_what_to_write(tmp_path: Path, text: str, problem: str) -> None:
    scopes = '[oss.scopes.roaming]\nid = "x-{imsi}"\n'
    assert told(tmp_path / "elements.toml", text.replace("{}", scopes)) == [problem]


def test_a_key_that_resembles_none_is_told_with_all_that_there_are(tmp_path: Path) -> None:
    (problem,) = told(tmp_path / "e.toml", '[east]\nkind = "osmohlr"\nhost = "a"\nxyz = 1\n')
    assert problem.startswith("[east] xyz: there is no such key; there are breaker, concurrency, ")
    assert "host" in problem


def test_no_value_is_repeated() -> None:
    given = {
        "endpoint": "secret://x",
        "scopes": "secret",
        "token_file": 5,
        "whole_list": "secret",
    }
    with pytest.raises(ValidationError) as error:
        OwnSettings.model_validate(given)
    said = problems("oss", error.value, OwnSettings)
    assert len(said) == len(given)
    assert "secret" not in " ".join(said)


def test_a_profile_servers_missing_files_are_told_beside_a_mistyped_key(tmp_path: Path, pki: Pki) -> None:
    file = tmp_path / "servers.toml"
    write_settings(
        file, "tabi", pki, 1, endpoint="https://smdp.example/gsma/rsp2", client_key="no.key", final_state="Available"
    )
    assert server_problems(file, file.read_text()) == [
        f"[smdp] client_key: {tmp_path / 'no.key'} is no file",
        "[smdp] endpoint: leave out what begins with /gsma: it is put behind",
        "[smdp] final_state: there is no such key; did you mean final_status?",
    ]
