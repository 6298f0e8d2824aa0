"""Is the tree the one of RFC 6962, whatever its size?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.proofs.merkle import EMPTY, leaf_hash, node_hash, path_to, root_by_path, root_of

# The example of RFC 6962's own test data: certificate-transparency, merkletree tests (eight leaves).
DATA = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
DATA.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_of_the_published_example(size: int) -> None:
    assert root_of([leaf_hash(data) for data in DATA[:size]]).hex() == ROOTS[size]


def test_no_leaf_at_all() -> None:
    assert root_of([]) == EMPTY == hashlib.sha256(b"").digest()


def by_the_letter(hashes: Sequence[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(by_the_letter(hashes[:split]), by_the_letter(hashes[split:]))


@given(st.integers(1, 200), st.data())
def test_each_leaf_leads_to_the_root_and_no_other_place_does(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(bytes([n])) for n in range(size)]
    root = root_of(hashes)
    assert root == by_the_letter(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = path_to(index, hashes)
    assert root_by_path(hashes[index], index, size, path) == root
    for other in {0, size - 1, index ^ 1, size} - {index}:
        assert root_by_path(hashes[index], other, size, path) != root
    if path:
        assert root_by_path(hashes[index], index, size, path[:-1]) != root
        assert root_by_path(hashes[index], index, size, path[::-1]) == root or len(set(path)) > 1
    assert root_by_path(hashes[index], index, size, [*path, root]) != root
    assert root_by_path(hashes[index], -1, size, path) is None


@given(st.integers(1, 70), st.data())
def test_blocks_give_the_same_root_and_the_same_paths(size: int, data: st.DataObject) -> None:
    block = 8
    hashes = [leaf_hash(bytes([n])) for n in range(size)]
    blocks = [hashes[at : at + block] for at in range(0, size, block)]
    tops = [root_of(one) for one in blocks]
    assert root_of(tops) == root_of(hashes)
    index = data.draw(st.integers(0, size - 1))
    assert path_to(index % block, blocks[index // block]) + path_to(index // block, tops) == path_to(index, hashes)
