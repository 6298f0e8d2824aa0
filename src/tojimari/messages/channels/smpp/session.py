"""What is said on one connection to the gateway, from signing in to hanging up?

Everything here runs in one asyncio loop. Several submits may wait for their answers at the same time; answers are told
apart by the sequence number (SMPP 3.4 2.8). A receipt is answered only when its owner has written it down: a gateway
that hears nothing delivers it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from tojimari.messages.channels.smpp import pdu
from tojimari.messages.channels.smpp.pdu import Command, Header, Receipt, Status
from tojimari.messages.channels.smpp.settings import Settings

log = structlog.get_logger(__name__)

_ANSWER = 0x80000000
"""This bit of the command says that it is an answer."""


class Away(Exception):
    """Nothing was handed over: there is no connection."""


class Unsure(Exception):
    """The message was handed over, and no answer came. It may have gone out."""


class NotLetIn(Exception):
    """The gateway does not let us sign in. `status` is its reason (SMPP 3.4 5.1.3)."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"{status:#x}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said to one submit: a status of SMPP 3.4 5.1.3, and its own name for the SMS."""

    status: int
    gateway_id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A receipt that waits for being written down, and where to answer it."""

    receipt: Receipt
    session: Session
    sequence: int


class Session:
    """One connection that is signed in. Made by `open_session`, ends when `serve` does."""

    def __init__(
        self,
        settings: Settings,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hear: Callable[[Delivered], None],
    ) -> None:
        self._settings, self._reader, self._writer, self._hear = settings, reader, writer, hear
        self._waiting: dict[int, asyncio.Future[tuple[Header, bytes]]] = {}
        self._sequence = 0
        self._over = False

    async def sign_in(self) -> None:
        """Bind as a transceiver. Raises `NotLetIn`, or `OSError` if nobody answers."""
        request = pdu.BindTransceiver(
            system_id=self._settings.system_id,
            password=self._settings.password,
            system_type=self._settings.system_type,
        )
        request.sequence_num = self._next()
        self._write(request)
        header, _ = await self._read(self._settings.connect_within)
        if header.status not in (Status.ESME_ROK, Status.ESME_RALYBND):
            raise NotLetIn(header.status)
        if header.command != Command.BIND_TRANSCEIVER_RESP:
            raise ConnectionError("no answer to bind")

    async def submit(self, message: Any) -> Answer:
        """Hand one SMS over and return the answer. Raises `Away` or `Unsure`."""
        if self._over:
            raise Away
        message.sequence_num = number = self._next()
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._write(message)
            async with asyncio.timeout(self._settings.answer_within):
                header, body = await answer
        except (TimeoutError, ConnectionError) as error:
            raise Unsure from error
        finally:
            self._waiting.pop(number, None)
        return Answer(header.status, pdu.message_id(body) if header.status == Status.ESME_ROK else "")

    async def serve(self) -> None:
        """Read until the connection ends. Whoever still waits for an answer hears that none will come."""
        try:
            while not self._over:
                try:
                    header, body = await self._read(self._settings.quiet_for)
                except TimeoutError:
                    header, body = await self._ask_whether_there()
                self._take(header, body)
        except (OSError, EOFError, pdu.Garbled) as error:
            log.info("sms.gateway_gone", error=type(error).__name__)
        except asyncio.CancelledError:  # it is us who hang up
            self.say_goodbye()
            raise
        finally:
            self._over = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ConnectionError("hung up"))
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    def say_goodbye(self) -> None:
        """Unbind. The connection is closed afterwards, whatever the gateway answers."""
        goodbye = pdu.Unbind()
        goodbye.sequence_num = self._next()
        self._write(goodbye)

    def acknowledge(self, delivered: Delivered, *, kept: bool) -> None:
        """Answer a receipt: it is kept, or it shall come again later (ESME_RX_T_APPN)."""
        if not self._over:
            status = Status.ESME_ROK if kept else Status.ESME_RX_T_APPN
            self._write(pdu.DeliverSmResp(delivered.sequence, status))

    async def _ask_whether_there(self) -> tuple[Header, bytes]:
        question = pdu.EnquireLink()
        question.sequence_num = self._next()
        self._write(question)
        return await self._read(self._settings.answer_within)

    async def _read(self, within: float) -> tuple[Header, bytes]:
        """Read one message. Raises `TimeoutError` when none begins in time, and then nothing of it is lost."""
        # `wait_for` of Python 3.11 forgets that it was cancelled when an answer comes in the same moment.
        async with asyncio.timeout(within):
            header = pdu.read_header(await self._reader.readexactly(pdu.HEADER.size))
        try:
            async with asyncio.timeout(self._settings.answer_within):
                return header, await self._reader.readexactly(header.length - pdu.HEADER.size)
        except TimeoutError as error:
            raise ConnectionError("half a message") from error

    def _take(self, header: Header, body: bytes) -> None:
        if header.command & _ANSWER:
            waiting = self._waiting.get(header.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result((header, body))
        elif header.command == Command.DELIVER_SM:
            self._delivered(header, body)
        elif header.command == Command.ENQUIRE_LINK:
            self._write(pdu.EnquireLinkResp(header.sequence))
        elif header.command == Command.UNBIND:
            self._write(pdu.UnbindResp(header.sequence))
            self._over = True
        else:
            self._write(pdu.GenericNack(header.sequence, Status.ESME_RINVCMDID))

    def _delivered(self, header: Header, body: bytes) -> None:
        try:
            receipt = pdu.read_receipt(body)
        except pdu.Garbled:
            log.warning("sms.receipt_garbled", octets=len(body))
            receipt = None
        if receipt is None:  # what nobody here reads is taken all the same: it would come again for ever
            self._write(pdu.DeliverSmResp(header.sequence))
        else:
            self._hear(Delivered(receipt, self, header.sequence))

    def _write(self, message: Any) -> None:
        if not self._writer.is_closing():
            self._writer.write(message.pdu())

    def _next(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence


async def open_session(settings: Settings, hear: Callable[[Delivered], None]) -> Session:
    """Connect and sign in. `hear` is called with each receipt, in the loop. Raises `NotLetIn` or `OSError`."""
    context = ssl.create_default_context() if settings.tls else None
    async with asyncio.timeout(settings.connect_within):
        reader, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
    session = Session(settings, reader, writer, hear)
    try:
        await session.sign_in()
    except (EOFError, pdu.Garbled) as error:
        writer.close()
        raise ConnectionError("no SMPP") from error
    except BaseException:
        writer.close()
        raise
    return session


async def try_to_sign_in(settings: Settings) -> None:
    """Sign in once and leave again. Raises `NotLetIn` or `OSError`."""
    session = await open_session(settings, lambda _: None)
    serving = asyncio.create_task(session.serve())
    await asyncio.sleep(0)  # cancelled before its first step it would not say good-bye
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
