"""What is a termination, and where does it stand?

A `Termination` is the case that ends a line, or one service on it. Its `Step` rows are the truth: a step that is due
is a row with a date, claimed by a worker under a lease. `Procedure` keeps, word for word, the procedure a case began
with.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.terminations import repair_models as repairs
from tojimari.terminations.engine import models as engine
from tojimari.terminations.guided import models as guided

# Django looks for the tables of a room in this module alone.
GuidedCase, GuidedStep, GuidedEvidence, GuidedTold = (
    guided.GuidedCase,
    guided.GuidedStep,
    guided.GuidedEvidence,
    guided.GuidedTold,
)
Lane = engine.Lane
RepairWish = repairs.RepairWish
Repair = repairs.Repair


class CaseKind(models.TextChoices):
    PHYSICAL_SIM = "physical_sim"
    ESIM = "esim"
    ROAMING = "roaming"


class Channel(models.TextChoices):
    """Through which face a case was asked for."""

    PORTAL = "portal"
    DESK = "desk"
    API = "api"
    FILE = "file"
    REPAIR = "repair"  # a ghost line, found by comparing books and network


class CaseState(models.TextChoices):
    """TM Forum order states (TMF622); `withdrawing` is the reverse gear between in progress and cancelled."""

    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    WITHDRAWING = "withdrawing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


OPEN_STATES = (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS, CaseState.HELD, CaseState.WITHDRAWING)


class Actor(models.TextChoices):
    SUBSCRIBER = "subscriber"
    STAFF = "staff"
    SYSTEM = "system"
    CARRIER = "carrier"


class StepState(models.TextChoices):
    WAITING = "waiting"  # an earlier step is not done
    OPEN = "open"  # its turn: a person's, or the system's once `due_at` has come
    CLAIMED = "claimed"  # a worker holds it under a lease
    BY_HAND = "by_hand"  # the element has no switch: a named member of staff does it and attests it
    STUCK = "stuck"  # trying again by itself will not help
    PAUSED = "paused"  # the case is held
    DONE = "done"
    SKIPPED = "skipped"  # this channel does not ask for it
    CANCELLED = "cancelled"  # the case ended before its turn


class Procedure(models.Model):
    """One version of a carrier's procedure for one kind of case, as it was read from its file."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    kind = models.TextField(choices=CaseKind.choices)
    digest = models.TextField(help_text="SHA-256 of the canonical body: the version.")
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "kind", "digest"], name="procedure_version")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class Termination(models.Model):
    """The case that ends a line (`scope` "line") or one service on it (`scope` = the service's kind)."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="terminations")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=CaseKind.choices)
    scope = models.TextField(default="line")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT)
    state = models.TextField(choices=CaseState.choices, default=CaseState.ACKNOWLEDGED)
    channel = models.TextField(choices=Channel.choices)
    requested_by = models.TextField(help_text='Who asked: "subscriber:12", "staff:name", "file:digest".')
    requested_at = models.DateTimeField(help_text="Fixed at intake, for ever.")
    effective = models.TextField(help_text='What was asked: "now", "month-end", a date, or "5bd".')
    ends_at = models.DateTimeField(help_text="End of the contract: follows from requested_at alone.")
    reason = models.TextField(blank=True)
    quote = models.JSONField(default=dict)
    beside = models.JSONField(
        default=dict, db_default={}, help_text="States of what the subscriber had besides when the case began."
    )
    code = models.TextField(blank=True, help_text="Reason code of a hold or a rejection.")
    language = models.TextField(default="ja", help_text="Language in which the subscriber is told.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "scope"], name="one_open_termination", condition=Q(state__in=OPEN_STATES)
            )
        ]
        indexes = [
            models.Index(fields=["subscriber", "requested_at"], name="termination_of_subscriber"),
            models.Index(
                fields=["carrier", "requested_at"], name="termination_open", condition=Q(state__in=OPEN_STATES)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Step(models.Model):
    """One thing to be done, by one actor. `number` is its place; steps are done in that order."""

    # Ten rows a case: an index that another one covers, or that nobody asks for, costs more than it gives. The case's
    # own key is checked, so its carrier need not be.
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    termination = models.ForeignKey(Termination, on_delete=models.CASCADE, related_name="steps", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.TextField()
    actor = models.TextField(choices=Actor.choices)
    lane = models.TextField(blank=True, help_text="Who works on it for the system: an element, or the house itself.")
    no_return = models.BooleanField(default=False, help_text="Once this begins the case cannot be withdrawn.")
    wait_seconds = models.PositiveIntegerField(default=0, help_text="Due this long after the step before is done.")
    when_effective = models.BooleanField(default=False, help_text="Not due before the end of the contract.")
    state = models.TextField(choices=StepState.choices, default=StepState.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    code = models.TextField(blank=True, help_text="Reason code of the last try that did not end it.")
    evidence = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["termination", "number"], name="step_number")]
        indexes = [
            models.Index(fields=["lane", "due_at"], name="step_due", condition=Q(state="open", actor="system")),
            models.Index(fields=["lease_until"], name="step_leased", condition=Q(state="claimed")),
            models.Index(
                fields=["carrier", "name", "due_at"],
                name="step_for_people",
                condition=Q(state__in=["open", "by_hand", "stuck"]) & ~Q(actor="system", state="open"),
            ),
            models.Index(
                fields=["carrier", "due_at"],
                name="step_tried_often",
                condition=Q(state="open", actor="system", attempts__gte=3),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of case {self.termination_id}"


class Question(models.Model):
    """What staff ask the subscriber back, and what they answer. While one is open, its step is the subscriber's."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="questions")
    code = models.TextField(help_text='Which one of the list; "own" for words of the asking person\'s own.')
    text = models.BinaryField(default=b"", help_text="Those words, sealed; empty for a question of the list.")
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    answer = models.BinaryField(default=b"", help_text="Sealed.")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.TextField(blank=True, help_text="The subscriber, or staff who no longer wait for an answer.")
    proved = models.BooleanField(default=False, help_text="Whether the answering person had just shown a code.")
    erased = models.BooleanField(default=False, help_text="Its words were erased when their time was over.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step"], name="question_open_once", condition=Q(answered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Handover(models.Model):
    """To which member of staff a step was handed over, with a note for them. The newest one counts."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="handover")
    to = models.TextField(help_text='"staff:12"')
    note = models.BinaryField(help_text="Sealed.")
    given_by = models.TextField()
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"handover {self.pk}"


class StaffNote(models.Model):
    """What a member of staff noted at a person's step. It stands here alone: history and certificate never end."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="notes")
    note = models.BinaryField(help_text="Sealed; empty once its time is over.")
    salt = models.BinaryField(help_text="32 random bytes; goes with the note.")
    digest = models.TextField(help_text="SHA-256 of salt and note, as the evidence of the step has it.")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.pk}"


class StandIn(models.Model):
    """Who acted for the subscriber at the counter. The name stands here alone: history and certificate never end."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField(unique=True, help_text="The termination it belongs to.")
    authority = models.TextField(help_text='By which paper: "letter".')
    name = models.BinaryField(help_text="Sealed; empty once its time is over.")
    salt = models.BinaryField(help_text="32 random bytes; goes with the name.")
    digest = models.TextField(help_text="SHA-256 of salt and name, as the evidence of the step has it.")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stand-in of case {self.case_id}"


class ShownScreen(models.Model):
    """The words of the screen that the person confirmed. The certificate has their digest, this row the words."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField(unique=True, help_text="The termination it belongs to.")
    sha256 = models.TextField(help_text="Of the text in UTF-8.")
    language = models.TextField()
    template = models.TextField()
    version = models.TextField(help_text="Start of the SHA-256 of the template's source.")
    text = models.TextField(help_text="What the person read, line by line.")
    shown_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"screen of case {self.case_id}"


class FileWish(models.Model):
    """One person's wish to end a file of lines, and the other person who confirmed it (OWASP ASVS 2.3.5)."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(unique=True)
    digest = models.TextField(help_text="SHA-256 of the file: another file is another wish.")
    name = models.TextField(help_text="Of the file, for people.")
    scope = models.TextField()
    effective = models.TextField()
    reason = models.TextField()
    plan = models.JSONField(default=dict, help_text="What a dry run said when it was asked: rows, cases, yen.")
    asked_at = models.DateTimeField()
    asked_by = models.TextField(help_text='"staff:7"; who is alone: "shell:" and the name on the machine.')
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True, help_text="Another person; empty for who is alone.")
    confirmed = models.BooleanField(null=True, help_text="Empty until somebody has decided.")
    alone = models.BooleanField(default=False, help_text="One person did it alone, as this installation allows.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "digest", "scope", "effective", "reason"],
                name="file_wish_waits_once",
                condition=Q(confirmed__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | Q(alone=True) | ~Q(decided_by__in=["", models.F("asked_by")]),
                name="file_wish_takes_two",
            ),
        ]
        indexes = [models.Index(fields=["carrier", "-asked_at"], name="file_wish_newest")]

    def __str__(self) -> str:
        return self.reference


class LateState(models.TextChoices):
    """Where a wish stands that was taken while the database was away."""

    OFFERED = "offered"  # its sender may be the subscriber: a mail asks them to sign in and confirm
    REVIEW = "review"  # nobody can be asked by mail: staff look at it
    CONFIRMED = "confirmed"  # a case began with it
    ANSWERED = "answered"  # staff dealt with it
    EXPIRED = "expired"  # nobody confirmed it in time


class LateWish(models.Model):
    """A wish to end something, taken while the database was away. It becomes a case when its subscriber confirms it."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(unique=True)
    asked_at = models.DateTimeField(help_text="When the person sent it: the `requested_at` of the case to come.")
    taken_in_at = models.DateTimeField(help_text="When it reached this table.")
    scope = models.TextField(default="line")
    effective = models.TextField(help_text='What was asked: "earliest", "month-end", or "now" for a service.')
    language = models.TextField(default="ja")
    email = models.TextField(blank=True, help_text="Where the person wants to hear from us; wiped when it is over.")
    typed = models.TextField(blank=True, help_text="What was typed of the line; kept for staff alone, then wiped.")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    state = models.TextField(choices=LateState.choices)
    termination = models.ForeignKey(Termination, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    note = models.BinaryField(default=b"", help_text="What staff did with it, sealed; empty once its time is over.")
    answered_by = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When staff dealt with it.")
    code = models.TextField(blank=True, help_text="Why staff refused it: a reason code with a way on.")

    class Meta:
        indexes = [
            models.Index(
                fields=["carrier", "asked_at"], name="late_wish_waiting", condition=Q(state__in=["offered", "review"])
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Fact(models.TextChoices):
    """What a tally counts. The detail beside it says more."""

    ASKED = "asked"  # a case began; detail: its channel. The day is that of `requested_at`
    CLOSED = "closed"  # detail: hours from request to the end of the case, rounded up; from two days on whole days
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"  # detail: the reason code
    REVIEWED = "reviewed"  # by staff; detail: the day it came to them, and the business days promised: "2026-11-20+1"
    DAY_KEPT = "day_kept"  # of closed cases that were to end on a day: was the line off in time? detail: "yes" or "no"
    STANDING = "standing"  # how many cases are in a state now; detail: the state. On the day `NOW`


class Tally(models.Model):
    """How often something happened on a day. The database itself writes it with each case, so it is always right.

    What it counts is the sum over all rows that are alike; `statistics.fold` adds loose rows up from time to time.
    """

    NOW = date(1, 1, 1)

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    day = models.DateField(help_text="Japan's day; 0001-01-01 for what stands now.")
    kind = models.TextField(help_text="Kind of case.")
    fact = models.TextField(help_text="What happened: see the list above.")
    detail = models.TextField()
    times = models.IntegerField(help_text="How often; added up over all rows that are alike.")
    loose = models.BooleanField(default=True, help_text="Not added to its firm row yet.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "day", "kind", "fact", "detail"], name="tally_firm", condition=Q(loose=False)
            )
        ]
        indexes = [
            models.Index(fields=["carrier", "day"], name="tally_of_day"),
            models.Index(fields=["id"], name="tally_loose", condition=Q(loose=True)),
        ]

    def __str__(self) -> str:
        return f"{self.fact} on {self.day}"
