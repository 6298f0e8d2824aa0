"""Does the log ever hold somebody's number, a secret, or a one-time code?"""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from tojimari.platform.logging import configure, mask


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What reaches standard error, as a machine would read it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    output = io.StringIO()
    monkeypatch.setattr("sys.stderr", output)
    configure({"level": "debug", "terminal": False})
    yield output
    root.handlers[:], root.level = handlers, level


def only_line(output: io.StringIO) -> dict[str, Any]:
    (line,) = output.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_numbers_keep_their_last_four_digits(written: io.StringIO) -> None:
    structlog.get_logger("a").info(
        "line 819012345678 closed",
        imsi=440101234567890,
        nested={"iccid": ["8981100023456789012F"]},
        attempt=3,
        took=0.25,
        ok=True,
    )
    line = only_line(written)
    assert line["event"] == "line …5678 closed"
    assert line["imsi"] == "…7890"
    assert line["nested"] == {"iccid": ["…9012F"]}
    assert (line["attempt"], line["took"], line["ok"]) == (3, 0.25, True)
    assert line["logger"] == "a"
    assert line["timestamp"].endswith("Z")


def test_lines_of_libraries_and_tracebacks_are_masked_too(written: io.StringIO) -> None:
    try:
        raise LookupError("no subscriber 440101234567890")
    except LookupError:
        logging.getLogger("library").exception("asked for %s", "819012345678")
    line = only_line(written)
    assert line["event"] == "asked for …5678"
    assert "…7890" in line["exception"]
    assert "440101234567890" not in written.getvalue()


@pytest.mark.parametrize("name", ["password", "smtp_password", "token", "Authorization", "ki", "opc", "secret"])
def test_secrets_are_left_out(written: io.StringIO, name: str) -> None:
    structlog.get_logger().info("sent", **{name: "hush"})
    assert only_line(written)[name] == "[hidden]"


def test_a_one_time_code_is_left_out_and_a_reason_code_stays(written: io.StringIO) -> None:
    structlog.get_logger().info("x", code="493012", reason_code="network.no_answer", status_code=503)
    line = only_line(written)
    assert (line["code"], line["reason_code"], line["status_code"]) == ("[hidden]", "network.no_answer", 503)


def test_an_identifier_of_ours_stays_whole() -> None:
    found = str(uuid.UUID("12345678-1234-4234-8234-123456789012"))
    assert mask(f"case {found}") == f"case {found}"
    assert mask(f"case {found} of 09012345678") == f"case {found} of …5678"
    assert mask("1234567") == "1234567"


@pytest.mark.parametrize("page", ["case", "guide/cases"])
def test_the_secret_of_a_link_in_a_mail_is_not_logged(page: str) -> None:
    said = mask(f"Not Found: /{page}/TJ-7K3M-9QXA-4C2T/open/k7m39qxa4c2t0vwx/?a=b")
    assert said == f"Not Found: /{page}/TJ-7K3M-9QXA-4C2T/open/[hidden]/?a=b"
