"""Are settings read as an operator writes them, and is everything that is wrong with them said at once?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tojimari.platform import config as module
from tojimari.platform.config import ConfigError, fields, is_secret, name_of, read
from tojimari.platform.own_hlr import own_hlr_file


def problems(**environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(environ)
    return caught.value.problems


def test_an_empty_environment_is_enough() -> None:
    config = read({})
    assert (config.bind, config.port, config.network, config.debug) == ("127.0.0.1", 8000, "simulated", False)
    assert config.database_url is None


def test_reads_names_with_the_prefix_and_the_two_plain_ones() -> None:
    config = read(
        {
            "PORT": "9000",
            "DATABASE_URL": "postgresql://me:hush@db/tojimari",
            "TOJIMARI_OSMOHLR_HOST": "127.0.0.2",
            "TOJIMARI_HOSTS": "a.example, b.example,",
            "TOJIMARI_DEBUG": "yes",
            "UNRELATED": "left alone",
        }
    )
    assert (config.port, config.network, config.debug) == (9000, "osmohlr", True)
    assert config.hosts == ["a.example", "b.example"]
    assert config.database_url is not None
    assert config.database_url.get_secret_value() == "postgresql://me:hush@db/tojimari"


def test_the_more_exact_name_wins() -> None:
    assert read({"PORT": "9000", "TOJIMARI_PORT": "9001"}).port == 9001


def test_an_empty_value_is_not_set() -> None:
    assert read({"PORT": "", "TOJIMARI_OSMOHLR_HOST": ""}).osmohlr_host is None


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n", encoding="ascii")
    key = read({"TOJIMARI_SECRET_KEY_FILE": str(file)}).secret_key
    assert key is not None
    assert key.get_secret_value() == "k" * 40


def test_a_value_and_a_file_for_it_contradict_each_other(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 40, encoding="ascii")
    assert problems(TOJIMARI_SECRET_KEY_FILE=str(file), TOJIMARI_SECRET_KEY="j" * 40) == [
        "TOJIMARI_SECRET_KEY_FILE: TOJIMARI_SECRET_KEY is set as well. Keep one of the two."
    ]


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = problems(
        PORT="eighty",
        TOJIMARI_PROT="9000",
        TOJIMARI_SMTP_PASSWORD_FILE=str(tmp_path / "nowhere"),
        TOJIMARI_SECRET_KEY="short",
        DATABASE_URL="postgresql://me:hush@db/",
    )
    assert [problem.split(":")[0] for problem in sorted(found)] == [
        "DATABASE_URL",
        "PORT",
        "TOJIMARI_PROT",
        "TOJIMARI_SECRET_KEY",
        "TOJIMARI_SMTP_PASSWORD_FILE",
    ]


@pytest.mark.parametrize(
    "url", ["postgresql://me:hush hush@db:x/y", "host=db password='hush", "postgresql://me:hush@db/"]
)
def test_no_problem_repeats_a_secret(url: str) -> None:
    text = str(problems(DATABASE_URL=url, TOJIMARI_SECRET_KEY="hush"))
    assert "hush" not in text


def test_no_setting_shows_its_secret() -> None:
    config = read({"DATABASE_URL": "postgresql://me:hush@db/tojimari", "TOJIMARI_SMTP_PASSWORD": "hush"})
    assert "hush" not in repr(config)
    assert is_secret("smtp_password")
    assert is_secret("database_url")
    assert not is_secret("port")


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in fields().items():
        assert field.description, name
        assert field.description.endswith("."), name
    assert name_of("port") == "PORT"
    assert name_of("bind") == "TOJIMARI_BIND"


def test_roots_data_lies_where_its_servers_can_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert module.default_home() == Path("/var/lib/tojimari")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert module.default_home() == Path("/data/tojimari")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/mei")
    assert module.default_home() == Path("/home/mei/.local/share/tojimari")


def test_a_process_with_wrong_settings_ends_with_2_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tojimari", "up"],
        env={"PATH": os.environ["PATH"], "PORT": "0", "TOJIMARI_COLOUR": "red"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "PORT: " in done.stderr
    assert "TOJIMARI_COLOUR: there is no such setting" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_in_another_shell_meets_the_hlr_that_is_running(tmp_path: Path) -> None:
    environ = {"TOJIMARI_HOME": str(tmp_path)}
    assert read(environ).network == "simulated"
    running = own_hlr_file(tmp_path)
    running.parent.mkdir()
    running.write_text("127.0.0.9\n")
    assert (read(environ).network, read(environ).osmohlr_host) == ("osmohlr", "127.0.0.9")
    assert read(environ | {"TOJIMARI_OSMOHLR_HOST": "10.0.0.1"}).osmohlr_host == "10.0.0.1"


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "127.0.0", "localhost", "::1"])
def test_an_hlr_of_our_own_listens_on_this_machine_alone(host: str) -> None:
    assert read({}).osmohlr_own_host == "127.0.0.1"
    with pytest.raises(ConfigError, match=r"TOJIMARI_OSMOHLR_OWN_HOST: .*127"):
        read({"TOJIMARI_OSMOHLR_OWN_HOST": host})
