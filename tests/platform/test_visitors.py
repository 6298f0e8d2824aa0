"""Is a visitor counted by their own address behind a proxy, and can nobody choose the address by which they count?"""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from tojimari.platform.visitors import visitor

PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/24"), ip_network("::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: anybody writes a header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.99, 198.51.100.1, 10.0.0.8", "198.51.100.1"),  # the first one was the visitor's own word
        ("127.0.0.1", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::"),  # who has one home has 2^64 of these
        ("fe80::1%eth0", "", "fe80::"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_last_one_whom_our_proxies_name_is_the_visitor(peer: str, forwarded: str, counted: str) -> None:
    assert visitor(peer, forwarded, PROXIES) == counted
