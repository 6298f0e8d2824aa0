"""How does one short hash stand for a million histories, so that each can be shown to be in it?

A Merkle tree with the hashing of RFC 6962 (2.1), which RFC 9162 keeps: a leaf is SHA-256(0x00 || data), a node is
SHA-256(0x01 || left || right), and n leaves are split at the largest power of two below n. This module is pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

BLOCK = 1024
"""How many leaves are kept together: a power of two, so that each full block is a whole subtree."""

EMPTY = hashlib.sha256(b"").digest()
"""The root over no leaf at all (RFC 6962, 2.1)."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two nodes that stand beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, or over the roots of whole subtrees of one size, of which the last may be less.

    Level by level, a node without a neighbour goes up as it is: the same tree as by splitting, without recursion.
    """
    level = list(hashes)
    while len(level) > 1:
        up = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*up, level[-1]] if len(level) % 2 else up
    return level[0] if level else EMPTY


def path_to(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return the audit path (RFC 6962, 2.1.1) from the leaf at `index` to the root, nearest node first."""
    path: list[bytes] = []
    level = list(hashes)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        up = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*up, level[-1]] if len(level) % 2 else up
        index //= 2
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf at `index` of `size` and its path lead to (RFC 9162, 2.1.3.2); None if none fits."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node_hash(beside, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, beside)
        place, last = place // 2, last // 2
    return found if last == 0 else None
