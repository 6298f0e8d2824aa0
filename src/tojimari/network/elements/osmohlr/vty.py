"""Why do we also speak to a console that was made for people?

Because only its `update network-access-mode` sends Delete Subscriber Data to the network where the phone is; the same
switch over CTRL tells nobody. The console echoes each line and ends each answer with its prompt, so answers are cut
at the prompt and checked against the echo. Lines end with a bare line feed: after a carriage return the prompt comes
twice. With 64 lines in flight it is 1.4 times as fast as one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tojimari.network.elements.osmohlr.wire import Link, Pipeline, Trouble

_TELNET = re.compile(rb"\xff[\xfb-\xfe].", re.DOTALL)
_FIRST_PROMPT = re.compile(rb"(?:^|\n)([^\s>#]+)> $")
_MOST = 1_000_000  # bytes without a prompt; more is not a console


class Vty(Pipeline):
    """Asks one console command per request, in enabled mode; the answer is the text that it printed, often none."""

    port = "vty"
    _prompt = b""

    def _open(self) -> Link:
        link = Link(self.settings.host, self.settings.vty_port, self.settings)
        try:
            name = self._greeting(link)
            self._prompt = b"\n" + name + b"# "
            self._buffer = b""
            for command in (b"enable", b"terminal length 0"):  # without the second, long answers stop at "--More--"
                link.send(command + b"\n")
                while self._prompt not in self._buffer:
                    self._take(link)
                answer, _, self._buffer = self._buffer.partition(self._prompt)
                if b"\n% " in answer:
                    raise Trouble("network.refused", "the console refuses to be enabled")
        except Trouble:
            link.close()
            raise
        return link

    def _greeting(self, link: Link) -> bytes:
        """Read up to the first prompt; the host name before it is the operator's choice."""
        while True:
            self._take(link)
            if self._buffer.endswith(b"Password: "):
                raise Trouble("network.refused", "the console wants a password")
            found = _FIRST_PROMPT.search(_TELNET.sub(b"", self._buffer))
            if found is not None:
                return found[1]

    def _take(self, link: Link) -> None:
        self._buffer += link.receive()
        if len(self._buffer) > _MOST:
            raise Trouble("network.out_of_step", "no prompt")

    def _frame(self, index: int, request: str) -> bytes:
        return request.encode("ascii") + b"\n"

    def _answers_in_buffer(self, requests: Sequence[str], got: int, sent: int) -> list[tuple[int, str]]:
        *parts, self._buffer = self._buffer.split(self._prompt)
        if len(self._buffer) > _MOST or len(parts) > sent - got:
            raise Trouble("network.out_of_step", "the console says more than it was asked")
        answers = []
        for index, part in enumerate(parts, start=got):
            echo, _, text = part.decode("utf-8", "replace").partition("\n")
            if echo.rstrip("\r") != requests[index]:
                raise Trouble("network.out_of_step", "the console answers another question")
            answers.append((index, text.replace("\r", "").strip("\n")))
        return answers
