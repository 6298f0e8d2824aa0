"""Which gateway is it, and how are we to talk to it?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tojimari.messages.channels.smpp.pdu import NPI, TON, PhoneNumber
from tojimari.platform.config import Config


@dataclass(frozen=True, slots=True)
class Settings:
    """One SMS gateway. Times are in seconds."""

    host: str
    port: int = 2775
    system_id: str = ""
    password: str = field(default="", repr=False)
    system_type: str = ""
    tls: bool = False
    sender: str = "Tojimari"
    payload: bool = False
    """Whether a long text goes out whole, to be cut by the gateway."""
    rate: float = 10.0
    window: int = 10
    connect_within: float = 10.0
    answer_within: float = 10.0
    """How long an answer is waited for. Then the message may have gone out, and nobody can say."""
    quiet_for: float = 30.0
    """After this long without a word the gateway is asked whether it is there (enquire_link)."""
    waits_when_busy: tuple[float, ...] = (0.5, 1.0, 2.0)
    """Pauses before each new try when the gateway says that it has too much to do; then the message waits in the
    outbox."""
    waits_when_away: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
    """Pauses before each new try to reach it; the last of them again and again."""

    @classmethod
    def of(cls, config: Config) -> Settings:
        """The gateway that the installation is set to. Its host is set: without one there is no SMS."""
        password = config.smpp_password
        return cls(
            host=config.smpp_host or "",
            port=config.smpp_port,
            system_id=config.smpp_system_id,
            password=password.get_secret_value() if password is not None else "",
            system_type=config.smpp_system_type,
            tls=config.smpp_tls,
            sender=config.smpp_sender,
            payload=config.smpp_long == "payload",
            rate=config.smpp_rate,
            window=config.smpp_window,
        )

    @property
    def source(self) -> PhoneNumber:
        """The sender as SMPP 3.4 5.2.5 wants it: a number with + is international, a few digits are a short code."""
        if self.sender.startswith("+"):
            return PhoneNumber(self.sender[1:], TON.INTERNATIONAL, NPI.ISDN)
        if re.fullmatch(r"[0-9]{1,8}", self.sender):
            return PhoneNumber(self.sender, TON.NETWORK_SPECIFIC, NPI.UNKNOWN)
        if self.sender.isdigit():
            return PhoneNumber(self.sender, TON.NATIONAL, NPI.ISDN)
        return PhoneNumber(self.sender, TON.ALPHANUMERIC, NPI.UNKNOWN)
