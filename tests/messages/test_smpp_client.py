"""Does the gateway understand us, and do we understand it, whatever it does to the connection?"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateway import PASSWORD, WITHIN, Smsc, running_smsc
from tojimari.messages.channels.smpp import pdu
from tojimari.messages.channels.smpp.client import Client, Said
from tojimari.messages.channels.smpp.pdu import Status
from tojimari.messages.channels.smpp.settings import Settings

JAPANESE = "トラベル:回線の解約を受け付けました。受付番号 T-2026-0001。" * 6
CHINESE = "您的线路注销申请已受理。😀" * 12
SOURCE = Settings("").source

Connect = Callable[..., Client]


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with running_smsc() as running:
        yield running


@pytest.fixture
def connect(smsc: Smsc) -> Iterator[Connect]:
    """Make a client for the gateway; all are closed at the end."""
    made: list[Client] = []

    def new(**changed: Any) -> Client:
        usual = Settings("127.0.0.1", smsc.port, "tabi", PASSWORD, rate=1000.0, waits_when_busy=(0.0, 0.0))
        made.append(Client(replace(usual, **changed)))
        return made[-1]

    yield new
    for one in made:
        one.close()


def bound(client: Client) -> Client:
    assert client.is_bound(WITHIN)
    return client


def send(client: Client, text: str, *, to: str = "819012345678", payload: bool = False) -> Said:
    parts = pdu.submits(text, to=to, source=SOURCE, reference=7, payload=payload)
    return client.submit(parts).result(WITHIN)


def test_what_is_said_from_signing_in_to_the_receipt(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    assert send(client, "Tabi: your code is 123456.") == Said(Status.ESME_ROK, ("1",))
    told = client.receipts.get(timeout=WITHIN)
    assert (told.receipt.gateway_id, told.receipt.state, told.receipt.error) == ("1", "DELIVRD", "000")
    assert told.receipt.number == "819012345678"
    client.acknowledge(told, kept=True)
    smsc.wait_for(lambda event: "receipt_taken" in event)
    client.close()
    smsc.wait_for(lambda event: "closed" in event)
    said = [event for event in smsc.events if "port" not in event]
    assert said == [
        {"bound": "tabi", "version": 0x34},
        {
            "submit": "1",
            "to": "819012345678",
            "ton": 1,
            "npi": 1,
            "from": "Tojimari",
            "from_ton": 5,
            "from_npi": 0,
            "text": "Tabi: your code is 123456.",
            "payload": False,
            "udh": "",
            "coding": 0,
            "registered": 1,
            "reference": 7,
            "validity": "",
        },
        {"receipt_taken": "1", "status": 0},
        {"closed": True},
    ]


@pytest.mark.parametrize(
    ("sender", "number", "ton", "npi"),
    [
        ("Tabi", "Tabi", 5, 0),
        ("+81312345678", "81312345678", 1, 1),
        ("12345", "12345", 3, 0),
        ("09012345678",) * 2 + (2, 1),
    ],
)
def test_a_sender_is_told_as_what_it_is(sender: str, number: str, ton: int, npi: int) -> None:
    source = Settings("", sender=sender).source
    assert (source.number, source.ton, source.npi) == (number, ton, npi)


@pytest.mark.parametrize("text", [JAPANESE, CHINESE, "€[]" * 120, "a" * 161], ids=["ja", "zh", "extended", "latin"])
def test_a_long_text_arrives_in_parts_that_make_up_the_original(smsc: Smsc, connect: Connect, text: str) -> None:
    said = send(bound(connect()), text)
    parts = smsc.submits()
    assert said == Said(Status.ESME_ROK, tuple(part["submit"] for part in parts))
    assert "".join(part["text"] for part in parts) == text
    assert [part["udh"] for part in parts] == [
        f"000307{len(parts):02x}{place:02x}" for place in range(1, len(parts) + 1)
    ]
    assert {part["coding"] for part in parts} == {0 if text[0] in "€a" else 8}


def test_a_long_text_can_go_out_whole(smsc: Smsc, connect: Connect) -> None:
    assert send(bound(connect()), JAPANESE, payload=True) == Said(Status.ESME_ROK, ("1",))
    (whole,) = smsc.submits()
    assert (whole["text"], whole["payload"], whole["udh"]) == (JAPANESE, True, "")


def test_a_wrong_password_is_told_and_tried_again(smsc: Smsc, connect: Connect) -> None:
    client = connect(password="wrong", waits_when_away=(0.01,))
    assert not client.is_bound(WITHIN)
    assert client.refused == Status.ESME_RINVPASWD
    smsc.wait_for(lambda event: "closed" in event, 2)
    assert send(client, "text") == Said(None, handed_over=False)


def test_a_busy_gateway_is_asked_again_and_then_left_alone(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    smsc.plan({"status": Status.ESME_RTHROTTLED}, {"status": Status.ESME_RMSGQFUL})
    assert send(client, "text").status == Status.ESME_ROK
    smsc.plan(*[{"status": Status.ESME_RTHROTTLED}] * 3)
    assert send(client, "text") == Said(Status.ESME_RTHROTTLED)
    assert len(smsc.submits()) == 6


def test_only_the_part_that_was_not_taken_is_tried_again(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    smsc.plan({}, {"status": Status.ESME_RTHROTTLED})
    said = send(client, "a" * 200)
    assert (said.status, said.gateway_ids) == (Status.ESME_ROK, ("1", "3"))
    assert [part["text"] for part in smsc.submits()] == ["a" * 153, "a" * 47, "a" * 47]


def test_after_a_part_that_is_refused_the_rest_is_not_sent(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    smsc.plan({}, {"status": Status.ESME_RINVDSTADR})
    assert send(client, "a" * 400) == Said(Status.ESME_RINVDSTADR, ("1",))
    assert len(smsc.submits()) == 2


def test_a_status_of_the_gateways_own_is_an_answer_like_any_other(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    smsc.plan({"status": 0x0401})
    assert send(client, "text") == Said(0x0401)
    assert send(client, "text").status == Status.ESME_ROK


def test_an_answer_that_does_not_come_leaves_open_whether_it_went_out(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect(answer_within=0.2))
    smsc.plan({"silent": True})
    assert send(client, "text") == Said(None)
    assert send(client, "text").status == Status.ESME_ROK  # on the same connection


@pytest.mark.parametrize("what", ["drop", "die"])
def test_a_connection_that_ends_before_the_answer_leaves_open_whether_it_went_out(
    smsc: Smsc, connect: Connect, what: str
) -> None:
    client = bound(connect(waits_when_away=(0.01,)))
    smsc.plan({what: True})
    assert send(client, "text") == Said(None)
    if what == "drop":
        assert send(bound(client), "text").status == Status.ESME_ROK


def test_it_signs_in_again_when_the_gateway_hangs_up(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect(waits_when_away=(0.01,)))
    smsc.drop()
    smsc.wait_for(lambda event: "bound" in event, 2)
    assert send(bound(client), "text").status == Status.ESME_ROK


def test_a_quiet_gateway_is_asked_whether_it_is_there(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect(quiet_for=0.05))
    smsc.wait_for(lambda event: "asked" in event, 3)
    assert send(client, "text").status == Status.ESME_ROK
    assert len([event for event in smsc.events if "bound" in event]) == 1


def test_a_receipt_that_could_not_be_kept_is_said_to_be_wanted_again(smsc: Smsc, connect: Connect) -> None:
    client = bound(connect())
    smsc.receipt("77", to="819012345678", **{"from": "Tojimari"})
    client.acknowledge(client.receipts.get(timeout=WITHIN), kept=False)
    taken = smsc.wait_for(lambda event: "receipt_taken" in event)
    assert taken == {"receipt_taken": "77", "status": Status.ESME_RX_T_APPN}


@pytest.mark.parametrize("nameless", [False, True])
def test_a_receipt_is_read_whatever_its_error_looks_like(smsc: Smsc, connect: Connect, nameless: bool) -> None:
    client = bound(connect())
    smsc.receipt("AB12", to="819012345678", stat="UNDELIV", err="00A", nameless=nameless)
    receipt = client.receipts.get(timeout=WITHIN).receipt
    assert (receipt.gateway_id, receipt.state, receipt.error) == ("AB12", "UNDELIV", "00A")


@given(st.binary(max_size=300))
def test_no_octets_break_the_reading_of_a_receipt(body: bytes) -> None:
    try:
        pdu.read_receipt(body)
    except pdu.Garbled:
        return


def test_the_connection_can_be_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = f"-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout {key} -out {certificate}"
    request = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 {made}"
    subprocess.run(request.split(), check=True, capture_output=True)
    with running_smsc(key, certificate) as smsc:
        settings = Settings("localhost", smsc.port, "tabi", PASSWORD, tls=True)
        stranger = Client(settings)
        assert not stranger.is_bound(0.5)  # nobody vouches for this certificate yet
        stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        client = Client(settings)
        assert send(bound(client), "text").status == Status.ESME_ROK
        client.close()
