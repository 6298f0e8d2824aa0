"""Is a chip's word taken only for what that very chip signed, and is every forged one refused for its own reason?"""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.cast import fresh_eid, fresh_iccid
from tests.support.rsp import CI, EXPIRED, NOT_YET, NOW, Chip, Maker, Root, metadata, new_key, tlv
from tojimari.network.elements.es2plus import chip as chips
from tojimari.network.elements.es2plus import der
from tojimari.network.elements.es2plus.chip import fits, verified
from tojimari.network.elements.es2plus.unproved import Unproved, Why

ROOT = Root()
MAKER = Maker(ROOT)
EID, ICCID = fresh_eid(77), fresh_iccid(77)
CHIP = Chip(MAKER, EID)


def why(data: bytes, *roots: Root) -> Why:
    with pytest.raises(Unproved) as refused:
        verified(data, [root.certificate for root in roots or (ROOT,)], at=NOW)
    return refused.value.why


def test_a_genuine_notice_proves_which_chip_deleted_which_profile() -> None:
    found = verified(CHIP.notice(ICCID, number=42), [Root().certificate, ROOT.certificate], at=NOW)
    assert (found.iccid, found.eid, found.number, found.maker) == (ICCID, EID, 42, "Test EUM")
    fits(found, iccid=ICCID, eid=EID)
    fits(found, iccid=ICCID, eid="")


@pytest.mark.parametrize("digits", [18, 19, 20])
def test_every_length_of_an_iccid_is_read(digits: int) -> None:
    iccid = ("8981" * 5)[:digits]
    assert verified(CHIP.notice(iccid), [ROOT.certificate], at=NOW).iccid == iccid


def test_a_later_standard_may_say_more_within_what_is_signed() -> None:
    assert verified(CHIP.notice(ICCID, more=tlv("83", b"new")), [ROOT.certificate], at=NOW).iccid == ICCID


OTHER_MAKER = Maker(Root("Another CI"))
FORGED: dict[str, tuple[bytes, Why]] = {
    "signed with another key": (CHIP.notice(ICCID, key=new_key()), Why.SIGNATURE_WRONG),
    "by a chip below another root": (Chip(OTHER_MAKER, EID).notice(ICCID), Why.ROOT_UNKNOWN),
    "by a chip below a root of the same name": (Chip(Maker(Root()), EID).notice(ICCID), Why.ROOT_UNKNOWN),
    "by a chip that another maker has signed": (
        Chip(MAKER, EID, issued_by=Maker(ROOT)).notice(ICCID),
        Why.CHAIN_BROKEN,
    ),
    "by an expired chip": (Chip(MAKER, EID, valid=EXPIRED).notice(ICCID), Why.OUT_OF_DATE),
    "by a chip of the future": (Chip(MAKER, EID, valid=NOT_YET).notice(ICCID), Why.OUT_OF_DATE),
    "by a chip of an expired maker": (Chip(Maker(ROOT, valid=EXPIRED), EID).notice(ICCID), Why.OUT_OF_DATE),
    "by a maker who may not make it": (Chip(Maker(ROOT, eids="89033023"), EID).notice(ICCID), Why.EID_FOREIGN),
    "by a maker of another organisation": (Chip(MAKER, EID, organisation="Other").notice(ICCID), Why.EID_FOREIGN),
    "by a maker without limits": (Chip(Maker(ROOT, limited=False), EID).notice(ICCID), Why.CHAIN_BROKEN),
    "by a maker who is no maker": (Chip(Maker(ROOT, role=CI), EID).notice(ICCID), Why.CHAIN_BROKEN),
    "by a maker who is no authority": (Chip(Maker(ROOT, path_length=None), EID).notice(ICCID), Why.CHAIN_BROKEN),
    "by a maker with authorities below": (Chip(Maker(ROOT, path_length=1), EID).notice(ICCID), Why.CHAIN_BROKEN),
    "by what is no chip": (Chip(MAKER, EID, role=CI).notice(ICCID), Why.CHAIN_BROKEN),
    "by a chip whose key is for something else": (
        Chip(MAKER, EID, signs="key_agreement").notice(ICCID),
        Why.CHAIN_BROKEN,
    ),
    "with an EID that is none": (Chip(MAKER, EID[:31]).notice(ICCID), Why.EID_FOREIGN),
    "of an installation": (CHIP.notice(ICCID, operation="install"), Why.NOT_A_DELETE),
    "of an enabling": (CHIP.notice(ICCID, operation="enable"), Why.NOT_A_DELETE),
    "of a disabling": (CHIP.notice(ICCID, operation="disable"), Why.NOT_A_DELETE),
    "of everything at once": (CHIP.notice(ICCID, operation="04F0"), Why.NOT_A_DELETE),
    "as an installation's result": (tlv("BF37", CHIP.notice(ICCID)), Why.NOT_A_DELETE),
    "of no profile": (CHIP.notice(""), Why.NO_ICCID),
    "with bytes behind it": (CHIP.notice(ICCID) + b"\0", Why.UNREADABLE),
    "with a second notice behind it": (CHIP.notice(ICCID) * 2, Why.UNREADABLE),
    "cut off": (CHIP.notice(ICCID)[:-1], Why.UNREADABLE),
    "empty": (b"", Why.UNREADABLE),
    "far too long": (CHIP.notice(ICCID) + b"\0" * chips.MOST_BYTES, Why.UNREADABLE),
    "with something between the parts": (CHIP.signed(metadata(ICCID) + tlv("04", b"x")), Why.UNREADABLE),
    "with two ICCIDs": (CHIP.notice(ICCID, more=tlv("5A", b"\x98" * 10)), Why.UNREADABLE),
    "with an ICCID that is none": (CHIP.notice("", more=tlv("5A", b"\xfa" * 10)), Why.UNREADABLE),
    "with an ICCID that is too short": (CHIP.notice("", more=tlv("5A", b"\x98" * 9)), Why.UNREADABLE),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_notice_is_refused_with_its_reason(what: str) -> None:
    data, reason = FORGED[what]
    assert why(data) is reason


def test_a_notice_changed_in_any_byte_proves_nothing() -> None:
    genuine = CHIP.notice(ICCID)
    maker = len(MAKER.certificate.public_bytes(Encoding.DER))
    # The maker's certificate, which the root has signed as a whole, is tried at every seventh byte.
    for place in [*range(len(genuine) - maker), *range(len(genuine) - maker, len(genuine), 7)]:
        changed = genuine[:place] + bytes([genuine[place] ^ 0x01]) + genuine[place + 1 :]
        with pytest.raises(Unproved):
            verified(changed, [ROOT.certificate], at=NOW)


def test_another_profile_or_another_chip_is_not_this_lines() -> None:
    found = verified(CHIP.notice(ICCID), [ROOT.certificate], at=NOW)
    with pytest.raises(Unproved) as replay:
        fits(found, iccid=fresh_iccid(78), eid=EID)
    with pytest.raises(Unproved) as other:
        fits(found, iccid=ICCID, eid=fresh_eid(78))
    assert (replay.value.why, other.value.why) == (Why.OTHER_ICCID, Why.OTHER_EID)


def test_no_root_trusts_nobody() -> None:
    with pytest.raises(Unproved) as refused:
        verified(CHIP.notice(ICCID), [], at=NOW)
    assert refused.value.why is Why.ROOT_UNKNOWN


@pytest.mark.parametrize(
    "data",
    [
        "30820003020107",  # a length of three in two bytes
        "308103020107",  # ... in the long form
        "3080020107",  # an endless one
        "1f0200",  # a tag in two bytes that fits into one
        "bf810100",  # a tag of three bytes
        "30",
        "3085" + "00" * 5,
    ],
)
def test_only_der_is_read(data: str) -> None:
    with pytest.raises(der.NotDer):
        der.only(bytes.fromhex(data))
