"""How does a PDF carry the signed file, and how is it found in there again?

PDF/A-2 allows no attached files but PDF/A ones. It does allow data that only one program uses (ISO 32000-1, 14.5,
page-piece dictionaries). So the pages are followed by an incremental update (7.5.6) with one compressed stream: the
file with the certificate, and a JWS over the SHA-256 of all bytes before the update. Nothing a reader shows changes.

Reading never trusts the PDF's own structure. The stream is found by its fixed spelling, the update is written anew from
what was found, and must be the same to the byte: so nothing can stand behind the pages but our update and, where the
JWS names one, the seal.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tojimari.proofs import paper_seal
from tojimari.proofs.signing import Signer, signed
from tojimari.proofs.verification import Broken, Finding, TrustedKey, read_json, signed_by, verify

FORMAT = "tojimari-paper-1"
TYPE = "tojimari-paper+jws"
"""JOSE header `typ`: a signature over pages is never taken for a certificate, nor the other way round."""

MOST_INSIDE = 4 * 1024 * 1024
"""Bytes that a stream may unpack to. A file with a certificate has some ten kilobytes."""

_STREAM = re.compile(rb"\n(\d{1,6}) 0 obj\n<</Type/TojimariPaper/Filter/FlateDecode/Length (\d{1,8})>>\nstream\n")
_END = re.compile(
    rb"trailer\n<</Size (\d+)/Root (\d+) 0 R(/Info \d+ 0 R)?/ID\[(\([^()]*\))\([^()]*\)\]>>\nstartxref\n(\d+)\n%%EOF$"
)


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """What the check of a PDF found. `file` is what it found of the certificate inside; not valid if that is not."""

    valid: bool
    code: str = ""
    file: Finding = field(default_factory=lambda: Finding(False))
    sealed: bool = False


def is_paper(data: bytes) -> bool:
    """Say whether a file claims to be a PDF."""
    return data.startswith(b"%PDF-")


def kid_of(certificate: str) -> str:
    """Return which key one of our own certificates names."""
    head = certificate.split(".")[0]
    return str(json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


def attach(
    pages: bytes, bundle: Mapping[str, Any], *, said: Mapping[str, Any], language: str, signer: Signer, seal: str = ""
) -> bytes:
    """Return the PDF with the file and a signature over its pages inside. `seal`: SHA-256 of the seal's certificate.

    The signature bears the moment of the certificate, so that the same input gives the same bytes.
    """
    told: dict[str, Any] = {
        "format": FORMAT,
        "reference": said["reference"],
        "issued_at": said["issued_at"],
        "language": language,
        "pages": hashlib.sha256(pages).hexdigest(),
        "certificate": hashlib.sha256(bundle["certificate"].encode()).hexdigest(),
    }
    if seal:
        told["seal"] = seal
    inside = {"file": json.dumps(bundle, ensure_ascii=False), "paper": signed([told], signer, kind=TYPE)[0]}
    packed = zlib.compress(json.dumps(inside, ensure_ascii=False).encode(), 9)
    return pages + _update(pages, packed, datetime.fromisoformat(said["issued_at"]))


def _update(pages: bytes, packed: bytes, at: datetime) -> bytes:
    """Return the bytes that add one stream to a PDF of typst. ValueError for a PDF of another make."""
    end = _END.search(pages, max(0, len(pages) - 1000))
    if end is None:
        raise ValueError("the end of this PDF is not written as typst writes it")
    size, root, info, first_id, before = int(end[1]), int(end[2]), end[3] or b"", end[4], end[5]
    catalog = re.search(rb"\n%d 0 obj\n<<(.*)>>\nendobj\n" % root, pages, re.DOTALL)
    if catalog is None or b"/PieceInfo" in catalog[1] or b"endobj" in catalog[1]:
        raise ValueError("the catalogue of this PDF is not written as typst writes it")
    moment = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
    piece = b"/PieceInfo<</Tojimari<</LastModified(%b)/Private %d 0 R>>>>" % (moment, size)
    stream = b"\n%d 0 obj\n<</Type/TojimariPaper/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        size,
        len(packed),
        packed,
    )
    changed = b"%d 0 obj\n<<%b%b>>\nendobj\n" % (root, catalog[1], piece)
    at_stream, at_root = len(pages) + 1, len(pages) + len(stream)
    table = b"xref\n%d 1\n%010d 00000 n\r\n%d 1\n%010d 00000 n\r\n" % (root, at_root, size, at_stream)
    new_id = hashlib.sha256(packed).hexdigest()[:32].encode()
    trailer = b"trailer\n<</Size %d/Root %d 0 R%b/ID[%b<%b>]/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1,
        root,
        info,
        first_id,
        new_id,
        before,
        at_root + len(changed),
    )
    return stream + changed + table + trailer


def check_paper(data: bytes, keys: Mapping[str, TrustedKey]) -> PaperFinding:
    """Check a PDF: the file inside it, and whether its pages are those that were drawn. Never raises for its content.

    Codes beside those of `verification`: `paper.none` (no certificate of ours is inside), `paper.form` (what is inside
    is not written as it must be), `paper.pages` (pages were changed), `paper.other` (pages of another certificate),
    `paper.more` (something was added behind), `paper.seal` (the seal is missing, broken or somebody else's).
    """
    try:
        start, packed = _found(data)
        inside, paper = _unpacked(packed)
        file = verify(inside, keys)
        if not file.valid:
            return PaperFinding(False, file.code, file)
        sealed = _check_pages(data, start, packed, inside, paper, keys, file)
    except Broken as broken:
        return PaperFinding(False, broken.code)
    except _PagesBroken as broken:
        return PaperFinding(False, broken.code, broken.file)
    return PaperFinding(True, file=file, sealed=sealed)


class _PagesBroken(Exception):
    """The file inside is genuine, the pages are not."""

    def __init__(self, code: str, file: Finding) -> None:
        super().__init__(code)
        self.code = code
        self.file = file


def _found(data: bytes) -> tuple[int, bytes]:
    """Return where the update begins, and the packed stream in it."""
    places = list(_STREAM.finditer(data))
    if len(places) != 1:
        raise Broken("paper.none" if not places else "paper.form")
    place = places[0]
    packed = data[place.end() : place.end() + int(place[2])]
    return place.start(), packed


def _unpacked(packed: bytes) -> tuple[bytes, str]:
    """Return the file with the certificate, and the JWS over the pages."""
    unpack = zlib.decompressobj()
    try:
        inside = read_json(unpack.decompress(packed, MOST_INSIDE), "paper.form")
        if not unpack.eof or not isinstance(inside, dict) or set(inside) != {"file", "paper"}:
            raise Broken("paper.form")
        if not all(isinstance(one, str) for one in inside.values()):
            raise Broken("paper.form")
        return inside["file"].encode(), inside["paper"]
    except (zlib.error, UnicodeEncodeError):
        raise Broken("paper.form") from None


def _check_pages(
    data: bytes,
    start: int,
    packed: bytes,
    inside: bytes,
    paper: str,
    keys: Mapping[str, TrustedKey],
    file: Finding,
) -> bool:
    """Raise `_PagesBroken` unless every byte around the stream is ours; return whether a seal is on it."""
    try:
        _kid, told = signed_by(paper, keys, kind=TYPE, form=FORMAT)
    except Broken as broken:
        raise _PagesBroken("paper.form" if broken.code.startswith("file") else broken.code, file) from None
    certificate = read_json(inside, "paper.form")["certificate"]
    if told.get("certificate") != hashlib.sha256(certificate.encode()).hexdigest():
        raise _PagesBroken("paper.other", file)
    pages = data[:start]
    if told.get("pages") != hashlib.sha256(pages).hexdigest():
        raise _PagesBroken("paper.pages", file)
    try:
        update = _update(pages, packed, datetime.fromisoformat(str(told.get("issued_at"))))
    except ValueError:
        raise _PagesBroken("paper.form", file) from None
    if data[start : start + len(update)] != update:
        raise _PagesBroken("paper.pages", file)
    more, seal = data[start + len(update) :], str(told.get("seal", ""))
    if more and not seal:
        raise _PagesBroken("paper.more", file)
    if seal and not paper_seal.holds(data, fingerprint=seal):
        raise _PagesBroken("paper.seal", file)
    return bool(seal)
