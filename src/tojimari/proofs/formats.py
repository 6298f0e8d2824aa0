"""How are the parts of a proof named? These texts are in every file that people keep; they never change."""

from __future__ import annotations

FORMAT = "tojimari-certificate-1"
"""Format of the file, and of the statement that is signed in it."""

TYPE = "tojimari-certificate+jws"
"""JOSE header `typ` (RFC 7515, 4.1.9): a signature made for anything else is never taken for a certificate."""

ALGORITHM = "Ed25519"
"""JOSE header `alg` (RFC 9864): the only one that is made, and the only one that is accepted."""
