"""Is only what one sees kept of a picture, is everything sealed, and can it all be shown and removed?"""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from tests.terminations.guided_play import AT, a_plan
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.guided import evidence
from tojimari.terminations.guided.actions import mark_done
from tojimari.terminations.guided.fence import inside
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase, GuidedEvidence
from tojimari.terminations.guided.pictures import LONGEST_SIDE, MOST_BYTES, redrawn
from tojimari.terminations.guided.queries import case_view
from tojimari.terminations.guided.record import facts_of_record


def written(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_device_and_remarks_stay_behind(kind: str) -> None:
    hidden = Image.Exif()
    hidden[0x010F] = "PhoneMaker"
    hidden.get_ifd(0x8825)[1] = "N"
    how: dict[str, object] = {"exif": hidden}
    if kind == "PNG":
        remarks = PngImagePlugin.PngInfo()
        remarks.add_text("Comment", "at home")
        how |= {"pnginfo": remarks}
    found = redrawn(written(Image.new("RGB", (40, 30), "navy"), kind, **how) + b"trailing secret")
    assert (found.width, found.height) == (40, 30)
    assert not opened(found.data).getexif()
    for secret in (b"PhoneMaker", b"at home", b"trailing secret", b"Exif"):
        assert secret not in found.data


def test_a_picture_is_turned_as_it_is_meant_and_made_small_enough() -> None:
    lying = Image.Exif()
    lying[0x0112] = 6  # turned by a quarter
    found = redrawn(written(Image.new("RGB", (4000, 1000)), "JPEG", exif=lying))
    assert (found.width, found.height) == (LONGEST_SIDE // 4, LONGEST_SIDE)


def test_what_is_clear_becomes_white_as_on_the_page() -> None:
    found = redrawn(written(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))
    assert opened(found.data).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_phone_is_turned_upright(orientation: int) -> None:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 30, 20))  # one dark quarter tells all eight apart
    lying = Image.Exif()
    lying[0x0112] = orientation
    data = written(picture, "JPEG", exif=lying, quality=95)
    right = ImageOps.exif_transpose(opened(data)).convert("L")
    found = opened(redrawn(data).data).convert("L")
    assert found.size == right.size
    corners = [(5, 5), (right.width - 5, 5), (5, right.height - 5), (right.width - 5, right.height - 5)]
    assert [found.getpixel(at) > 128 for at in corners] == [right.getpixel(at) > 128 for at in corners]  # type: ignore[operator]  # a grey picture has one number a point


def test_a_picture_with_broken_particulars_is_kept_all_the_same() -> None:
    odd = Image.Exif()
    odd[0x0112], odd[0x0128] = 6, 2
    data = bytearray(written(Image.new("RGB", (40, 30)), "JPEG", exif=odd))
    data[data.index(b"\x01\x28\x00\x03") + 3] = 2  # the unit of resolution, given as letters
    assert redrawn(bytes(data)).width == 30


def bomb() -> bytes:
    """A tiny PNG whose header claims 60,000 by 60,000 points."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(99))))
    written_out = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written_out)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "guided.picture_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "guided.picture_kind"),
        (b"%PDF-1.7", "guided.picture_kind"),
        (written(Image.new("RGB", (9, 9)), "GIF"), "guided.picture_kind"),
        (written(Image.new("RGB", (300, 300), "red"), "PNG")[:200], "guided.picture_kind"),
        (b"\xff\xd8\xff" + bytes(200), "guided.picture_kind"),
        (bytes(MOST_BYTES + 1), "guided.picture_too_large"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        redrawn(data)
    assert caught.value.code == code


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header() -> None:
    with pytest.raises(Refused) as caught:
        redrawn(bomb())
    assert caught.value.code == "guided.picture_too_many_pixels"


def test_what_must_be_decoded_whole_has_a_lower_bound_than_a_photo() -> None:
    with pytest.raises(Refused) as caught:
        redrawn(written(Image.new("1", (5001, 5001)), "PNG"))
    assert caught.value.code == "guided.picture_too_many_pixels"
    assert redrawn(written(Image.new("RGB", (5001, 5001)), "JPEG")).width == LONGEST_SIDE


@pytest.fixture
def case(db: None) -> GuidedCase:
    return a_plan()


def test_what_is_kept_is_sealed_for_its_place(case: GuidedCase) -> None:
    other = a_plan()
    with inside(case.reference):
        kept = evidence.add_text(case, 1, EvidenceKind.MAIL, "ご解約を承りました\r\n", at=AT)
        assert "解約".encode() not in bytes(kept.sealed)
        assert evidence.pieces(case)[0].text == "ご解約を承りました"
    with every_carrier():
        GuidedEvidence.objects.filter(pk=kept.pk).update(case=other, step=None, fence=other.fence)
    with inside(other.reference):
        assert evidence.pieces(other)[0].text == "", "what was moved to another case does not open"


def test_the_same_thing_sent_twice_is_kept_once_and_there_is_a_most(case: GuidedCase) -> None:
    with inside(case.reference):
        one = evidence.add_text(case, 1, EvidenceKind.NOTE, "x", at=AT)
        assert evidence.add_text(case, 1, EvidenceKind.NOTE, "x", at=AT).pk == one.pk
        for number in range(evidence.MOST - 1):
            evidence.add_text(case, 1, EvidenceKind.NOTE, f"{number}", at=AT)
        with pytest.raises(Refused) as caught:
            evidence.add_text(case, 1, EvidenceKind.NOTE, "one more", at=AT)
    assert caught.value.code == "guided.too_much"


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda case: evidence.add_text(case, 1, EvidenceKind.NOTE, "x" * 2001, at=AT), "guided.text_too_long"),
        (lambda case: evidence.add_text(case, 99, EvidenceKind.NOTE, "x", at=AT), "guided.no_such_step"),
        (
            lambda case: evidence.add_charge(case, evidence.Charge(date(2026, 12, 1), 0, ""), at=AT),
            "guided.charge_amount",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(case: GuidedCase, deed: object, code: str) -> None:
    with inside(case.reference), pytest.raises(Refused) as caught:
        deed(case)  # type: ignore[operator]  # one of the deeds above
    assert caught.value.code == code


def test_a_removed_piece_is_gone_and_one_of_another_case_stays(case: GuidedCase) -> None:
    other = a_plan()
    with inside(other.reference):
        theirs = evidence.add_text(other, 1, EvidenceKind.NOTE, "theirs", at=AT)
    with inside(case.reference):
        mine = evidence.add_text(case, 1, EvidenceKind.NOTE, "mine", at=AT)
        assert not evidence.remove(case, theirs.pk)
        assert evidence.remove(case, mine.pk)
        assert evidence.picture(case, mine.pk) is None
    with every_carrier():
        assert list(GuidedEvidence.objects.values_list("pk", flat=True)) == [theirs.pk]


def test_the_record_names_steps_times_and_digests_but_no_words_of_a_mail(case: GuidedCase) -> None:
    with inside(case.reference):
        evidence.add_text(case, 1, EvidenceKind.RECEIPT_NUMBER, "A-4711", at=AT)
        mail = evidence.add_text(case, 1, EvidenceKind.MAIL, "秘密", at=AT)
        evidence.add_charge(case, evidence.Charge(date(2026, 12, 1), 2970, "ドコモ"), at=AT)
        mark_done(case, 1, done_at=AT, at=AT)
        case.refresh_from_db()
        said = facts_of_record(case_view(case, AT))
    first = said["steps"][0]
    assert first["done_at"] == "2026-11-20T12:00:00+09:00"
    assert first["evidence"][0]["receipt_number"] == "A-4711"
    assert first["evidence"][1]["sha256"] == mail.sha256
    assert "秘密" not in str(said)
    assert said["charges_after_the_end"][0]["yen"] == 2970
    assert said["carrier"]["facts_sha256"] == case.facts_digest
