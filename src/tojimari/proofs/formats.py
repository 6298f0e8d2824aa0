"""How are the parts of a proof named? These texts are in every file that people keep; they never change."""

from __future__ import annotations

FORMAT_1 = "tojimari-certificate-1"
"""The first format. No longer made, for ever accepted."""

FORMAT = "tojimari-certificate-2"
"""Format of the file, and of the statement that is signed in it. A file has the format of its statement."""

FORMATS = (FORMAT_1, FORMAT)
"""Every format that was ever made."""

TYPE = "tojimari-certificate+jws"
"""JOSE header `typ` (RFC 7515, 4.1.9): a signature made for anything else is never taken for a certificate."""

ROOT_FORMAT = "tojimari-root-1"
"""Format of the signed root over all histories that moved on a day."""

ROOT_TYPE = "tojimari-root+jws"
"""Its JOSE header `typ`."""

LEAF_FORMAT = "tojimari-leaf-1"
"""Part of what each leaf of that tree hashes."""

ADDENDUM_FORMAT = "tojimari-addendum-1"
"""Format of what is signed when something is told of a case after its certificate."""

ADDENDUM_TYPE = "tojimari-addendum+jws"
"""Its JOSE header `typ`."""

RECORD_FORMAT = "tojimari-record-of-steps-1"
"""Format of a record of a person's own steps at a carrier that is not connected. Not a certificate."""

RECORD_TYPE = "tojimari-record-of-steps+jws"
"""Its JOSE header `typ`: neither is ever taken for the other."""

ALGORITHM = "Ed25519"
"""JOSE header `alg` (RFC 9864): the only one that is made, and the only one that is accepted."""
