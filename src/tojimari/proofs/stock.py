"""Is everything that this installation keeps as proof still whole?

Whoever holds a certificate can check it. This looks at the whole stock: after a restore, after a disk that failed, or
on suspicion that somebody went past the database's own refusals. Every history is recomputed from its first entry and
compared with everything that was ever signed of it: certificate, addenda, and the root of each day. It changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from django.db.models import Count, Max

from tojimari.proofs.broken import Broken
from tojimari.proofs.chain import check_chain
from tojimari.proofs.formats import ADDENDUM_FORMAT, ADDENDUM_TYPE, TYPE
from tojimari.proofs.inclusion import leaf_bytes
from tojimari.proofs.merkle import BLOCK, leaf_hash, root_of
from tojimari.proofs.models import Addendum, Block, Certificate, Event, Leaf, Root
from tojimari.proofs.queries import statement
from tojimari.proofs.verification import TrustedKey, check_root, signed_by

SPAN = 5000
"""How many entries are looked at together, so that memory does not grow with the stock."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not whole: the reference of a case or the day of a root, a code of `words.TEXTS`, the entry if one."""

    where: str
    code: str
    number: int = 0


@dataclass(slots=True)
class Looked:
    """How much was looked at so far."""

    histories: int = 0
    entries: int = 0
    certificates: int = 0
    roots: int = 0


@dataclass(frozen=True, slots=True)
class _Signed:
    """What was signed of a history: the hash of its entry `number`. Empty where nothing that is signed says so."""

    where: str
    number: int
    head: str


def look(keys: Mapping[str, TrustedKey], looked: Looked) -> Iterator[Fault]:
    """Yield what is not whole, as it is found, and count in `looked`. The caller enters the scope of every carrier.

    Cases may go on meanwhile: what is signed is read before the entries that it speaks of.
    """
    after = 0
    while True:
        some = Event.objects.filter(case_id__gt=after).order_by("case_id").values("case_id")[:SPAN]
        last = some.aggregate(last=Max("case_id"))["last"]
        span = {"case_id__gt": after} | ({"case_id__lte": last} if last is not None else {})
        signed: dict[int, list[_Signed]] = defaultdict(list)
        yield from _signed_of(span, keys, signed, looked)
        yield from _histories(span, signed, looked)
        if last is None:
            break
        after = last
    yield from _roots(keys, looked)
    yield from _leaves()


def _signed_of(
    span: Mapping[str, int], keys: Mapping[str, TrustedKey], signed: dict[int, list[_Signed]], looked: Looked
) -> Iterator[Fault]:
    """Collect what was signed of the histories of a span; yield what is not rightly signed."""
    for certificate in Certificate.objects.filter(**span).order_by("case_id"):
        looked.certificates += 1
        try:
            said = signed_by(certificate.jws, keys, kind=TYPE, form=statement(certificate.jws)["format"])[1]
        except (Broken, ValueError, KeyError, IndexError) as error:
            yield Fault(certificate.reference, getattr(error, "code", "signature.form"))
        else:
            chain = said["chain"]
            signed[certificate.case_id].append(_Signed(certificate.reference, chain["events"], chain["head"]))
    for addendum in Addendum.objects.filter(**span).order_by("case_id", "events"):
        try:
            chain = signed_by(addendum.jws, keys, kind=ADDENDUM_TYPE, form=ADDENDUM_FORMAT)[1]["chain"]
        except Broken as broken:
            yield Fault(addendum.reference, "addendum.key" if broken.code.startswith("key.") else "addendum.signature")
        else:
            signed[addendum.case_id].append(_Signed(addendum.reference, chain["events"], chain["head"]))
    for leaf in Leaf.objects.filter(**span).order_by("case_id", "events"):
        signed[leaf.case_id].append(_Signed(f"case {leaf.case_id}", leaf.events, bytes(leaf.head).hex()))


def _histories(span: Mapping[str, int], signed: dict[int, list[_Signed]], looked: Looked) -> Iterator[Fault]:
    """Recompute the histories of a span, and compare each with what was signed of it."""
    events = Event.objects.filter(**span).order_by("case_id", "number").iterator(SPAN)
    for case_id, group in groupby(events, key=lambda event: event.case_id):
        entries = [event.entry for event in group]
        reference = entries[0].reference
        looked.histories += 1
        looked.entries += len(entries)
        try:
            verdict = check_chain(entries)
        except (ValueError, RecursionError):
            yield Fault(reference, "event.form")
        else:
            if not verdict.whole:
                yield Fault(reference, verdict.code, verdict.number)
        hashes = {entry.number: bytes(entry.hash).hex() for entry in entries}
        for one in signed.pop(case_id, ()):
            if one.number not in hashes:
                yield Fault(reference, "chain.shortened", one.number)
            elif hashes[one.number] != one.head:
                yield Fault(reference, "chain.head", one.number)
    for gone in signed.values():
        yield Fault(gone[0].where, "chain.shortened")


def _roots(keys: Mapping[str, TrustedKey], looked: Looked) -> Iterator[Fault]:
    """Look whether each root is signed, follows the one before, and is the root of the blocks that are kept."""
    before, sizes = "", dict(Leaf.objects.values_list("root_id").annotate(Count("pk")))
    for number, root in enumerate(Root.objects.order_by("number").iterator(), 1):
        looked.roots += 1
        tops = Block.objects.filter(root=root).order_by("number").values_list("hash", flat=True)
        kept = {
            "number": number,
            "day": root.day.isoformat(),
            "size": sizes.get(root.pk, 0),
            "root": root_of([bytes(top) for top in tops]).hex(),
            "previous": before,
        }
        try:
            said = check_root(root.jws, keys)
        except Broken as broken:
            yield Fault(root.day.isoformat(), broken.code)
        else:
            if root.number != number or any(said.get(name) != value for name, value in kept.items()):
                yield Fault(root.day.isoformat(), "root.signature")
        before = sha256(root.jws.encode()).hexdigest()


def _leaves() -> Iterator[Fault]:
    """Look whether the leaves that are kept are those over which the blocks of each day were made."""
    days = dict(Root.objects.values_list("pk", "day"))
    leaves = Leaf.objects.order_by("root_id", "index").iterator(SPAN)
    for (root_id, number), group in groupby(leaves, key=lambda leaf: (leaf.root_id, leaf.index // BLOCK)):
        hashes = [_hash(leaf) for leaf in group]
        block = Block.objects.filter(root_id=root_id, number=number).first()
        if block is None or (bytes(block.hashes), bytes(block.hash)) != (b"".join(hashes), root_of(hashes)):
            yield Fault(days[root_id].isoformat(), "inclusion.path")


def _hash(leaf: Leaf) -> bytes:
    parts = (bytes(leaf.certificate).hex(), leaf.events, bytes(leaf.head).hex(), bytes(leaf.salt).hex())
    return leaf_hash(leaf_bytes(*parts))
