"""How is a case kept apart that belongs to no carrier and to no account?

Three times. The database shows its rows only in the scope of its own fence, a number that only this installation can
make of the reference: a query that forgets for whom it asks finds nothing, and none can list the cases of others. The
pages enter that scope for nobody but who showed the saved code, or the link of a mail. And what the person said and
showed is sealed, so that a copy of the database does not tell it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from tojimari.codes.sealed import seal, unseal
from tojimari.platform.database.scope import guided_scope
from tojimari.platform.keyed import keyed
from tojimari.platform.spelled import as_written, in_letters
from tojimari.rules.text import plain
from tojimari.terminations.guided.models import GuidedCase


def fence_of(reference: str) -> int:
    """Return the number that fences the case of this reference off: 62 bits, above zero."""
    return 1 + (int.from_bytes(keyed("guided-fence", reference)[:8], "big") >> 2)


@contextmanager
def inside(reference: str) -> Iterator[None]:
    """Run the block where this one case is visible, and nothing else: no other case, and no carrier's data."""
    with guided_scope(fence_of(reference)):
        yield


def saved_code(reference: str, nonce: bytes) -> str:
    """Return the code in groups, "7K3M-9QXA-4C2T-0VWX": 80 bits (NIST SP 800-63B-4 4.2.1 asks for 64)."""
    letters = _letters(reference, nonce)
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def code_opens(reference: str, given: str) -> bool:
    """Say whether `given` is the saved code of the case. The same work is done where there is no such case."""
    with inside(reference):
        nonce = GuidedCase.objects.filter(reference=reference).values_list("nonce", flat=True).first()
    right = _letters(reference, bytes(nonce) if nonce is not None else bytes(16))
    same = hmac.compare_digest(right.encode(), as_written(plain(given)).encode())
    return same and nonce is not None


def subject_of(reference: str) -> str:
    """Return the name under which codes for this case are counted. A reference is never given twice."""
    return f"guided:{reference}"


def about(reference: str, what: str) -> str:
    """Name what is sealed, so that it does not open in another place."""
    return f"guided {reference} {what}"


def seal_for(reference: str, what: str, text: str) -> bytes:
    """Seal a text for its place in a case."""
    return seal(text, about=about(reference, what))


def unseal_for(reference: str, what: str, sealed: bytes) -> str:
    """Return a sealed text; empty where there is none or it cannot be opened."""
    return (unseal(sealed, about=about(reference, what)) or "") if sealed else ""


def _letters(reference: str, nonce: bytes) -> str:
    return in_letters(keyed("guided-code", f"{reference}|{nonce.hex()}")[:10])
