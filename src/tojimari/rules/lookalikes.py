"""Whose name does a foreign host imitate?

Measured on twenty thousand forged addresses: three quarters bear nothing of the name that they abuse, most of the rest
bear the name spelled right on a foreign domain, and tricks with letters are rare. So likeness is only ever a reason to
warn. Its absence proves nothing, and what is official is decided by whole labels alone (`Known.owners`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tojimari.rules.hosts import as_read, below_or_same, can_be_looked_up, folded, in_ascii, is_ip, place
from tojimari.rules.link_findings import Why
from tojimari.rules.packaged import table

Owners = tuple[str, ...]

_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


@dataclass(frozen=True, slots=True)
class Known:
    """Lists of names, each with its owners. `words`: what tells whose a name is, "tabi" of close.tabi.co.jp."""

    names: Mapping[str, Owners]
    words: Mapping[str, Owners]

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[str]]) -> Known:
        """Take owner -> hosts, with or without port. What everybody may register below is nobody's name."""
        names: dict[str, Owners] = {}
        words: dict[str, Owners] = {}
        for owner, hosts in lists.items():
            for name in filter(None, map(_as_name, hosts)):
                names[name] = tuple(dict.fromkeys([*names.get(name, ()), owner]))
                if word := "" if is_ip(name) else place(name).word:
                    words[word] = tuple(dict.fromkeys([*words.get(word, ()), owner]))
        return cls(names, words)

    def owners(self, host: str) -> Owners:
        """Return whose a host is; nobody's where it is on no list. The longest name decides."""
        if not (can_be_looked_up(host) or host in self.names):
            return ()
        fitting = [name for name in self.names if below_or_same(host, name)]
        return self.names[max(fitting, key=len)] if fitting else ()

    def siblings(self, host: str) -> Owners:
        """Return who has a name below the same registered domain as this host."""
        registered = place(host).registered
        owners = (self.names[name] for name in self.names if registered and place(name).registered == registered)
        return tuple(dict.fromkeys(owner for some in owners for owner in some))


def _as_name(host: str) -> str:
    name = in_ascii(without_port(folded(host)).rstrip("."))
    if is_ip(name) or "." not in name:
        return name  # an installation that is only tried out: exactly this, and nothing below
    return name if can_be_looked_up(name) and place(name).word else ""


def without_port(host: str) -> str:
    """Return a host without its port; an IPv6 address without its brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def imitated(host: str, known: Known) -> tuple[Why, Owners] | None:
    """Say how a foreign host resembles a listed name, and whose; None where it does not."""
    read = as_read(host)
    tokens = [token for token in re.split(r"[^a-z0-9]+", read) if token]
    for name in sorted(known.names, key=len, reverse=True):
        if "." in name and not is_ip(name) and (_stands_in(name, tokens) or _sticks_to(name, read)):
            return Why.NAME_INSIDE, known.names[name]
    labels = [label for label in _own_labels(read).split(".") if label]
    for how, fits in ((Why.WORD, _bears), (Why.LETTERS, _resembles)):
        for word in sorted(known.words, key=len, reverse=True):
            if fits(labels, word):
                return how, known.words[word]
    return None


def _own_labels(host: str) -> str:
    """What the owner of a host could choose: all of it but the public suffix, which says nothing about anybody."""
    found = place(host)
    return f"{found.below}.{found.word}" if found.word else host


def _stands_in(name: str, tokens: list[str]) -> bool:
    """Whether the labels of a name follow each other, as in softbank.jp.example.info, ips-au.com, softbank-jp.shop."""
    wanted = re.split(r"[.-]", name)
    return any(tokens[start : start + len(wanted)] == wanted for start in range(len(tokens) - len(wanted) + 1))


def _sticks_to(name: str, host: str) -> bool:
    """Whether a host ends with a name, only without the dot, as xsoftbank.jp. Short words end many honest names."""
    return host.endswith(name) and not below_or_same(host, name) and len(place(name).word) >= 4


def _pieces(label: str) -> list[str]:
    return [piece for piece in (label, label.replace("-", ""), *label.split("-")) if piece]


def _bears(labels: list[str], word: str) -> bool:
    """Whether the word itself is used. The shorter it is, the more must speak for it: "au" stands in many words."""
    if len(word) <= 3:
        return _bears_short(labels, word)
    pieces = {piece for label in labels for piece in _pieces(label)}
    joined = word.replace("-", "")
    if joined in pieces or word in pieces or any(_lured(piece, joined) for piece in pieces):
        return True
    return len(joined) >= 6 and word not in table("links")["parts_of_words"] and any(joined in it for it in pieces)


def _lured(piece: str, word: str) -> bool:
    """Whether nothing but words of sign-in or paying stands around the word, as in "mypovologin"."""
    before, found, after = piece.partition(word)
    return bool(found) and all(part in ("", *table("links")["lures"]) or part.isdigit() for part in (before, after))


def _bears_short(labels: list[str], word: str) -> bool:
    """Whether one label says nothing but the word and words of sign-in or paying, and such a word is there at all."""
    lures = table("links")["lures"]
    split = [_split(label, word) for label in labels]
    wholly = any(word in parts and all(part in (word, *lures) or part.isdigit() for part in parts) for parts in split)
    return wholly and any(part in lures for parts in split for part in parts)


def _split(label: str, word: str) -> list[str]:
    return [part for piece in label.split("-") if piece for part in (_split_off(piece, word) or [piece])]


def _split_off(piece: str, word: str) -> list[str]:
    """Return a piece as the word and one word of sign-in or paying, as "aupay" or "loginau"; empty where it is not."""
    for lure in table("links")["lures"]:
        if piece == word + lure:
            return [word, lure]
        if piece == lure + word:
            return [lure, word]
    return []


def _bare(piece: str) -> str:
    """A piece without the words of sign-in and paying around it: "povo" of "mypovologin"."""
    lures = table("links")["lures"]
    while cut := next((lure for lure in lures if piece.startswith(lure) and piece != lure), ""):
        piece = piece.removeprefix(cut)
    while cut := next((lure for lure in lures if piece.endswith(lure) and piece != lure), ""):
        piece = piece.removesuffix(cut)
    return piece


def _resembles(labels: list[str], word: str) -> bool:
    """Whether a piece reads like the word: the same to the eye, or, if the word is long, one letter off."""
    if len(word) <= 3:
        return False
    other, alone = skeleton(word), word in table("links")["parts_of_words"]
    for piece in {piece for label in labels for piece in (*_pieces(label), _bare(label))}:
        one = skeleton(piece)
        if one == other:
            return True
        if len(word) >= 6 and not alone:
            off = _one_edit(one, other) and (len(word) >= 7 or one[:1] == other[:1])
            if off or other in one:
                return True
    return False


def skeleton(label: str) -> str:
    """The label as the eye takes it (after UTS #39): marks dropped, look-alikes replaced, "rn" read as "m"."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", label) if not unicodedata.combining(mark))
    look_alike = table("links")["look_alike"]
    seen = "".join(look_alike.get(mark, mark) for mark in bare)
    for pair, letter in table("links")["look_alike_pairs"].items():
        seen = seen.replace(pair, letter)
    return seen


def mixes_alphabets(host: str) -> bool:
    """Whether letters of several alphabets that resemble each other stand in one label."""
    for label in as_read(host).split("."):
        of = {unicodedata.name(mark, "").partition(" ")[0] for mark in label if mark.isalpha()}
        if len(of & set(_ALPHABETS)) > 1:
            return True
    return False


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter is replaced, missing or added, or two neighbours have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
