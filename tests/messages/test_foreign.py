"""Is every address found that is not the carrier's own, and nothing else?"""

from __future__ import annotations

import pytest

from tojimari.messages.foreign import foreign_links

HOSTS = ["tabi.example"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tabi: your code is 123456, valid until 23:05 (Japan time).", []),
        ("Follow it: https://tabi.example/case/T-1/", []),
        ("Follow it: https://my.tabi.example/case/T-1/", []),
        ("Ask help@tabi.example", []),
        ("Follow it: https://evil.example/case/T-1/", ["evil.example"]),
        ("确认：tabi-mobile.com。", ["tabi-mobile.com"]),
        ("https://tabi.example.evil.com/\nhttps://tabi.example/", ["tabi.example.evil.com"]),
        ("Ask help@evil.example", ["evil.example"]),
        ("回線は 2026.11.30 に終わります。2,200円", []),
    ],
)
def test_only_addresses_of_others_are_found(text: str, found: list[str]) -> None:
    assert foreign_links(text, HOSTS) == found
