"""From which internet address does somebody ask, when a proxy stands in front?

Limits count by that address. Behind a proxy everybody would come from the proxy's own, and the whole country would
share the codes of one visitor. The word of a proxy counts only where the operator has named it: a header alone is
anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest, HttpResponse

from tojimari.platform.config import config
from tojimari.platform.listed import Network

ONE_HOME = 64
"""Bits of an IPv6 address that name a home or a phone; the rest is its own to choose (RFC 6177, RFC 7934)."""

_PEER = "tojimari.peer"


class Visitors:
    """Puts the visitor's address into REMOTE_ADDR, for us and for allauth. A middleware, before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._proxies = config().proxies

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        request.META[_PEER] = peer
        request.META["REMOTE_ADDR"] = visitor(peer, request.headers.get("X-Forwarded-For", ""), self._proxies)
        return self._get_response(request)


def peer_of(request: HttpRequest) -> str:
    """Where the connection itself comes from: a visitor's, or a proxy's."""
    return str(request.META.get(_PEER, request.META.get("REMOTE_ADDR", "")))


def visitor(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """Return the address by which a visitor is counted: of IPv6 the first address of the home.

    Each proxy writes at the end of `forwarded` (X-Forwarded-For) from whom it was asked. What stands before the last
    one that is no proxy of ours was written by anybody.
    """
    last = _read(peer)
    if last is None:
        return peer
    for written in reversed(forwarded.split(",")):
        before = _read(written.strip()) if _is_one_of(last, proxies) else None
        if before is None:
            break
        last = before
    return str(last if isinstance(last, IPv4Address) else ip_network((last, ONE_HOME), strict=False).network_address)


def _is_one_of(address: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies)


def _read(written: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 one in the clothes of IPv6 as it is (RFC 4291, 2.5.5.2); None for what is none."""
    try:
        found = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
