"""Is the paper of a certificate what it says: archival, the same each time, and noticed when it is changed?"""

from __future__ import annotations

import io
import json
import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.certified import Kept, certified
from tojimari.lines.models import Line
from tojimari.money.words import CHARGES
from tojimari.platform.typesetting import can_draw
from tojimari.privacy.words import ITEMS
from tojimari.proofs import keys, paper_seal
from tojimari.proofs.paper import LANGUAGES, digest_of, paper
from tojimari.proofs.paper_facts import Names
from tojimari.proofs.paper_file import PaperFinding, attach, check_paper
from tojimari.proofs.queries import statement
from tojimari.proofs.verification import trusted_keys

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not can_draw(), reason="no Japanese font; on Debian: apt-get install fonts-noto-cjk"),
]

NAMES = Names(charges=CHARGES, records=ITEMS)


def drawn(kept: Kept, language: str = "zh-hans", *, seal: bool = True) -> bytes:
    address = f"https://tabi.example/verify/TJ-7K3M-9QXA-4C2T/{digest_of(kept.file['certificate'])}/"
    return paper(kept.file, language=language, names=NAMES, address=address, signer=keys.signer(), seal=seal)


def checked(data: bytes, kept: Kept) -> PaperFinding:
    return check_paper(data, trusted_keys(kept.published))


def a_seal() -> tuple[str, str]:
    """A certificate for seals that nobody vouches for, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tabi Mobile, seal")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM).decode(), private.decode()


@pytest.fixture
def seal(monkeypatch: pytest.MonkeyPatch) -> paper_seal.Seal:
    """The seal of this installation."""
    mine = paper_seal.read(*a_seal())
    monkeypatch.setattr(paper_seal, "own", lambda: mine)
    return mine


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_archival_tagged_and_genuine_in_every_language(kept: Kept, language: str) -> None:
    data = drawn(kept, language)
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    root = PdfFileReader(io.BytesIO(data)).root
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "ja-JP"
    found = checked(data, kept)
    assert (found.valid, found.code, found.sealed) == (True, "", False)
    assert found.file.statement == statement(kept.file["certificate"])


def test_the_same_certificate_gives_the_same_bytes(kept: Kept) -> None:
    assert drawn(kept) == drawn(kept)
    assert drawn(kept) != drawn(kept, "en")


def test_what_lies_inside_is_reached_as_the_standard_says(kept: Kept) -> None:
    reader = PdfFileReader(io.BytesIO(drawn(kept)))
    inside = json.loads(reader.root["/PieceInfo"]["/Tojimari"]["/Private"].data)
    assert json.loads(inside["file"]) == kept.file


def test_no_byte_of_a_paper_can_be_changed_unnoticed(kept: Kept) -> None:
    data = drawn(kept)
    for place in range(0, len(data), 61):
        changed = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
        assert not checked(changed, kept).valid, place


def test_changed_pages_are_told_apart_from_a_changed_file(kept: Kept) -> None:
    data = drawn(kept)
    found = checked(data.replace(b"/Marked true", b"/Marked  rue", 1), kept)
    assert (found.valid, found.code, found.file.valid) == (False, "paper.pages", True)


def test_nothing_may_be_added_behind(kept: Kept) -> None:
    data = drawn(kept)
    assert checked(data + b"\n", kept).code == "paper.more"
    assert checked(data[:-1], kept).code == "paper.pages"
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.set_info(writer.add_object(writer.trailer["/Info"].get_object()))
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko gives no types for it
    assert checked(out.getvalue(), kept).code == "paper.more"


def test_pages_of_one_certificate_do_not_vouch_for_another(keys_home: Any, as_worker: None, sim_line: Line) -> None:
    one, other = certified(sim_line), certified(sim_line, case_id=2, reference="TJ-AAAA-BBBB-CCCC")
    data = drawn(one)
    pages = data[: re.search(rb"\n\d+ 0 obj\n<</Type/TojimariPaper", data).start()]  # type: ignore[union-attr]  # there is one
    said = statement(one.file["certificate"])
    swapped = attach(pages, other.file, said=said, language="en", signer=keys.signer())
    assert checked(swapped, one).valid  # signed by us, as a whole: so the key must not be lent
    inner = {**one.file, "certificate": other.file["certificate"]}
    assert checked(attach(pages, inner, said=said, language="en", signer=keys.signer()), one).code == "chain.reference"


def test_other_files_are_no_papers(kept: Kept) -> None:
    assert checked(b"%PDF-1.7\n%%EOF", kept).code == "paper.none"
    twice = drawn(kept) + drawn(kept)
    assert checked(twice, kept).code == "paper.form"


def test_a_stream_that_unpacks_without_end_is_refused(kept: Kept) -> None:
    bomb = zlib.compress(b" " * 50_000_000)
    data = b"%%PDF-1.7\n9 0 obj\n<</Type/TojimariPaper/Filter/FlateDecode/Length %d>>\nstream\n%b" % (len(bomb), bomb)
    assert checked(data, kept).code == "paper.form"


def test_a_text_inside_that_is_no_unicode_is_refused(kept: Kept) -> None:
    inside = zlib.compress(json.dumps({"file": "\ud800", "paper": ""}).encode())
    data = b"%%PDF-1.7\n9 0 obj\n<</Type/TojimariPaper/Filter/FlateDecode/Length %d>>\nstream\n%b" % (
        len(inside),
        inside,
    )
    assert checked(data, kept).code == "paper.form"


def test_another_installations_paper_is_not_ours(kept: Kept, tmp_path: Any) -> None:
    data = drawn(kept)
    keys.rotate(at=datetime.now(UTC))
    only_new = {"keys": [keys.public_keys()["keys"][-1]]}
    found = check_paper(data, trusted_keys(json.dumps(only_new).encode()))
    assert (found.valid, found.code) == (False, "key.unknown")


# The seal ------------------------------------------------------------------------------------------------------------


def test_a_sealed_paper_is_accepted_by_pyhanko_and_by_us(kept: Kept, seal: paper_seal.Seal) -> None:
    data = drawn(kept)
    signature = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = paper_seal.apart(lambda: validate_pdf_signature(signature, context))
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    found = checked(data, kept)
    assert (found.valid, found.code, found.sealed) == (True, "", True)


def test_a_changed_byte_fails_for_pyhanko_and_for_us(kept: Kept, seal: paper_seal.Seal) -> None:
    data = drawn(kept)
    place = data.index(b"/ViewerPreferences")
    changed = data[:place] + data[place:].replace(b"L2R", b"R2L", 1)
    signature = PdfFileReader(io.BytesIO(changed)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    assert not paper_seal.apart(lambda: validate_pdf_signature(signature, context)).intact
    assert checked(changed, kept).code == "paper.pages"


def test_no_byte_of_the_seal_can_be_changed_unnoticed(kept: Kept, seal: paper_seal.Seal) -> None:
    data, bare = drawn(kept), len(drawn(kept, seal=False))
    contents = range(data.index(b"/Contents <", bare), data.index(b">", data.index(b"/Contents <", bare)))
    for place in [*range(bare + 400, len(data), 997), contents[200]]:
        byte = data[place]
        if place in contents and chr(byte) == "0":
            continue  # the padding behind a signature says nothing
        found = checked(data[:place] + bytes([byte ^ 1]) + data[place + 1 :], kept)
        assert found.code == "paper.seal", place


def test_a_missing_or_foreign_seal_is_noticed(
    kept: Kept, seal: paper_seal.Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = drawn(kept)
    end = sealed.index(b"%%EOF\n", sealed.index(b"/TojimariPaper")) + len(b"%%EOF\n")
    bare = sealed[:end]
    assert checked(bare, kept).code == "paper.seal"
    foreign = paper_seal.read(*a_seal())
    assert checked(foreign.seal(bare), kept).code == "paper.seal"
    with pytest.raises(paper_seal.SealTrouble, match="filled already"):
        foreign.seal(sealed)
    assert checked(seal.seal(bare), kept).valid


def test_a_seal_that_cannot_be_used_says_why() -> None:
    certificate, key = a_seal()
    with pytest.raises(paper_seal.SealTrouble, match="not the key"):
        paper_seal.read(certificate, a_seal()[1])
    with pytest.raises(paper_seal.SealTrouble, match="PEM"):
        paper_seal.read("nonsense", key)
    with pytest.raises(paper_seal.SealTrouble, match="PEM"):
        paper_seal.read(certificate, "nonsense")
