"""How do all records of a line leave PyHSS, keys last, and how is it seen that they stay away?

A deletion sends nobody away, so the line is switched off first. Each record refers to the next, which gives the order:
IMS, subscriber, keys. Whoever can reach PyHSS can bring the last deletion back by a GET: so all is read again, in every
way that it can be found, and again as the proof.
"""

from __future__ import annotations

from tojimari.network.elements.pyhss.client import was_rolled_back
from tojimari.network.elements.pyhss.record import Holding, read
from tojimari.network.elements.pyhss.settings import OwnSettings
from tojimari.network.elements.pyhss.switching import is_abroad, serving
from tojimari.network.errand import Errand, Settled


def remove(errand: Errand, settings: OwnSettings) -> Settled:
    """Delete what is there. Twice is safe: what is gone already is only read. Of roaming nothing is deleted."""
    if errand.roaming:
        return errand.done(nothing_to_do=True)
    now = read(errand)
    if now.nothing:
        return errand.done(known=False, on_record=False)
    if now.subscriber is not None and (now.subscriber.get("enabled") or now.subscriber.get("serving_mme")):
        return errand.stuck("network.not_barred", serving=serving(now.subscriber))
    code = ""
    for table, record in now.parts:
        answer = errand.tell("DELETE", f"/{table}/{record[f'{table}_id']}")
        if answer.code or not answer.ok:
            code = answer.code
            break  # the next one is referred to by this one
    left = read(errand)
    if left.nothing:
        return errand.done(known=True, keys="none", on_record=False, deleted=now.ids)
    _say_if_brought_back(errand, left, now.ids if not code else {})
    return errand.again(code or "network.still_on_record")


def prove(errand: Errand, settings: OwnSettings) -> Settled:
    """Read back: for roaming that it is off and nobody abroad has the phone, for a line that nothing is left of it."""
    now = read(errand)
    if errand.roaming:
        return _prove_roaming(errand, settings, now)
    if now.nothing:
        return errand.done(read_back=True, on_record=False, keys="none")
    if "remove" not in errand.work.earlier:
        return errand.stuck("network.still_open")
    _say_if_brought_back(errand, now, now.ids)
    return errand.stuck("network.still_on_record", left=now.ids)


def _prove_roaming(errand: Errand, settings: OwnSettings, now: Holding) -> Settled:
    if now.subscriber is None:
        return errand.done(read_back=True, on_record=False)
    if now.subscriber.get("roaming_enabled") not in (False, 0):
        return errand.stuck("network.still_open")
    if is_abroad(now.subscriber, settings):
        return errand.again("network.visit_goes_on", serving=serving(now.subscriber))
    return errand.done(read_back=True, on_record=True, service="off", abroad=False, now=dict(now.kept(errand)))


def _say_if_brought_back(errand: Errand, left: Holding, deleted: dict[str, int]) -> None:
    """Settle the errand if a record that was deleted is there again, under its old id."""
    back = [
        table for table, item in left.ids.items() if deleted.get(table) == item and was_rolled_back(errand, table, item)
    ]
    if back:
        raise errand.stuck("network.rolled_back", brought_back=back)
