"""How many SMS does a worker send in a second, beside a client that sends the same and keeps nothing?

Puts messages into the outbox and lets one worker's loop send them to the short message centre of the tests. Each is
marked in its row before it leaves and recorded when its answer is there; receipts are taken afterwards, and timed by
themselves. The bare client keeps as many submits under way and writes nothing down.

    python -m benchmarks.sms [--messages 2000] [--window 50]

Everything lies in a temporary folder that is removed at the end. It needs the libraries that `scripts/setup.sh test`
installs.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import deque
from concurrent.futures import Future
from typing import Any

from benchmarks.import_lines import workplace
from tests.support.gateway import PASSWORD, Smsc, running_smsc

TEXT = "旅モバイル: 受付番号 TJ-0000-0000 のお知らせがあります。"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--window", type=int, default=50)
    args = parser.parse_args()
    with running_smsc() as smsc:
        os.environ |= {
            "TOJIMARI_SMPP_HOST": "127.0.0.1",
            "TOJIMARI_SMPP_PORT": str(smsc.port),
            "TOJIMARI_SMPP_SYSTEM_ID": "bench",
            "TOJIMARI_SMPP_PASSWORD": PASSWORD,
            "TOJIMARI_SMPP_RATE": "10000",
            "TOJIMARI_SMPP_WINDOW": str(args.window),
        }
        with workplace():
            bare = _bare(smsc, args.messages, args.window)
            print(f"bare client   {bare:>9,.0f} SMS/s")
            sent, receipts, own = _outbox(args.messages)
            print(f"outbox        {sent:>9,.0f} SMS/s   ratio {sent / bare:.2f}")
            print(f"receipts      {receipts:>9,.0f} a second")
            print(f"its own       {own:>9.2f} ms of one core for each SMS and its receipt")


def _bare(smsc: Smsc, many: int, window: int) -> float:
    from tojimari.messages.channels.smpp import pdu
    from tojimari.messages.channels.smpp.client import Client
    from tojimari.messages.channels.smpp.settings import Settings

    settings = Settings("127.0.0.1", smsc.port, "bare", PASSWORD, rate=10_000.0, window=window)
    client = Client(settings)
    if not client.is_bound(10):
        raise RuntimeError("the gateway does not let us in")
    under_way: deque[Future[Any]] = deque()
    smsc.plan(*[{"receipt": "none"}] * many)
    began = time.perf_counter()
    for number in range(many):
        parts = pdu.submits(TEXT, to=f"8190{number:08d}", source=settings.source, reference=number)
        under_way.append(client.submit(parts))
        if len(under_way) == window:
            under_way.popleft().result(30)
    for future in under_way:
        future.result(30)
    spent = time.perf_counter() - began
    client.close()
    return many / spent


def _outbox(many: int) -> tuple[float, float, float]:
    from datetime import UTC, datetime

    from tojimari.lines.actions import add_carrier
    from tojimari.messages.actions import Letter, put_many
    from tojimari.messages.channels import hang_up, receipts
    from tojimari.messages.channels.smpp.channel import gateway
    from tojimari.messages.delivery import deliver
    from tojimari.messages.models import Message, MessageKind, MessageState
    from tojimari.messages.texts import Written
    from tojimari.platform.acting import SYSTEM
    from tojimari.platform.database.scope import every_carrier

    carrier = add_carrier(slug="bench", name_ja="bench", name_en="bench", acting=SYSTEM)
    written = Written("ja", "", TEXT)
    with every_carrier():
        letters = [Letter(carrier.pk, MessageKind.SMS, f"8190{number:08d}", written) for number in range(many)]
        put_many(letters, at=datetime.now(UTC))
        if not gateway().is_bound(10):
            raise RuntimeError("the gateway does not let us in")
        began, own = time.perf_counter(), time.process_time()
        while deliver():
            pass
        sent = time.perf_counter() - began
        if (left := Message.objects.exclude(state=MessageState.SENT).count()) > 0:
            raise RuntimeError(f"{left} were not sent")
        (take,) = receipts()
        began, taken = time.perf_counter(), 0
        while taken < many:
            taken += take(5.0)
        told, own = time.perf_counter() - began, time.process_time() - own
        hang_up()
    return many / sent, many / told, 1000 * own / many


if __name__ == "__main__":
    main()
