"""What does the check of a certificate say to a person?

The texts are English message ids, marked for the translation tools. The command that checks offline starts no Django,
so whoever shows a text translates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def gettext_noop(message: str) -> str:
    """Mark a text for the translation tools, which know this name, and return it unchanged."""
    return message


TEXTS: Mapping[str, str] = {
    "file.not_json": gettext_noop("The file is no JSON: it was cut off or changed, or it is another kind of file."),
    "file.duplicate_member": gettext_noop("The file says something twice, so it can be read in two ways."),
    "file.too_large": gettext_noop("The file is far larger than any certificate."),
    "file.members": gettext_noop("The file does not have the parts of a certificate, or it has more than these."),
    "file.format": gettext_noop("The file has a format that this version does not know."),
    "record.members": gettext_noop("The file does not have the parts of a record of steps, or it has more than these."),
    "record.what": gettext_noop(
        "This is not a certificate. It is a record of the steps that a person says they did at a carrier. The carrier "
        "confirmed nothing, and it does not show that a line was closed."
    ),
    "record.genuine": gettext_noop("It was signed here and is unchanged."),
    "signature.form": gettext_noop("The signature is not written as it must be: it was cut off or changed."),
    "signature.algorithm": gettext_noop("The file asks for another way of signing. Only Ed25519 is accepted."),
    "signature.type": gettext_noop("What is signed is not a certificate."),
    "signature.header": gettext_noop("The signature's header has parts that do not belong there."),
    "signature.wrong": gettext_noop("The signature does not fit: what is said was changed after it was signed."),
    "statement.form": gettext_noop("What is signed is not a certificate of this format."),
    "key.unknown": gettext_noop("It was signed with a key that is not among the published ones."),
    "key.retired": gettext_noop("It was signed with a key that was no longer in use at that time."),
    "event.form": gettext_noop("An entry of the history is not written as it must be."),
    "chain.reference": gettext_noop("An entry of the history belongs to another case."),
    "chain.order": gettext_noop("An entry of the history is missing, doubled or out of order."),
    "chain.prev": gettext_noop("An entry of the history does not continue the one before it."),
    "chain.hash": gettext_noop("An entry of the history was changed."),
    "chain.shortened": gettext_noop("The end of the history is missing."),
    "chain.longer": gettext_noop("The history has entries that were not signed."),
    "chain.head": gettext_noop("The history is not the one that was signed."),
    "paper.none": gettext_noop("No certificate of ours lies in this PDF."),
    "paper.form": gettext_noop("What lies in this PDF is not written as it must be: it was cut off or changed."),
    "paper.pages": gettext_noop("The pages of this PDF were changed. The signed file in it is genuine."),
    "paper.other": gettext_noop("The pages of this PDF belong to another certificate than the file in it."),
    "paper.more": gettext_noop("Something was added to this PDF after it was made. The signed file in it is genuine."),
    "paper.seal": gettext_noop(
        "The electronic seal of this PDF is missing, broken or somebody else's. The signed file in it is genuine."
    ),
    "certificate.unknown": gettext_noop("We issued no certificate with this reference and these check characters."),
    "addendum.form": gettext_noop("What was added after the certificate is not written as it must be."),
    "addendum.signature": gettext_noop("What was added after the certificate was changed, or was never signed here."),
    "addendum.key": gettext_noop("What was added after the certificate was signed with a key that is not believed."),
    "addendum.certificate": gettext_noop("What was added belongs to another certificate."),
    "addendum.history": gettext_noop(
        "The history between the certificate and what was added later is not the one that was signed."
    ),
    "addendum.notice": gettext_noop("The notice that lies beside what was added is not the one that was signed."),
    "addendum.newer": gettext_noop(
        "The certificate is genuine. Since this file was saved, something was added that it does not have."
    ),
    "inclusion.form": gettext_noop("What shows the certificate among those of its day is not written as it must be."),
    "inclusion.certificate": gettext_noop("What shows a certificate among those of its day belongs to another one."),
    "inclusion.path": gettext_noop("The certificate is not among those that were signed that day."),
    "inclusion.day": gettext_noop("The day that it points to was over before the certificate was issued."),
    "root.signature": gettext_noop("The signed list of that day was changed, or it is none."),
    "root.key": gettext_noop("The list of that day was signed with a key that is not to be believed."),
    "stamp.form": gettext_noop("The time stamp is not written as it must be."),
    "stamp.root": gettext_noop("The time stamp was given to something else."),
    "stamp.authority": gettext_noop("The time stamp does not come from an authority that you named."),
    "stamp.certificate": gettext_noop("The file with the certificates of the time stamping authority cannot be read."),
    "stamp.unchecked": gettext_noop(
        "Name the authority's certificates with --tsa FILE to have the time stamp checked."
    ),
    "keys.not_json": gettext_noop("The file of keys is no JSON."),
    "keys.empty": gettext_noop("The file of keys holds no keys. It must be a JWK Set."),
    "keys.kind": gettext_noop("The file of keys holds a key that is no public Ed25519 key."),
    "keys.private": gettext_noop("The file of keys holds a private key. Use the published file, and renew that key."),
    "keys.kid": gettext_noop("A key in the file of keys stands under another key's name."),
    "keys.duplicate": gettext_noop("The file of keys holds a key twice."),
    "profile.deletion_told": gettext_noop("The profile server reported that the eSIM was deleted"),
    "profile.deletion_signed": gettext_noop("The chip itself signed that the eSIM was deleted"),
    "network_proof": gettext_noop(
        "The network rejected the line when it was tried again: it is gone from the network."
    ),
    "network_proof.read_back": gettext_noop(
        "The network was read again, and the line is no longer there. Nobody tried to connect with it."
    ),
    "network_proof.service": gettext_noop("The network no longer offers the service on this line."),
    "attested_by_hand": gettext_noop("A named member of staff attested that it was done by hand."),
    "simulated": gettext_noop("SIMULATED: no real network took part. This proves nothing about a real line."),
}

_AGAIN = gettext_noop(
    "Do not rely on it. Ask for the file as it was saved at first, or save it anew from the status page of the case."
)
_AS_SAVED = gettext_noop(
    "Choose the certificate as it was saved: a file that ends in .json, or the PDF. Other programs that open and save "
    "it change it."
)
_FILE_ALONE = gettext_noop(
    "Rely on nothing that the pages show. What the signed file says stands below. Save the PDF anew from the status "
    "page."
)
_WHOSE = gettext_noop(
    "Another carrier may have issued it: check it on the page of that carrier. If it claims to be ours, it is false."
)

WAYS_ON: Mapping[str, str] = {
    "file": _AS_SAVED,
    "file.format": gettext_noop("It may be newer than this page. Ask the carrier that issued it."),
    "record": _AGAIN,
    "record.what": gettext_noop(
        "It can help you in a complaint. Whether the line is closed, only that carrier can say: ask for it in writing."
    ),
    "signature": _AGAIN,
    "statement": _AGAIN,
    "event": _AGAIN,
    "chain": _AGAIN,
    "addendum.newer": gettext_noop("Save the certificate anew from the status page of the case."),
    "addendum": _AGAIN,
    "inclusion": _AGAIN,
    "root": _AGAIN,
    "stamp": _AGAIN,
    "key.unknown": _WHOSE,
    "key.retired": _AGAIN,
    "paper.none": gettext_noop(
        "A scan, a photo or a print does not hold the signed file. Choose the PDF as it was saved, or scan the code on "
        "the paper."
    ),
    "paper.form": _AGAIN,
    "paper": _FILE_ALONE,
    "certificate.unknown": gettext_noop(
        "Look whether the whole address was read: scan the code once more, in good light. If it stays so, the paper is "
        "not ours or was changed."
    ),
}
"""What to do, by a code or by the part before its dot."""


def shown_by(said: Mapping[str, Any]) -> str:
    """Return the name of the words that tell how a certificate's end is known."""
    how, scope = said.get("terminated") or {}, (said.get("case") or {}).get("scope", "line")
    by = str(how.get("by", ""))
    if by != "network_proof":
        return by
    if scope != "line":
        return "network_proof.service"
    return "network_proof.read_back" if how.get("how") == "read_back" else by


def way_on(code: str) -> str:
    """Return the message id of the way on; the general one for a code without words of its own."""
    return WAYS_ON.get(code) or WAYS_ON.get(code.partition(".")[0], _AGAIN)
