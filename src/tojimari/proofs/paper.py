"""How does a certificate become a paper that can be held, sent by mail and read in ten years?

As a PDF that is archival and accessible at once (PDF/A-2b, PDF/UA-1), drawn when somebody asks. Japanese stands first,
the reader's own language beside it. It is a view: the signed file is the proof, and lies inside the PDF together with a
signature over the pages (`paper_file`), so that whoever checks the PDF learns whether its pages were changed too.

The same file, language and signing key give the same bytes; a seal (`paper_seal`) adds the moment of sealing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from typing import Any

import segno
import typst
from django.utils.translation import override

from tojimari.platform.typesetting import READERS, SANS, SERIF, draw, there
from tojimari.proofs import paper_file, paper_seal
from tojimari.proofs import paper_words as say
from tojimari.proofs.paper_facts import Names, Sections, part, sections, verdict
from tojimari.proofs.queries import statement
from tojimari.proofs.signing import Signer

STANDARDS: tuple[typst.PDFStandard, ...] = ("a-2b", "ua-1")
LANGUAGES = ("ja", *READERS)


def digest_of(jws: str) -> str:
    """Return what names a certificate in the address on its paper: SHA-256 of the JWS, in hexadecimal digits."""
    return hashlib.sha256(jws.encode()).hexdigest()


def paper(
    bundle: Mapping[str, Any], *, language: str, names: Names, address: str, signer: Signer, seal: bool = True
) -> bytes:
    """Return the PDF of one of our own certificates, for a reader of `language` (one of `LANGUAGES`).

    `bundle` is the file with the certificate; `address` the page on which it is checked, with reference and digest.
    Sealed where a seal is set. Raises `platform.typesetting.NotDrawn`, and `paper_seal.SealTrouble`.
    """
    said = statement(bundle["certificate"])
    mine = paper_seal.own() if seal else None
    template = files("tojimari.proofs").joinpath("paper.typ").read_bytes()
    pages = draw(template, "paper", _data(said, bundle, language, names, address), STANDARDS)
    drawn = paper_file.attach(
        pages, bundle, said=said, language=language, signer=signer, seal=mine.fingerprint if mine is not None else ""
    )
    return mine.seal(drawn) if mine is not None else drawn


def _data(
    said: Mapping[str, Any], bundle: Mapping[str, Any], language: str, names: Names, address: str
) -> dict[str, Any]:
    reader = READERS.get(language)
    tags = ("ja", language) if reader is not None else ("ja",)
    at = datetime.fromisoformat(said["issued_at"]).astimezone(UTC)
    simulated = said.get("simulated") is True
    proof = {
        "digest": digest_of(bundle["certificate"]),
        "key": paper_file.kid_of(bundle["certificate"]),
        "history": str(part(said, "chain").get("events", "")),
    }
    added = statement(bundle["addendum"]["addendum"]) if "addendum" in bundle else {}
    title = say.TITLE if part(said, "case").get("scope") == "line" else say.TITLE_SERVICE
    return {
        "title": _in(tags, title),
        "author": str(part(said, "carrier").get("name_ja", "")),
        "fonts": there((*SANS, *SERIF)),
        "reader": None
        if reader is None
        else {"lang": reader[0], "region": reader[1], "fonts": there((*reader[2], *SANS, *SERIF))},
        "day": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "heads": ["日本語", *_in(tags[1:], say.LANGUAGE)],
        "mark": list(dict.fromkeys(_in(tags, say.MARK))) if simulated else [],
        "verdict": _each(tags, lambda: verdict(said)),
        "sections": _beside_each_other([_sections(tag, said, proof, names, added) for tag in tags]),
        "check": {
            "title": _in(tags, say.SECTIONS["check"]),
            "words": [_in(tags, say.VIEW), _in(tags, say.SCAN)],
            "address": address,
            "picture": _picture(address),
            "alt": _in(("ja",), say.ALT)[0],
        },
        "foot": f"{said.get('reference', '')} · SHA-256 {proof['digest'][:16]}…",
    }


MASK = 2
"""Any of the eight data masks can be read (ISO/IEC 18004, 7.8). Looking for the best one took a quarter of all time."""


def _picture(address: str) -> str:
    """Return the address as a QR code in SVG, as a scanner needs it: with a white margin."""
    drawn = BytesIO()
    segno.make_qr(address, error="m", mask=MASK).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()


def _in(tags: tuple[str, ...], text: say.Text) -> list[str]:
    return _each(tags, lambda: str(text))


def _each(tags: tuple[str, ...], written: Any) -> list[str]:
    found = []
    for tag in tags:
        with override(tag):
            found.append(str(written()))
    return found


def _sections(
    tag: str, said: Mapping[str, Any], proof: Mapping[str, str], names: Names, added: Mapping[str, Any]
) -> Sections:
    with override(tag):
        return sections(said, proof, names, added)


def _beside_each_other(by_language: list[Sections]) -> list[dict[str, Any]]:
    """Put the same section and row of each language together: every language has the same rows in the same order."""
    return [
        {
            "title": [title for title, _rows in versions],
            "rows": [
                _row([label for label, _value in row], [value for _label, value in row])
                for row in zip(*(rows for _title, rows in versions), strict=True)
            ],
        }
        for versions in zip(*by_language, strict=True)
    ]


def _row(labels: list[str], values: list[str]) -> dict[str, Any]:
    """One row in each language; `same` where it needs no second column, as for a name or a digest."""
    same = len(set(values)) == 1
    return {"label": list(dict.fromkeys(labels)) if same else labels, "value": values, "same": same}
