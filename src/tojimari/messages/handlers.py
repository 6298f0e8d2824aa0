"""How does the subscriber hear that it is over?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import override

from tojimari.messages import texts
from tojimari.messages.actions import Letter, put_many
from tojimari.messages.card_left import card_left
from tojimari.messages.models import MessageKind
from tojimari.platform.work import Batch, Evidence, Outcome, Work

KEY = "closed"
ASKED_BY_PEOPLE = frozenset({"portal", "desk"})


def tell(batch: Batch, lane: str) -> Sequence[Outcome]:
    """Put down the confirmation for each case, in the subscriber's language, to the e-mail address that is known.

    Safe to run twice: a case is told of its end once. Never by SMS at first: the line that has just ended is nobody's
    contact any more. Without an address the step is done with `told` false; the certificate waits on the status page,
    and what could not be told waits for another way or for staff. What a carrier closes by file it knows itself.
    """
    reached = [work for work in batch.works if work.earlier["request"].get("email")]
    alone = [work for work in batch.works if _asked_by_a_person(work) and not work.earlier["request"].get("email")]
    put_many([_letter(work) for work in (*reached, *alone)], at=batch.at)
    told = {work.step_id for work in reached}
    return [Outcome.done(told=work.step_id in told, by="email" if work.step_id in told else "") for work in batch.works]


def _asked_by_a_person(work: Work) -> bool:
    return work.earlier["request"].get("channel") in ASKED_BY_PEOPLE


def _letter(work: Work) -> Letter:
    request = work.earlier["request"]
    language = texts.tag(request.get("language") or "ja")
    about = texts.About.of(
        work.target,
        reference=work.case,
        carrier=_carrier_name(request, language),
        scope=work.scope,
        simulated=work.earlier.get("prove", {}).get("simulated") is True,
    )
    ends_at = datetime.fromisoformat(request["ends_at"])
    with override(language):
        card = card_left(kind=work.target.kind, scope=work.scope, returned=work.earlier.get("return_sim"))
    return Letter(
        carrier_id=work.target.carrier_id,
        kind=MessageKind.EMAIL,
        to=request.get("email") or "",
        written=texts.closed(
            language,
            about,
            ends_at=ends_at,
            quote=request.get("quote") or {},
            paid=request.get("paid") or {},
            bill=work.earlier.get("final_bill", {}),
            card=card,
        ),
        case_id=work.case_id,
        reference=work.case,
        key=KEY,
    )


def _carrier_name(request: Evidence, language: str) -> str:
    names = request.get("carrier", {})
    return str(names.get("name_" + language.replace("-", "_")) or names.get("name_en") or names.get("slug", ""))
