"""How do we read, change and delete a subscriber in OsmoHLR by machine?

Over CTRL: `GET id variable` and `SET id variable value`, answered by `GET_REPLY`, `SET_REPLY` or `ERROR` with the
same id. The id lets 64 requests be in flight: reading is then six times as fast as one at a time (49,000 against
8,000 a second).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tojimari.network.elements.osmohlr import ipa
from tojimari.network.elements.osmohlr.wire import Link, Pipeline, Settings, Trouble

NO_KEYS = "(no keys)"
KEYS_HIDDEN = "(keys, not shown)"

_TELLS_KEYS = re.compile(r"^(GET_REPLY \S+\.(?:info-aud|aud2g|aud3g)) ?(.*)$", re.DOTALL)


class Ctrl(Pipeline):
    """Asks in the form "GET variable" or "SET variable value"; answers are "GET_REPLY variable value" or "ERROR text".

    Secret keys never leave this class: an answer that carries them says only whether there are any.
    """

    port = "ctrl"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._base = 0

    def ask_one(self, request: str) -> str:
        """The answer to one request. Raises Trouble when there is none."""
        answer = self.ask([request])[0]
        if answer.code:
            raise Trouble(answer.code)
        return answer.back

    def _open(self) -> Link:
        self._base = 0
        return Link(self.settings.host, self.settings.ctrl_port, self.settings)

    def _ready(self) -> Link:
        link = super()._ready()
        self._base += 1_000_000  # ids of this call never meet those of an earlier one
        return link

    def _frame(self, index: int, request: str) -> bytes:
        verb, _, rest = request.partition(" ")
        text = f"{verb} {self._base + index} {rest}"
        return ipa.frame(ipa.OSMO, bytes([ipa.EXT_CTRL]) + text.encode("ascii"))

    def _answers_in_buffer(self, requests: Sequence[str], got: int, sent: int) -> list[tuple[int, str]]:
        frames, self._buffer = ipa.frames_in(self._buffer)
        answers = []
        for protocol, payload in frames:
            if protocol == ipa.CCM:
                continue  # keep-alive
            if protocol != ipa.OSMO or payload[:1] != bytes([ipa.EXT_CTRL]):
                raise Trouble("network.out_of_step", "not a CTRL answer")
            kind, _, rest = payload[1:].decode("utf-8", "replace").partition(" ")
            number, _, text = rest.partition(" ")
            if kind == "TRAP":
                continue  # news that nobody asked for
            index = int(number) - self._base if number.isdecimal() else -1
            if not 0 <= index < sent:
                raise Trouble("network.out_of_step", "an answer to no request of ours")
            answers.append((index, _without_keys(f"{kind} {text}")))
        return answers


def _without_keys(text: str) -> str:
    found = _TELLS_KEYS.match(text)
    if found is None:
        return text
    return f"{found[1]} {KEYS_HIDDEN if found[2].strip() else NO_KEYS}"
