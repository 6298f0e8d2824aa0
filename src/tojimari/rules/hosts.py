"""How is the name of a host read, and whose registration does it stand below?

Read as a browser does (WHATWG URL, UTS #46), from the text alone: nothing is looked up. Public suffixes, under which
anybody may register, come from the list that ships with tldextract, with its private part (duckdns.org, github.io).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

import idna
from tldextract import TLDExtract

from tojimari.rules.text import INVISIBLE

IGNORED = "\u00ad\u200b\u2060\ufeff"
"""Marks that browsers drop from a host (UTS #46 "ignored"). The other invisible ones make it unreadable to them."""

HIDDEN = frozenset(INVISIBLE) - frozenset(IGNORED)

_DOTS = {ord(mark): "." for mark in "\u3002\uff0e\uff61"} | {ord(mark): None for mark in IGNORED}
_SIGNS = frozenset("./\\?#@:%[]")
_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


@cache
def _suffixes() -> TLDExtract:
    """Return the reader of the packaged list. It fetches nothing and writes no cache."""
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host stands. `word` is empty where the host is itself a public suffix."""

    below: str
    word: str
    suffix: str
    shared: bool
    """The suffix is somebody's, who lets anybody in, such as duckdns.org."""
    known: bool
    """The suffix is on the list. An ending that is not there, such as `example`, is a suffix all the same."""

    @property
    def registered(self) -> str:
        """The name that somebody has registered; empty for a public suffix."""
        return f"{self.word}.{self.suffix}" if self.word else ""


def place(host: str) -> Place:
    """Split the name of a host by the list of public suffixes."""
    found = _suffixes()(host)
    if found.suffix:
        return Place(found.subdomain, found.domain, found.suffix, found.is_private, True)
    front, _, last = host.rpartition(".")
    below, _, word = front.rpartition(".")
    return Place(below, word, last, False, False)


def folded(text: str) -> str:
    """As browsers compare: full-width and capital letters are plain ones, ideographic dots are dots.

    A character that would turn into a sign with a meaning in addresses, such as the full-width slash, stays what it is:
    readers differ about it, so it must not end a host.
    """
    return unicodedata.normalize("NFC", "".join(map(_folded, text.translate(_DOTS))))


def _folded(mark: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", mark).lower())
    return plain if mark.isascii() or not _SIGNS & set(plain) else mark


def hides_a_sign(mark: str) -> bool:
    """Say whether some readers take this character for a dot, slash, backslash, percent sign or @."""
    return bool({".", "/", "\\", "@", "%"} & set(unicodedata.normalize("NFKC", mark)))


def in_ascii(host: str) -> str:
    """Return the host as it is looked up, other scripts as xn--…; a label that cannot be looked up stays as it is."""
    return host if host.isascii() else ".".join(_looked_up(label) for label in host.split("."))


def _looked_up(label: str) -> str:
    try:
        return label if label.isascii() else idna.encode(label, uts46=True).decode()
    except UnicodeError:  # IDNAError is one
        return label


def as_read(host: str) -> str:
    """Return the host with each xn--… in its own letters; a label that cannot be decoded stays as it is."""
    return ".".join(_in_letters(label) for label in host.split("."))


def _in_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def can_be_looked_up(host: str) -> bool:
    """Say whether it has only what a name in the DNS is made of: letters, digits, hyphens and underscores."""
    return len(host) <= 253 and all(_HOST_LABEL.fullmatch(label) for label in host.split("."))


def is_ip(host: str) -> bool:
    """Say whether browsers take it for an IP address, also as 0x7f.1 or as one number (WHATWG URL 3.5)."""
    try:
        ip_address(host)
    except ValueError:
        return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None
    return True


def below_or_same(host: str, name: str) -> bool:
    """Say whether a host is this name or ends with a dot and it. Nothing is below an IP address or localhost."""
    return host == name or ("." in name and host.endswith(f".{name}") and not is_ip(name))
