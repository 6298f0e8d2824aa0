"""Is what people took home years ago still valid?"""

from __future__ import annotations

from pathlib import Path

from tojimari.proofs.formats import FORMAT_1
from tojimari.proofs.verification import trusted_keys, verify

OLD = Path(__file__).parent / "old"


def test_a_certificate_of_the_first_format_is_still_valid() -> None:
    finding = verify((OLD / "certificate-1.json").read_bytes(), trusted_keys((OLD / "published-1.json").read_bytes()))
    assert (finding.valid, finding.statement["format"]) == (True, FORMAT_1)


def test_a_changed_one_of_the_first_format_is_still_refused() -> None:
    data = (OLD / "certificate-1.json").read_bytes().replace(b"step.done", b"step.gone", 1)
    assert verify(data, trusted_keys((OLD / "published-1.json").read_bytes())).code == "chain.hash"
