"""What happens by itself about ghost lines: the comparison of the night, and repairs that two people agreed on."""

from __future__ import annotations

from datetime import datetime

import structlog

from tojimari.lines.models import Carrier
from tojimari.network.reconciling.nightly import BadNights, nights
from tojimari.network.reconciling.queries import found_in
from tojimari.platform.acting import SYSTEM, Refused
from tojimari.platform.database.scope import carrier_scope

log = structlog.get_logger(__name__)


def compare_due(*, at: datetime) -> int:
    """Compare for each carrier whose night has come and was not compared yet; return how many comparisons were kept.

    What cannot be read stands in the log, and is tried again at the next call. One carrier never stops another.
    """
    try:
        wanted = nights()
    except BadNights as bad:
        log.error("reconcile.settings", problems=bad.problems)
        return 0
    if not wanted:
        return 0
    # What compares tables takes 40 MB: only a worker that compares any loads it.
    from tojimari.network.reconciling.runs import reconcile

    kept = 0
    for carrier in Carrier.objects.filter(slug__in=wanted).order_by("pk"):
        night = wanted[carrier.slug]
        with carrier_scope(carrier.pk):
            if not night.is_due(carrier.pk, at):
                continue
            try:
                as_of = night.as_of(at)
                if not night.is_news(carrier.pk, as_of):
                    continue
                run = reconcile(carrier, night.inputs, as_of=as_of, acting=SYSTEM, at=at)
            except Refused as refused:
                log.error("reconcile.refused", carrier=carrier.slug, code=refused.code, **refused.facts)
            except OSError as error:
                log.error("reconcile.no_file", carrier=carrier.slug, error=error.strerror)
            else:
                kept += 1
                found, strangers = found_in(run)
                log.info("reconcile.done", carrier=carrier.slug, run=run.reference, found=found, strangers=strangers)
    return kept
