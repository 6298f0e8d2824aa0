"""How is a line, or its roaming, switched off at PyHSS, and everything else left as it was?

One field is written: `enabled` for the line, `roaming_enabled` for roaming. Then whoever is attached is sent away, and
all three records are read again and compared with what they were. If anything else has changed, it is put back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tojimari.network.element import BAR_TRIES_FOR_AN_ABSENT_NETWORK
from tojimari.network.elements.pyhss.client import SUBSCRIBER, cancel_location, deregister
from tojimari.network.elements.pyhss.record import MOVES_BY_ITSELF, Holding, Record, known_before, read
from tojimari.network.elements.pyhss.settings import OwnSettings
from tojimari.network.errand import Errand, Settled
from tojimari.network.fields import Kept, differences
from tojimari.network.masking import masked


@dataclass(frozen=True, slots=True)
class _Before:
    """How a line stood before its switch was touched: the whole of it if this attempt has read it."""

    kept: Kept
    whole: Holding | None


def switch_of(errand: Errand) -> str:
    """The one field that ends this scope."""
    return "roaming_enabled" if errand.roaming else "enabled"


def inspect(errand: Errand, settings: OwnSettings) -> Settled:
    """Record what PyHSS holds, whole, so that it can be compared and put back. Changes nothing."""
    now = read(errand)
    if now.subscriber is None:
        return errand.done(known=False, ids=now.ids)
    return errand.done(
        known=True,
        ids=now.ids,
        switch=_value(now.subscriber, switch_of(errand)),
        msisdn=masked(str(now.subscriber.get("msisdn") or "").removeprefix("+")),
        serving=serving(now.subscriber),
        abroad=is_abroad(now.subscriber, settings),
        before=dict(now.kept(errand)),
    )


def bar(errand: Errand, settings: OwnSettings) -> Settled:
    """Switch off, send away whoever is attached (for roaming: only from a network abroad), compare."""
    known = known_before(errand)
    now = read(errand)
    if now.subscriber is None:
        return errand.done(known=False, detach="not_seen" if known["known"] else "nobody", serving={}, away=[])
    if known["known"] is not True:
        return errand.stuck("network.changed_meanwhile")  # there was none when it was looked for
    before = _Before(known["before"], None)
    was, code = now, ""
    if _value(now.subscriber, switch_of(errand)) is not False:
        before = _Before(now.kept(errand), now)
        code = errand.tell("PATCH", f"/{SUBSCRIBER}/{_id(now)}", {switch_of(errand): False}).code
        now = read(errand)
        if now.subscriber is None:
            raise errand.again("network.changed_meanwhile")
        if _value(now.subscriber, switch_of(errand)) is not False:
            raise errand.again(code or "network.still_open")
    after = read(errand) if _send_away(errand, settings, now) else now
    _compare(errand, before, after)
    return errand.done(known=True, **_detach(errand, settings, was, after))


def restore(errand: Errand, settings: OwnSettings) -> Settled:
    """Undo `bar`: the switch as `inspect` has recorded it. The phone attaches again by itself."""
    known = known_before(errand)
    now = read(errand)
    if now.subscriber is None:
        return errand.done(known=False) if known["known"] is False else errand.stuck("network.gone")
    if known["known"] is not True:
        return errand.stuck("network.not_inspected")
    return _put_back(errand, now, known["switch"], {})


def _put_back(errand: Errand, now: Holding, switch: Any, others: Record) -> Settled:
    if _value(now.subscriber or {}, switch_of(errand)) != switch or others:
        code = errand.tell("PATCH", f"/{SUBSCRIBER}/{_id(now)}", {**others, switch_of(errand): switch}).code
        now = read(errand)
        if _value(now.subscriber or {}, switch_of(errand)) != switch:
            return errand.again(code or "network.not_restored")
    return errand.done(known=True, switch=switch)


def serving(subscriber: Record) -> dict[str, str]:
    """Which nodes have the phone, as PyHSS believes."""
    nodes = {node: subscriber.get(f"serving_{node}") for node in ("mme", "vlr", "sgsn")}
    return {node: str(name) for node, name in nodes.items() if name}


def is_abroad(subscriber: Record, settings: OwnSettings) -> bool:
    """Whether an MME outside the carrier's own networks has the phone. What is not known to be home is abroad."""
    return bool(subscriber.get("serving_mme")) and not settings.is_home(str(subscriber.get("serving_mme_realm") or ""))


def _is_to_go(errand: Errand, settings: OwnSettings, subscriber: Record) -> bool:
    return is_abroad(subscriber, settings) if errand.roaming else bool(subscriber.get("serving_mme"))


def _send_away(errand: Errand, settings: OwnSettings, now: Holding) -> bool:
    """Send away whoever is to go. False if there is nobody, or nobody who could be told."""
    subscriber = now.subscriber or {}
    if not _is_to_go(errand, settings, subscriber):
        return False
    if not errand.roaming and now.ims is not None:
        deregister(errand)  # does nothing, and says `null`, for a line without IMS
    elif all(subscriber.get(f"serving_mme{what}") for what in ("", "_realm", "_peer")):
        # Of a line that goes on at home the phone is asked to look for a network again, and finds none abroad.
        cancel_location(errand, subscriber, reattach=errand.roaming)
    else:
        return False
    return True


def _detach(errand: Errand, settings: OwnSettings, was: Holding, after: Holding) -> dict[str, Any]:
    """What became of a phone that was attached. Settles the errand while its network may still be told."""
    before, now = was.subscriber or {}, after.subscriber or {}
    had, has = _is_to_go(errand, settings, before), _is_to_go(errand, settings, now)
    known, now_serving = errand.earlier("inspect"), serving(now)
    told = {"serving": serving(before), "away": sorted({now_serving["mme"]} if has else ())}
    if has and errand.work.attempt <= BAR_TRIES_FOR_AN_ABSENT_NETWORK:
        raise errand.again("network.visited_network_away", **told)
    older = not errand.roaming and {"vlr", "sgsn"} & now_serving.keys()
    if has or older:  # nodes of 2G and 3G cannot be told over this interface
        return {"detach": "not_seen", **told}
    had_before = known["abroad"] if errand.roaming else "mme" in known["serving"]
    return {"detach": "told" if had or had_before else "nobody", **told}


def _compare(errand: Errand, before: _Before, after: Holding) -> None:
    """Settle the errand, and put things back, if anything else than the switch is not as it was."""
    may = (f"{SUBSCRIBER}.{switch_of(errand)}", *MOVES_BY_ITSELF)
    changed = differences(before.kept, after.kept(errand), may)
    errand.say(before=dict(before.kept), after=dict(after.kept(errand)), changed=[may[0]], others_changed=changed)
    if not changed:
        return
    others = _writable(before.whole, changed)
    switch = _value(before.whole.subscriber or {}, switch_of(errand)) if before.whole else None
    if before.whole is None:
        switch = errand.earlier("inspect").get("switch")
    settled = _put_back(errand, after, switch, others)
    if settled.outcome.code:
        raise settled
    left = differences(before.kept, read(errand).kept(errand), may)
    raise errand.stuck("network.others_changed", put_back=sorted(others), left_changed=left)


def _writable(whole: Holding | None, changed: list[str]) -> Record:
    """The subscriber's own fields that can be written back, as this attempt has read them a moment ago."""
    if whole is None or whole.subscriber is None:
        return {}
    names = [name.removeprefix(f"{SUBSCRIBER}.") for name in changed if name.startswith(f"{SUBSCRIBER}.")]
    return {name: whole.subscriber[name] for name in names if name in whole.subscriber}


def _value(record: Record, name: str) -> bool | None:
    """A switch as true, false, or neither: some databases give 0 and 1."""
    value = record.get(name)
    return None if value is None else bool(value)


def _id(holding: Holding) -> int:
    return holding.ids[SUBSCRIBER]
