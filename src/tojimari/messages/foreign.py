"""Which addresses in a text are not the carrier's own?

Who reads a mail or an SMS of ours must be able to trust each address in it. So there is none but the carrier's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from tojimari.lines.models import Carrier
from tojimari.lines.reach import official_hosts
from tojimari.messages.models import Message
from tojimari.rules.links import Finding, Known, Verdict, Why, belongs_to
from tojimari.rules.links import check as check_links

_MARK = re.compile(r"\{\{[a-z]+\}\}")
"""What becomes a link to our own pages: see `links`."""


def foreign_links(text: str, hosts: Collection[str]) -> list[str]:
    """Return the hosts of all addresses in a text that do not belong to `hosts`, each once.

    Mail addresses count by what stands behind the @. What looks like an address to a phone counts as one.
    """
    own = Known.of({"": hosts})
    found = dict.fromkeys(verdict for line in text.split("\n") for verdict in _verdicts(line, own))
    return [
        verdict.host
        for verdict in found
        if verdict.finding != Finding.OFFICIAL and not (verdict.why == Why.MAIL and belongs_to(verdict.host, hosts))
    ]


def _verdicts(line: str, own: Known) -> list[Verdict]:
    bare = unicodedata.normalize("NFKC", line)
    # Sentences of Chinese and Japanese end in a mark that browsers take for a dot; between Latin letters it is one.
    latin = re.sub(r"[^\x21-\x7e]", " ", re.sub(r"(?<=[A-Za-z0-9])[。｡](?=[A-Za-z0-9])", ".", bare))
    with_scheme = " ".join(word for word in bare.split() if "://" in word)
    return [*check_links(latin, own), *check_links(with_scheme, own)]


def with_foreign_links(messages: Iterable[Message]) -> set[int]:
    """Return the ids of those that hold an address of somebody else. One query for each carrier among them.

    The marks that become links to our own pages are none, nor is a carrier's name that looks like an address.
    """
    hosts: dict[int, Collection[str]] = {}
    found = set()
    for message in messages:
        carrier = message.carrier
        if carrier.pk not in hosts:
            hosts[carrier.pk] = official_hosts(carrier)
        if foreign_links(_bare(message.body, carrier), hosts[carrier.pk]):
            found.add(message.pk)
    return found


def _bare(body: str, carrier: Carrier) -> str:
    body = _MARK.sub(" ", body)
    for name in (carrier.name_ja, carrier.name_en, carrier.name_zh_hans, carrier.name_zh_hant):
        body = body.replace(name, " ") if name else body
    return body
