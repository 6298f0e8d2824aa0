"""Is an address on a list of official names, or does it only look as if it were?

Read from the text alone: nothing is looked up and nothing is opened. An address is official when its host is a listed
name or ends with a dot and one, and in no other case: HTTPS proves nothing, and neither does a name somewhere in the
address. The carrier whose site this is and all others are checked by this one engine: each is an owner with a list.
Where browsers and people might read a text in two ways, it is not called official.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from tojimari.platform.acting import Refused
from tojimari.rules.hosts import (
    HIDDEN,
    as_read,
    below_or_same,
    can_be_looked_up,
    folded,
    hides_a_sign,
    in_ascii,
    is_ip,
    place,
)
from tojimari.rules.link_findings import Finding, Verdict, Why
from tojimari.rules.lookalikes import Known, Owners, imitated, mixes_alphabets, without_port
from tojimari.rules.packaged import table

__all__ = ["MOST_ADDRESSES", "Finding", "Known", "Verdict", "Why", "belongs_to", "check", "domain"]

MOST_ADDRESSES = 10

_WEB = re.compile(r"https?[:：](?:[/\\／]{2,}|[/\\](?=[^/\\])|(?=[a-z0-9]))")
"""Where an address begins. Browsers take a backslash for a slash, and do without slashes, too."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]{0,30}://")
_TRIM = "()[]{}<>\"'`.,;:!?*|~^“”‘’„«»…‹›「」『』【】〔〕《》〈〉、，；：！？・→←／" + "".join(sorted(HIDDEN))
_HOST = re.compile(r"[^\W_](?:[\w\-.]*[^\W])?")
_PORT = re.compile(r"[0-9]{0,5}(?:[^0-9.].*)?", re.DOTALL)


def check(text: str, known: Known) -> list[Verdict]:
    """Return a verdict for each address in a text, in order, each host once; at most `MOST_ADDRESSES`."""
    found: dict[Verdict, None] = {}
    for token in text.split():
        for verdict in _of_token(folded(token).strip(_TRIM), known):
            found.setdefault(verdict)
        if len(found) >= MOST_ADDRESSES:
            break
    return list(found)[:MOST_ADDRESSES]


def belongs_to(host: str, names: Iterable[str]) -> bool:
    """Say whether a host is one of these names or stands below one of them."""
    return bool(Known.of({"": names}).owners(without_port(folded(host)).rstrip(".")))


_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def domain(text: str) -> str:
    """Return a domain as it is compared, from how people type it: lower case, without scheme, path and last dot.

    Raises `Refused`, with `domain` in its facts: `domain.form` for what is no name of a host in letters, digits and
    hyphens (RFC 1123 2.1; names in other letters as xn--…, RFC 5890), `domain.everybody` for an ending or a service
    that many share, so that naming it would call strangers ours.
    """
    typed = folded(text.strip())
    name = _SCHEME.sub("", typed, count=1).rstrip("/").rstrip(".")
    labels = name.split(".")
    fits = len(name) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not fits or is_ip(name):
        raise Refused("domain.form", domain=text.strip())
    services = [*table("links")["shorteners"], *table("links")["qr_services"]]
    shared = len(labels) == 2 and labels[0] in table("links")["shared_labels"]
    if shared or not place(name).word or any(below_or_same(name, service) for service in services):
        raise Refused("domain.everybody", domain=name)
    return name


def _of_token(token: str, known: Known) -> Iterator[Verdict]:
    """Judge what stands between two spaces: a bare address, or each place where one begins with its scheme."""
    starts = sorted({match.start() for match in _WEB.finditer(token)} | set(_foreign_schemes(token)))
    front = token[: starts[0] if starts else None]
    if "." in front:
        yield from _bare(front, known)
    for start in starts:
        if (web := _WEB.match(token, start)) is not None:
            yield _of_rest(token[web.end() :].lstrip("/\\"), known)
        else:
            rest = token[start:].split("://", 1)[1]
            yield Verdict(_bare_host(_authority(rest)), Finding.NOT_LISTED, Why.SCHEME)


def _foreign_schemes(token: str) -> Iterator[int]:
    # Text may stick to the front of a scheme: "seehttps://" leads nowhere, but people will read it as https.
    return (match.start() for match in _SCHEME.finditer(token) if not match[0].endswith(("https://", "http://")))


def _authority(rest: str) -> str:
    """Up to the first slash, question mark, number sign; browsers take a backslash for a slash."""
    return re.split(r"[/\\?#]", rest, maxsplit=1)[0]


def _of_rest(rest: str, known: Known) -> Verdict:
    """Judge what follows the scheme. Browsers end the host at a backslash, other programs (RFC 3986) do not."""
    written = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host, backslash, behind = written.partition("\\")
    if backslash and {".", "@"} & set(folded(unquote(behind))):
        whom = _whom(imitated(folded(unquote(written)), known))
        finding = Finding.LOOKS_LIKE if whom else Finding.NOT_LISTED
        return Verdict(_bare_host(host), finding, Why.BACKSLASH, whom)
    return _judge(_authority(rest), known)


def _bare(front: str, known: Known) -> Iterator[Verdict]:
    """Judge addresses without their scheme, as "example.jp/close".

    Chinese and Japanese put no spaces between words, and browsers take the end of their sentences for a dot. Where such
    text has no ending that exists, only the Latin letters in it can be an address.
    """
    host = without_port(_authority(front.lstrip(_TRIM + "/\\")).strip(_TRIM))
    if host.isascii() or place(in_ascii(host)).known:
        runs = [front]
    else:
        runs = re.findall(r"[\x21-\x7e]*\.[\x21-\x7e]*", front)
    for run in runs:
        if (verdict := _bare_one(run, known)) is not None:
            stuck = len(run) != len(front) and verdict.finding is Finding.OFFICIAL
            yield Verdict(verdict.host, Finding.CANNOT_TELL, Why.GLUED, verdict.whom) if stuck else verdict


def _bare_one(front: str, known: Known) -> Verdict | None:
    """Judge one address without its scheme; None where it is just a word with a dot."""
    rest = front.lstrip(_TRIM + "/\\")
    authority = _authority(rest)
    if "@" in authority:
        verdict = _judge(authority.rpartition("@")[2], known)
        if verdict.finding is Finding.LOOKS_LIKE:
            return verdict
        return Verdict(verdict.host, Finding.CANNOT_TELL, Why.MAIL, verdict.whom)
    labels = without_port(authority.strip(_TRIM)).split(".")
    if len(labels) < 2 or not all(labels) or (labels[-1].isdigit() and len(labels) != 4):
        return None
    return _of_rest(rest, known)


def _bare_host(authority: str) -> str:
    return without_port(folded(unquote(authority)).rpartition("@")[2]).strip(_TRIM)


def _judge(authority: str, known: Known) -> Verdict:
    """Judge what stands between the slashes. The order of the questions is the order of the reasons."""
    decoded = folded(unquote(authority))
    if "@" in decoded:  # no official page writes an address so
        return _with_user_part(decoded, known)
    host = _cut(decoded, escaped="%" in authority)
    if HIDDEN & set(host):
        shown = "".join(mark for mark in host if mark not in HIDDEN)
        whom = known.owners(shown) or _whom(imitated(shown, known))
        return Verdict(as_read(shown), Finding.LOOKS_LIKE if whom else Finding.NOT_LISTED, Why.HIDDEN, whom)
    if owners := known.owners(in_ascii(host)):
        return Verdict(as_read(host), Finding.OFFICIAL, Why.HOST, owners)
    if is_ip(host):
        return Verdict(host, Finding.NOT_LISTED, Why.NUMBERS)
    latin = _unstuck(host)
    if latin != host and (owners := known.owners(latin)):
        return Verdict(as_read(host), Finding.CANNOT_TELL, Why.GLUED, owners)
    return _foreign(host if host.endswith(latin) else latin, known)


def _foreign(host: str, known: Known) -> Verdict:
    """Judge a host that is on no list."""
    read = as_read(host)
    for services, why in (("shorteners", Why.SHORT), ("qr_services", Why.QR)):
        if any(below_or_same(host, name) for name in table("links")[services]):
            return Verdict(read, Finding.CANNOT_TELL, why)
    plain = in_ascii(host)
    if can_be_looked_up(plain) and (owners := known.siblings(plain)):
        return Verdict(read, Finding.NOT_LISTED, Why.SIBLING, owners)
    if (found := imitated(host, known)) is not None:
        return Verdict(read, Finding.LOOKS_LIKE, found[0], found[1])
    if mixes_alphabets(host):
        return Verdict(read, Finding.NOT_LISTED, Why.SCRIPTS)
    return Verdict(read, Finding.NOT_LISTED, Why.SHARED if place(plain).shared else Why.ELSEWHERE)


def _whom(found: tuple[Why, Owners] | None) -> Owners:
    return found[1] if found else ()


def _with_user_part(decoded: str, known: Known) -> Verdict:
    front, _, behind = decoded.rpartition("@")
    host = as_read(without_port(behind).strip(_TRIM))
    whom = known.owners(host) or _whom(imitated(decoded.replace("@", "."), known))
    whom = whom or known.owners(without_port(front).strip(_TRIM))
    return Verdict(host, Finding.LOOKS_LIKE if whom else Finding.NOT_LISTED, Why.USER_PART, whom)


def _cut(decoded: str, *, escaped: bool) -> str:
    """Return the host without port and without what the sentence around it left there.

    Where browsers stop at that text or read it in another way than people, it stays: such a host is nobody's.
    """
    if decoded.startswith("["):
        return without_port(decoded)
    host, _, port = decoded.partition(":")
    if not _PORT.fullmatch(port) or "." in port:
        return decoded.strip(_TRIM)
    host = host.strip(_TRIM)
    head = None if is_ip(host) else _HOST.match(host)
    rest = "" if head is None else host[head.end() :]
    if head is None or not rest:
        return host
    goes_on = "." in rest and (re.search(r"[a-z0-9]", rest) is not None or place(in_ascii(rest)).known)
    if escaped or goes_on or any(hides_a_sign(mark) or not mark.isprintable() for mark in rest.replace(".", "")):
        return host
    return head[0].rstrip(".")  # a bracket or comma and more text without a dot: no host can be meant by that


def _unstuck(host: str) -> str:
    """Return a host without Chinese or Japanese text around it, as in "请看example.jp谢谢"; else unchanged.

    Text behind it belongs to the host where it is an ending that exists, as in example.中国.
    """
    latin = re.sub(r"^[^\x00-\x7f]+|\.?[^\x00-\x7f](?:[^\x00-\x7f]|\.(?=[^\x00-\x7f]))*$", "", host)
    around = host.replace(latin, "", 1).replace(".", "") if latin else host
    if "." not in latin or not all(mark.isalpha() and not mark.isascii() for mark in around):
        return host
    return latin if host.endswith(latin) or not place(in_ascii(host)).known else host
