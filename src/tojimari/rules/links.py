"""Is this address one of ours, or does it only look like one?

Read from the text alone: nothing is looked up and nothing is opened. An address is ours when its host is one of our
names or ends with a dot and one of them, and in no other case: HTTPS proves nothing, and neither does our name
somewhere in the address. The answer is never "safe" and never "fraud", only what can be seen: ours, looks like ours but
is not, not ours, cannot tell. Where browsers and people might read a text in two ways, it is not called ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import unquote

from tojimari.platform.acting import Refused
from tojimari.rules.packaged import table
from tojimari.rules.text import INVISIBLE

MOST_ADDRESSES = 10


class Finding(StrEnum):
    OURS = "ours"
    LOOKS_LIKE = "looks_like"
    NOT_OURS = "not_ours"
    CANNOT_TELL = "cannot_tell"


class Why(StrEnum):
    """What decided. One reason each: the first that applies."""

    HOST = "host"  # the host is one of our names, or below one
    USER_PART = "user_part"  # something and @ before the host: what stands first is not where it leads
    NAME_INSIDE = "name_inside"  # one of our names whole, but the address goes on or begins otherwise
    OUR_WORD = "our_word"  # our word with another ending or with words added
    LETTERS = "letters"  # letters that look like ours
    GLUED = "glued"  # text sticks to the address
    SHORT = "short"  # a service for short links
    MAIL = "mail"  # an e-mail address: a sender can be forged
    NUMBERS = "numbers"  # an IP address
    SCHEME = "scheme"  # neither http nor https
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one address is. `host` is what it leads to, as a browser would read it."""

    host: str
    finding: Finding
    why: Why


_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*://")
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."} | dict.fromkeys(INVISIBLE))
_TRIM = "()[]{}<>\"'`.,;:!?*|~^“”‘’„«»…‹›「」『』【】〔〕《》〈〉、，；：！？・"
_HOST = re.compile(r"[^\W_](?:[\w\-.]*[^\W])?")


def check(text: str, own_hosts: Iterable[str]) -> list[Verdict]:
    """Return a verdict for each address in a text, in order, each host once; at most `MOST_ADDRESSES`."""
    own = tuple(dict.fromkeys(name for host in own_hosts if (name := _unicode(_without_port(host.lower())))))
    found: dict[Verdict, None] = {}
    for token in text.split():
        for verdict in _of_token(_folded(token), own):
            found.setdefault(verdict)
    return list(found)[:MOST_ADDRESSES]


def belongs_to(host: str, own_hosts: Iterable[str]) -> bool:
    """Say whether a host is one of these names or stands below one of them."""
    return _is_ours(host, tuple(_unicode(_without_port(name.lower())) for name in own_hosts))


_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def domain(text: str) -> str:
    """Return a domain as it is compared, from how people type it: lower case, without scheme, path and last dot.

    Raises `Refused`, with `domain` in its facts: `domain.form` for what is no name of a host in letters, digits and
    hyphens (RFC 1123 2.1; names in other letters as xn--…, RFC 5890), `domain.everybody` for an ending or a service
    that many share, so that naming it would call strangers ours.
    """
    typed = _folded(text.strip())
    name = _SCHEME.sub("", typed, count=1).rstrip("/").rstrip(".")
    labels = name.split(".")
    fits = len(name) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not fits or labels[-1].isdigit() or _is_ip(name):
        raise Refused("domain.form", domain=text.strip())
    shared = table("links")["shared_labels"]
    if (len(labels) == 2 and labels[0] in shared) or belongs_to(name, table("links")["shorteners"]):
        raise Refused("domain.everybody", domain=name)
    return name


def _folded(token: str) -> str:
    """As a browser compares: full-width and capital letters are plain ones, ideographic dots are dots."""
    plain = unicodedata.normalize("NFKC", token.translate(_DOTS)).lower()
    return unicodedata.normalize("NFKC", plain).translate(_DOTS)


def _of_token(token: str, own: Sequence[str]) -> list[Verdict]:
    """Judge what stands between two spaces: a bare address, or each place where one begins with its scheme."""
    starts = [match.start() for match in _SCHEME.finditer(token)]
    verdicts: list[Verdict | None] = []
    if "." in token[: starts[0] if starts else None]:
        verdicts.append(_bare(token, own))
    for start in starts:
        scheme, rest = token[start:].split("://", 1)
        # Text may stick to the front of a scheme: "seehttps://" leads nowhere, but people will read it as https.
        if scheme.endswith(("https", "http")):
            verdicts.append(_judge(_authority(rest.lstrip("/\\")), own))
        else:
            verdicts.append(Verdict(_host_of(_authority(rest)), Finding.NOT_OURS, Why.SCHEME))
    return [verdict for verdict in verdicts if verdict is not None]


def _authority(rest: str) -> str:
    """Up to the first slash, question mark, number sign; browsers take a backslash for a slash."""
    return re.split(r"[/\\?#]", rest, maxsplit=1)[0]


def _bare(token: str, own: Sequence[str]) -> Verdict | None:
    """An address without its scheme, as "example.jp/close"; None where it is just a word with a dot."""
    authority = _authority(token.lstrip(_TRIM))
    if "@" in authority:
        return Verdict(_host_of(authority), Finding.CANNOT_TELL, Why.MAIL)
    name = _without_port(authority.strip(_TRIM))
    labels = name.split(".")
    if len(labels) < 2 or not all(labels) or (labels[-1].isdigit() and not _is_ip(name)):
        return None
    return _judge(authority, own)


def _host_of(authority: str) -> str:
    return _without_port(unquote(authority).rpartition("@")[2]).strip(_TRIM)


def _judge(authority: str, own: Sequence[str]) -> Verdict:
    decoded = _folded(unquote(authority))
    host = _unicode(_host_of(decoded))
    if "@" in decoded:  # our pages never write an address so
        mimics = _looks_like(decoded, own) or _is_ours(host, own)
        finding = Finding.LOOKS_LIKE if mimics else Finding.NOT_OURS
        return Verdict(host, finding, Why.USER_PART)
    head = None if _is_ip(host) else _HOST.match(host)
    if head is not None and head[0] != host and not {".", "/", "\\"} & set(host[head.end() :]):
        host = head[0].rstrip(".")  # a bracket or comma and more text without a dot: no host can be meant by that
    if _is_ours(host, own):
        return Verdict(host, Finding.OURS, Why.HOST)
    if _is_ip(host):
        return Verdict(host, Finding.NOT_OURS, Why.NUMBERS)
    if _is_glued(host, own):
        return Verdict(host, Finding.CANNOT_TELL, Why.GLUED)
    if why := _looks_like(host, own):
        return Verdict(host, Finding.LOOKS_LIKE, why)
    if any(host == name or host.endswith(f".{name}") for name in table("links")["shorteners"]):
        return Verdict(host, Finding.CANNOT_TELL, Why.SHORT)
    return Verdict(host, Finding.NOT_OURS, Why.ELSEWHERE)


def _is_ours(host: str, own: Sequence[str]) -> bool:
    """Whether it is one of our names or stands below one. A label that no browser can look up is nobody's."""
    below = next((host[: -len(name)] for name in own if host.endswith(f".{name}") and not _is_ip(name)), None)
    return host in own or (below is not None and below.isascii() and below.isprintable())


def _is_glued(host: str, own: Sequence[str]) -> bool:
    """Whether Chinese or Japanese text sticks to one of our names, as in "请看example.jp谢谢"."""
    latin = re.sub(r"^[^\x00-\x7f]+|\.?[^\x00-\x7f]+$", "", host)
    around = host.replace(latin, "", 1).strip(".")
    return host != latin and _is_ours(latin, own) and all(unicodedata.category(mark) == "Lo" for mark in around)


def _looks_like(host: str, own: Sequence[str]) -> Why | None:
    """Say how a foreign host resembles one of ours; None where it does not."""
    names = [name for name in own if "." in name and not _is_ip(name)]
    for name in names:
        if name in host or name.replace(".", "-") in host:
            return Why.NAME_INSIDE
    words = {word for name in names if (word := _own_word(name))}
    pieces = {piece for label in host.split(".") for piece in (label, *label.split("-")) if piece}
    if any(word in pieces or (len(word) >= 5 and any(word in piece for piece in pieces)) for word in words):
        return Why.OUR_WORD
    if any(_resembles(piece, word) for piece in pieces for word in words):
        return Why.LETTERS
    return None


def _own_word(name: str) -> str:
    """The label that tells whose a name is: "tabi" of close.tabi.co.jp. Empty where it is too short to tell."""
    labels = name.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in table("links")["shared_labels"]:
        labels = labels[:-1]
    return labels[-1] if len(labels[-1]) >= 3 else ""


def _resembles(piece: str, word: str) -> bool:
    """Whether a label reads like our word: the same to the eye, or, if the word is long, one letter off."""
    one, other = _skeleton(piece), _skeleton(word)
    return one == other or (len(word) >= 5 and _one_edit(one, other))


def _skeleton(label: str) -> str:
    """The label as the eye takes it: marks dropped, look-alikes replaced, "rn" read as "m" and "vv" as "w"."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", label) if not unicodedata.combining(mark))
    look_alike = table("links")["look_alike"]
    return "".join(look_alike.get(mark, mark) for mark in bare).replace("rn", "m").replace("vv", "w")


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter is replaced, missing or added, or two neighbours have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _unicode(host: str) -> str:
    """The host with each label of punycode decoded; a label that cannot be decoded stays as it is."""
    return ".".join(_decoded(label) for label in host.rstrip(".").split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
