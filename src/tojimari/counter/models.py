"""Where can a person come to, who comes when, and what is left at the counter?

A `Shop` says when it is open and how many visits it takes at a time; the times that can be booked follow from that and
stand in no table. A `Visit` holds one seat of a shop for a while. Two people can never hold the same seat: the database
itself refuses it. A case is known here by its number and its public reference; the case itself lives in a room above.
Who finds no time has a `WaitingPlace`; a seat that comes free is held for the first of them until a deadline.

A `ReturnedCard` lies in a numbered `Bag` of a shop until a `HandOver` takes the bag to recycling; each of them was
counted, and a count that differs says why. A `SignedForm` is what somebody put their name under.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from tojimari.lines.models import Carrier
from tojimari.platform.spelled import drawn
from tojimari.rules.opening import Opening


class VisitState(models.TextChoices):
    BOOKED = "booked"
    MOVED = "moved"  # given up for another time; the new one is a row of its own with the same code
    CANCELLED = "cancelled"
    CAME = "came"
    NO_SHOW = "no_show"
    WALK_IN = "walk_in"  # came without a time; waits in the queue and holds no seat
    SERVED = "served"  # came without a time, and was received
    UNFINISHED = "unfinished"  # waited or was called, and the shop closed before anything was noted
    HELD = "held"  # offered to somebody on the waiting list, until `held_until`


HOLDS_SEAT = (VisitState.BOOKED, VisitState.CAME, VisitState.HELD)
"""States in which a visit keeps its seat from others."""

BINDS_CASE = (VisitState.BOOKED, VisitState.CAME)
"""States in which a case belongs to the shop of its visit. An offer that nobody has taken binds nobody."""


class WaitingState(models.TextChoices):
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is held; see `WaitingPlace.offer`
    TAKEN = "taken"
    LEFT = "left"  # the person said no, left the list, or needs no visit any more
    LAPSED = "lapsed"  # an offer was not answered in time
    IN_VAIN = "in_vain"  # the days are over, and no time came free


ON_THE_LIST = (WaitingState.WAITING, WaitingState.OFFERED)


def new_code() -> str:
    """Return the code that a visitor shows at the counter: "V-7K3M-9QXA", 40 random bits. It opens nothing."""
    return drawn("V")


class Shop(models.Model):
    """A place of the carrier with a counter. Hours and days are Japan's."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    code = models.SlugField(help_text="The carrier's own short name of the shop; stands in addresses of pages.")
    name_ja = models.TextField()
    name_en = models.TextField()
    name_zh_hans = models.TextField()
    name_zh_hant = models.TextField()
    address_ja = models.TextField(help_text="As written in Japan; drivers and Chinese readers can read it.")
    address_en = models.TextField()
    postcode = models.TextField(help_text="Seven digits.")
    latitude = models.FloatField(help_text="Degrees, WGS 84.")
    longitude = models.FloatField(help_text="Degrees, WGS 84.")
    stations = models.JSONField(
        default=list,
        help_text='Nearest first, named in each language: [{"ja": "新宿", "en": "Shinjuku"}].',
    )
    languages = models.JSONField(default=list, help_text='Languages spoken at the counter: ["ja", "en"].')
    phone = models.TextField(help_text="In international form.")
    capacity = models.PositiveSmallIntegerField(default=1, help_text="Visits at the same time.")
    slot_minutes = models.PositiveSmallIntegerField(default=20, help_text="How long a visit takes.")
    hours = models.JSONField(default=dict, help_text='By weekday: {"mon": [["10:00", "19:00"]]}. See rules.opening.')
    closed_days = models.JSONField(default=list, help_text='Single days as ISO dates: ["2026-12-31"].')
    closed_on_holidays = models.BooleanField(default=False, help_text="Closed on national holidays.")
    active = models.BooleanField(default=True, help_text="Takes visits.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "code"], name="shop_code"),
            models.CheckConstraint(condition=Q(postcode__regex=r"^[0-9]{7}$"), name="shop_postcode"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="shop_position"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, slot_minutes__range=(5, 240)), name="shop_takes_visits"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def opening(self) -> Opening:
        """When it is open."""
        return Opening(self.hours, frozenset(self.closed_days), self.closed_on_holidays)

    @property
    def length(self) -> timedelta:
        """How long one visit takes."""
        return timedelta(minutes=self.slot_minutes)

    def name(self, language: str) -> str:
        """Return the shop's name in a language tag of the house; English where there is none."""
        by_tag = {"ja": self.name_ja, "zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}
        return by_tag.get(language.lower(), self.name_en)

    def address(self, language: str) -> str:
        """Return the address as it helps a reader: with kanji for those who read them, in Latin letters otherwise."""
        return self.address_ja if language.lower() in ("ja", "zh-hans", "zh-hant") else self.address_en

    def station(self, language: str) -> str:
        """Return the nearest station in a language tag of the house, or an empty text."""
        nearest = self.stations[0] if self.stations else {}
        return str(nearest.get(language.lower()) or nearest.get("en", ""))


class Visit(models.Model):
    """A booked time at a shop for one case. Times are instants; a day is Japan's."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="visits", db_index=False)
    case_id = models.BigIntegerField(help_text="The termination it is for. No foreign key: cases live above.")
    reference = models.TextField(help_text="The case's public reference.")
    code = models.TextField(help_text="What the visitor shows at the counter; stays when the visit is moved.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = models.PositiveSmallIntegerField(help_text="From 0 up to below the shop's capacity.")
    state = models.TextField(choices=VisitState.choices, default=VisitState.BOOKED)
    language = models.TextField(default="ja", help_text="Language in which the visitor reads.")
    booked_by = models.TextField(help_text='Who booked: "subscriber:12", "staff:7".')
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When the state last changed.")
    called_at = models.DateTimeField(null=True, blank=True, help_text="When the visitor was called to the counter.")
    called_by = models.TextField(blank=True, help_text='Who called: "staff:7".')
    held_until = models.DateTimeField(null=True, blank=True, help_text="Until when an offer can be taken.")

    class Meta:
        # One more stands in the migration: two visits that hold the same seat of a shop never overlap ("visit_seat").
        constraints = [
            models.UniqueConstraint(fields=["case_id"], name="visit_one_booked", condition=Q(state=VisitState.BOOKED)),
            models.UniqueConstraint(
                fields=["carrier", "code"], name="visit_code", condition=Q(state=VisitState.BOOKED)
            ),
            models.UniqueConstraint(fields=["case_id"], name="visit_one_held", condition=Q(state=VisitState.HELD)),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="visit_has_length"),
            models.CheckConstraint(
                condition=~Q(state=VisitState.HELD) | Q(held_until__isnull=False), name="visit_held_until"
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "-id"], name="visit_of_case"),
            models.Index(fields=["shop", "starts_at"], name="visit_of_shop", condition=Q(state__in=HOLDS_SEAT)),
            models.Index(fields=["carrier", "starts_at"], name="visit_day"),
            models.Index(
                fields=["starts_at"], name="visit_open", condition=Q(state__in=(VisitState.BOOKED, VisitState.WALK_IN))
            ),
            models.Index(fields=["held_until"], name="visit_held", condition=Q(state=VisitState.HELD)),
        ]

    def __str__(self) -> str:
        return self.code


class WaitingPlace(models.Model):
    """Somebody's place on the waiting list of a shop. Who came first is asked first; the number of the row says who."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="waiting", db_index=False)
    case_id = models.BigIntegerField(help_text="The termination it is for. No foreign key: cases live above.")
    reference = models.TextField(help_text="The case's public reference.")
    language = models.TextField(default="ja", help_text="Language in which the person reads.")
    since = models.DateField(help_text="First day that suits, in Japan's calendar.")
    until = models.DateField(help_text="Last day that suits, in Japan's calendar.")
    state = models.TextField(choices=WaitingState.choices, default=WaitingState.WAITING)
    offer = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The visit that was held for this place.",
    )
    put_by = models.TextField(help_text='Who put them on the list: "subscriber:12", "staff:7".')
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When the state last changed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id"], name="waiting_once", condition=Q(state__in=ON_THE_LIST)),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="waiting_has_days"),
            models.CheckConstraint(
                condition=~Q(state=WaitingState.OFFERED) | Q(offer__isnull=False), name="waiting_offered_what"
            ),
        ]
        indexes = [models.Index(fields=["shop", "id"], name="waiting_list", condition=Q(state__in=ON_THE_LIST))]

    def __str__(self) -> str:
        return f"place {self.pk} of {self.reference}"


class HandOver(models.Model):
    """Bags of returned cards that left a shop together, with a count by whoever took them."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="sim_hand_overs", db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="hand_overs", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted within the shop, from 1.")
    receiver = models.TextField(help_text="Who took the bags: a company, a person.")
    cards = models.PositiveIntegerField(help_text="How many cards the bags hold by our records.")
    counted = models.PositiveIntegerField(help_text="How many were counted when they were handed over.")
    explanation = models.TextField(blank=True, help_text="Why the two differ.")
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="hand_over_number"),
            models.CheckConstraint(
                condition=Q(counted=F("cards")) | ~Q(explanation=""), name="hand_over_difference_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.number} of shop {self.shop_id}"


class Bag(models.Model):
    """A numbered bag of returned cards. A shop has one open bag at a time; it is counted when it is closed."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="bags", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted within the shop, from 1.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True)
    cards = models.PositiveIntegerField(null=True, blank=True, help_text="How many it holds by our records.")
    counted = models.PositiveIntegerField(null=True, blank=True, help_text="How many were counted at closing.")
    explanation = models.TextField(blank=True, help_text="Why the two differ.")
    hand_over = models.ForeignKey(
        HandOver, on_delete=models.PROTECT, null=True, blank=True, related_name="bags", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="bag_number"),
            models.UniqueConstraint(fields=["shop"], name="bag_one_open", condition=Q(closed_at=None)),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(counted=F("cards")) | ~Q(explanation=""),
                name="bag_difference_explained",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, hand_over=None) | Q(counted__isnull=False, cards__isnull=False),
                name="bag_counted",
            ),
        ]
        indexes = [models.Index(fields=["hand_over"], name="bag_of_hand_over")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is written on the bag: "haneda-12"."""
        return f"{self.shop.code}-{self.number}"


class ReturnedCard(models.Model):
    """A SIM card that was taken back. Of its number only the last digits are kept; the line knows the whole one."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    bag = models.ForeignKey(Bag, on_delete=models.PROTECT, null=True, blank=True, related_name="returned")
    case_id = models.BigIntegerField(unique=True, help_text="The termination it came back for.")
    reference = models.TextField(help_text="The case's public reference.")
    ending = models.TextField(help_text='The last digits of its ICCID: "…0010"; empty when they cannot be read.')
    condition = models.TextField(help_text='"returned" or "damaged".')
    taken_at = models.DateTimeField()
    taken_by = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["carrier"], name="card_in_no_bag", condition=Q(bag=None))]

    def __str__(self) -> str:
        return f"card {self.ending}"


class SignedForm(models.Model):
    """What a person put their name under. The lines of the pen are sealed; the digest says which words they signed."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    case_id = models.BigIntegerField(unique=True, help_text="The termination it belongs to.")
    language = models.TextField(help_text="In which language, beside Japanese, the form was shown.")
    digest = models.TextField(help_text="SHA-256 of the words of the form.")
    how = models.TextField(help_text='"screen" or "paper".')
    strokes = models.BinaryField(default=b"", help_text="The signature as an SVG path, sealed; empty when on paper.")
    signed_at = models.DateTimeField()
    taken_by = models.TextField()

    def __str__(self) -> str:
        return f"form of case {self.case_id}"
