"""What does a finding mean for the person, and what will its repair do? One short text for each kind of ghost."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tojimari.network.reconciling.kinds import Kind, Source

_ALIVE = _(
    "The contract has ended, but the network still lets this card in: it is not barred, and its keys are there. Data "
    "and calls may work, and nobody is billed for them. The repair bars the card, removes keys and record, and proves "
    "that the card is turned away."
)
_BARRED = _(
    "The contract has ended, and nothing is allowed to this card, but its record and keys are still there. The person "
    "can use nothing and is charged nothing. The repair removes keys and record, and proves that the card is turned "
    "away."
)
_DOWNLOADABLE = _(
    "The contract has ended, but the profile can still be downloaded. Without a record in the HLR it reaches no "
    "network, and nothing is charged. The repair cancels the profile at its server, and looks that the line is gone "
    "everywhere."
)

_OF_KIND: dict[Kind, Promise] = {
    Kind.NUMBER_ANSWERS: _(
        "The number rests after its last holder, but another card answers under it. Who calls the last holder reaches "
        "somebody else, and data may work without a bill. No repair touches it: a person must look."
    ),
    Kind.KEY_LEFT: _(
        "A record was deleted and its secret key was left behind. Nobody can use it now, and nothing is charged. No "
        "repair touches it: delete the key, before a new record gets it."
    ),
    Kind.BILLED_AFTER: _(
        "A month was billed that began when the contract had ended. The person is charged for a line that they no "
        "longer have. No repair touches it: a person takes the bill back."
    ),
    Kind.IDENTITY_DIFFERS: _(
        "Network and books do not agree which card has this number. The line may work, but calls and charges may be "
        "another person's. No repair touches it: a person must look."
    ),
    Kind.ACTIVE_GONE: _(
        "The contract runs and is billed, but the network does not know the line: no data, no calls. No repair "
        "touches it: put the line back, or close it in the books."
    ),
    Kind.STRANGER: _(
        "The network knows a card or a profile that is in no books. If it works, nobody is billed for what is used. "
        "No repair touches it: a person must look whose it is."
    ),
}


def meaning(kind: str, source: str, detail: str) -> str:
    """Say what was found, what it means for the person, and what repair will do."""
    if kind != Kind.CLOSED_ALIVE:
        return str(_OF_KIND[Kind(kind)])
    if source == Source.SMDP:
        return str(_DOWNLOADABLE)
    return str(_BARRED if detail == "barred" else _ALIVE)


def meanings(found: Iterable[tuple[str, str, str]]) -> list[str]:
    """Say each meaning of these findings (kind, source, detail) once, the gravest kind first."""
    order = list(Kind)
    return list(dict.fromkeys(meaning(*one) for one in sorted(found, key=lambda one: (order.index(Kind(one[0])), one))))
