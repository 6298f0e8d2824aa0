"""How is one switch of one service set at a platform that may take its time, and everything else left as it was?

Look, ask, wait for the platform's own monitor, read back, compare with what was there. What the platform said is only
news: what counts is the service as it is read afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tojimari.network.elements.tmf640.client import (
    Service,
    body_for,
    change,
    monitor_of,
    read,
    refusal,
    same,
)
from tojimari.network.elements.tmf640.jobs import UNDO, Jobs
from tojimari.network.elements.tmf640.settings import OwnSettings, Switch, Value
from tojimari.network.elements.tmf640.transcript import told
from tojimari.network.errand import Errand, Settled
from tojimari.network.fields import Kept, differences


@dataclass(frozen=True, slots=True)
class Post:
    """One errand with what is needed to do it: the settings, the switch of its scope, the name of the element."""

    errand: Errand
    settings: OwnSettings
    switch: Switch
    lane: str

    def read(self) -> Service | None:
        return read(self.errand, self.switch)

    def must_read(self) -> Service:
        service = self.read()
        if service is None:
            raise self.errand.again("network.changed_meanwhile")
        return service

    def jobs(self, service: Service) -> Jobs:
        return Jobs(self.errand, self.lane, service.id)

    def kept(self, service: Service) -> Kept:
        return service.kept(self.switch, self.errand.work.case)

    @property
    def inspected(self) -> dict[str, Any]:
        before = dict(self.errand.earlier("inspect"))
        if "known" not in before:
            raise self.errand.stuck("network.not_inspected")
        return before


def inspect(post: Post) -> Settled:
    """Record the whole service, so that it can be compared and put back. Changes nothing."""
    service = post.read()
    if service is None and not post.switch.missing_is_ended:
        return post.errand.stuck("network.not_known")
    if service is None:
        return post.errand.done(known=False)
    value = service.value(post.switch)
    if value is None:
        return post.errand.stuck("element.no_such_service")
    return post.errand.done(known=True, switch=value, before=dict(post.kept(service)))


def bar(post: Post) -> Settled:
    """Set the switch to `off`. Whether a phone was sent away is the platform's business: it is not seen here."""
    known = post.inspected
    service = post.read()
    if service is None:
        return _gone(post, known, detach="nobody" if known["known"] is False else "not_seen")
    if known["known"] is not True:
        return post.errand.stuck("network.changed_meanwhile")  # there was none when it was looked for
    if post.switch.ended is not None and same(service.value(post.switch), post.switch.ended):
        return post.errand.done(known=True, detach="nobody", serving={}, away=[])
    job = post.jobs(service).pending()
    if job is not None and job.wish.startswith(UNDO):
        return _put_back(post, service, service, known["switch"])
    before, whole = known["before"], None
    if job is None and not same(service.value(post.switch), post.switch.off):
        before, whole = dict(post.kept(service)), service
    after = set_to(post, service, post.switch.off)
    _compare(post, before, whole, after)
    return post.errand.done(known=True, detach="not_seen", serving={}, away=[])


def restore(post: Post) -> Settled:
    """Undo `bar`: the switch as `inspect` has recorded it."""
    known = post.inspected
    service = post.read()
    if service is None:
        return post.errand.done(known=False) if known["known"] is False else post.errand.stuck("network.gone")
    if known["known"] is not True:
        return post.errand.stuck("network.not_inspected")
    set_to(post, service, known["switch"], trouble="network.not_restored")
    return post.errand.done(known=True, switch=known["switch"])


def remove(post: Post) -> Settled:
    """Set the switch to what it is for good, where the platform knows such a thing. Cannot be undone."""
    if post.switch.ended is None:
        return post.errand.done(nothing_to_do=True)
    service = post.read()
    if service is None:
        return _gone(post, post.inspected, on_record=False)
    value = service.value(post.switch)
    pending = post.jobs(service).pending()
    if pending is None and not same(value, post.switch.off) and not same(value, post.switch.ended):
        return post.errand.stuck("network.not_barred")
    set_to(post, service, post.switch.ended, trouble="network.still_on_record")
    return post.errand.done(known=True, service=str(post.switch.ended))


def prove(post: Post) -> Settled:
    """Read back: the switch stands where it must, or the platform knows the service no longer."""
    known = post.inspected
    service = post.read()
    if service is None:
        return _gone(post, known, read_back=True, on_record=False)
    expected = post.switch.off if post.switch.ended is None else post.switch.ended
    if not same(service.value(post.switch), expected):
        return post.errand.stuck("network.still_open")
    now = dict(post.kept(service))
    return post.errand.done(read_back=True, on_record=True, service=str(expected), now=now)


def _gone(post: Post, known: dict[str, Any], **facts: Any) -> Settled:
    """A service that is not there any more. It counts if it was there and was ended, or if the settings say so."""
    ended_here = "remove" in post.errand.work.earlier or post.errand.work.name == "remove"
    if not post.switch.missing_is_ended and not (known["known"] is True and ended_here):
        return post.errand.stuck("network.not_known")
    return post.errand.done(known=False, **facts)


def set_to(post: Post, service: Service, value: Value, *, trouble: str = "network.still_open") -> Service:
    """Bring the switch to a value, and read it there. Settles the errand while that is not so yet."""
    wish, jobs = f"{post.switch.field}={value}", post.jobs(service)
    waited = _wait_for_what_was_asked(post, jobs, wish)
    service = post.must_read() if waited else service
    if not same(service.value(post.switch), value):
        if waited:
            raise post.errand.stuck(trouble)  # the platform says that it is done, and it is not
        _ask(post, jobs, service, wish, body_for(post.settings, post.switch, value, service))
        service = post.must_read()
        if not same(service.value(post.switch), value):
            raise post.errand.again(trouble)
    jobs.over()
    return service


def _ask(post: Post, jobs: Jobs, service: Service, wish: str, body: dict[str, Any]) -> None:
    """Ask for a change. Settles the errand if it was refused, lost, or will take its time."""
    jobs.asking(wish, post.errand.at)
    answer = change(post.errand, service, body)
    if not answer.in_doubt and not answer.ok and answer.http < 500:
        jobs.over()  # certainly nothing has begun
    refusal(post.errand, answer)
    if answer.code:
        raise post.errand.again(answer.code)
    if not answer.ok:
        raise post.errand.again("network.unexpected_answer")
    if answer.http == 202:
        jobs.monitored(monitor_of(post.errand, answer))
        _wait_for_what_was_asked(post, jobs, wish)


def _wait_for_what_was_asked(post: Post, jobs: Jobs, wish: str) -> bool:
    """Look at the monitor of a job. True if it has completed our wish; settles the errand unless it is over."""
    job = jobs.pending()
    if job is None or not job.monitor:
        return False
    answer = post.errand.look(job.monitor)
    body = answer.body if isinstance(answer.body, dict) else {}
    state = str(body.get("state", "")).casefold()
    ours = job.wish == wish
    if answer.http == 404 or state in {one.casefold() for one in post.settings.completed}:
        jobs.over()
        return ours and answer.http != 404
    if state in {one.casefold() for one in post.settings.failed}:
        jobs.over()
        if ours:
            raise post.errand.stuck("network.job_failed", told=_why(body))
        return False
    if not answer.ok or not state:
        raise post.errand.again("network.unexpected_answer")
    raise post.errand.again("network.in_progress")


def _why(monitor: dict[str, Any]) -> str:
    """What the platform says of a failure: in the monitor's response, as TMF640 has it."""
    response = monitor.get("response")
    return told(response.get("body") if isinstance(response, dict) else monitor)


def _compare(post: Post, before: Kept, whole: Service | None, after: Service) -> None:
    """Settle the errand, and put the switch back, if anything else is not as it was."""
    changed = differences(before, post.kept(after), (post.switch.field, *post.switch.may_change))
    facts = {"before": dict(before), "after": dict(post.kept(after))}
    post.errand.say(**facts, changed=[post.switch.field], others_changed=changed)
    if changed:
        value = whole.value(post.switch) if whole is not None else post.inspected["switch"]
        raise _put_back(post, after, whole or after, value, before)


def _put_back(post: Post, now: Service, like: Service, value: Value, before: Kept | None = None) -> Settled:
    """Set the switch, and the list that it stands in, back to what they were. A person looks at what is left."""
    wish, jobs = f"{UNDO}{post.switch.field}={value}", post.jobs(now)
    body = body_for(post.settings, post.switch, value, like)
    others = bool(before is not None and like is not now and post.switch.characteristic)
    if others:
        body = {"serviceCharacteristic": like.characteristics()}  # in a whole list the others come back, too
    if _wait_for_what_was_asked(post, jobs, wish):
        now = post.must_read()
    if others or not same(now.value(post.switch), value):
        _ask(post, jobs, now, wish, body)
        now = post.must_read()
        if not same(now.value(post.switch), value):
            return post.errand.again("network.not_restored")
    jobs.over()
    left = [] if before is None else differences(before, post.kept(now), (post.switch.field, *post.switch.may_change))
    return post.errand.stuck("network.others_changed", left_changed=left)
