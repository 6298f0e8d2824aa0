"""What does the house know of carriers, subscribers, their lines, and what runs on them?

Every table but `Carrier` carries `carrier_id` and is fenced by row-level security. Identifiers are stored normalised:
MSISDN as E.164 digits without "+", IMSI, ICCID and EID as digits; an empty string means "has none".

A million-line import decides what the tables carry. Each index and each foreign key that PostgreSQL checks costs a
look-up for every row: with all of them a line took more than twice the server's time (measured). So there is an index
only where something is searched by it, and no foreign key is checked by the database. They hold because this room alone
writes these tables, an import locks the subscribers that it adds lines to, and nothing here is deleted by hand.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now, Replace, Upper

from tojimari.platform.work import Target

UNCHECKED: dict[str, Any] = {"db_index": False, "db_constraint": False}
"""For a foreign key that needs no index of its own and no check by the database: see above."""


class LineKind(models.TextChoices):
    PHYSICAL_SIM = "physical_sim"
    ESIM = "esim"


class LineState(models.TextChoices):
    """TM Forum product states (TMF637) that a line can be in here."""

    ACTIVE = "active"
    PENDING_TERMINATE = "pending_terminate"
    TERMINATED = "terminated"
    PORTED_OUT = "ported_out"


class ServiceKind(models.TextChoices):
    DATA = "data"
    VOICE = "voice"
    ROAMING = "roaming"
    OPTION = "option"


class ContactKind(models.TextChoices):
    EMAIL = "email"
    SMS = "sms"


class FinalMonthPolicy(models.TextChoices):
    """How the plan charges the month in which the line ends."""

    FULL_MONTH = "full_month"
    DAILY_PRORATA = "daily_prorata"
    USAGE_TIER = "usage_tier"
    PREPAID_NONE = "prepaid_none"


class Carrier(models.Model):
    """An operator, MVNO or reseller: the tenant."""

    slug = models.SlugField(unique=True)
    name_ja = models.TextField()
    name_en = models.TextField()
    name_zh_hans = models.TextField()
    name_zh_hant = models.TextField()
    hosts = models.JSONField(default=list, help_text="Host names under which this carrier's portal is reached.")
    elements = models.JSONField(
        default=dict, help_text='Element by line kind or service: {"physical_sim": "default", "roaming": "by_hand"}.'
    )
    hotline = models.TextField(blank=True, help_text="Where a person is reached, in international form.")
    designated = models.BooleanField(
        default=False, help_text="Designated under Article 27-3 of the Telecommunications Business Act."
    )
    legal_name = models.TextField(
        blank=True, db_default="", help_text="Of the company, as it is registered; it stands in certificates."
    )
    registration = models.TextField(
        blank=True,
        db_default="",
        help_text="Number under which it is registered or notified as a telecommunications carrier "
        "(Telecommunications Business Act, Articles 9 and 16).",
    )
    invoice_number = models.TextField(
        blank=True,
        db_default="",
        help_text="T and thirteen digits: under which it issues invoices (Consumption Tax Act, Article 57-2).",
    )
    rest_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days for which numbers of this carrier rest, where it says so itself."
    )

    def __str__(self) -> str:
        return self.slug

    def name(self, language: str) -> str:
        """Return the carrier's name in a language tag of the house; English where there is none."""
        by_tag = {"ja": self.name_ja, "zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant}
        return by_tag.get(language.lower(), self.name_en)


class Subscriber(models.Model):
    """The person or company who holds lines. Names may have one part only and come in Latin, kana or kanji."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    number = models.TextField(help_text="The carrier's own customer number.")
    name_latin = models.TextField(blank=True)
    name_kana = models.TextField(blank=True)
    name_kanji = models.TextField(blank=True)
    language = models.TextField(default="ja")
    corporate = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "number"], name="subscriber_number")]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        return self.name_kanji or self.name_latin or self.name_kana or self.number


class ContactPoint(models.Model):
    """Where a subscriber can be reached: an e-mail address, or a number for SMS."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="contacts", **UNCHECKED)
    kind = models.TextField(choices=ContactKind.choices)
    value = models.TextField()
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "kind", "value"], name="contact_once")]

    def __str__(self) -> str:
        return f"{self.kind} of subscriber {self.subscriber_id}"


class EarlyExit(models.TextChoices):
    """How a new contract on a plan can be left in its first days. Never guessed: empty where the books do not say."""

    INITIAL_CANCELLATION = "initial_cancellation"
    CONFIRMATION_MEASURE = "confirmation_measure"
    NONE = "none"


class Plan(models.Model):
    """What a line costs, and what the terms of its plan say of its end. Yen include consumption tax."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    code = models.TextField()
    name = models.TextField()
    monthly_fee_yen = models.PositiveIntegerField()
    final_month_policy = models.TextField(choices=FinalMonthPolicy.choices, default=FinalMonthPolicy.FULL_MONTH)
    prepaid = models.BooleanField(default=False)
    rounding = models.TextField(
        default="down", db_default="down", help_text="Of a fraction of a yen: down, up or half_up."
    )
    tiers = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="Bands by use: [[3072, 1078], [null, 3278]]; MB in a month, the fee up to it.",
    )
    penalty_yen = models.PositiveIntegerField(
        default=0, db_default=0, help_text="What the terms ask for an end within the bound term, before any cap."
    )
    contract_cost_yen = models.PositiveIntegerField(
        default=0, db_default=0, help_text="What the terms ask once for making the contract."
    )
    early_exit = models.TextField(choices=EarlyExit.choices, blank=True, default="", db_default="")
    refunds_balance = models.BooleanField(
        default=False, db_default=False, help_text="What is left of a prepaid balance is paid back."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "code"], name="plan_code")]

    def __str__(self) -> str:
        return self.code


class Line(models.Model):
    """One subscription, on a physical SIM or an eSIM."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="lines", db_constraint=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, **UNCHECKED)
    kind = models.TextField(choices=LineKind.choices)
    msisdn = models.TextField(blank=True)
    imsi = models.TextField(blank=True)
    iccid = models.TextField()
    eid = models.TextField(blank=True)
    order_number = models.TextField(blank=True, help_text="Contract knowledge that is not printed on the SIM.")
    # A column and not an index on the expression: under row-level security PostgreSQL uses an index only for
    # leakproof conditions, and upper() is not one of them.
    order_key = models.GeneratedField(
        expression=Upper(Replace("order_number", Value("-"))),
        output_field=models.TextField(),
        db_persist=True,
        help_text="The order number as it is searched for: upper case, without dashes.",
    )
    state = models.TextField(choices=LineState.choices, default=LineState.ACTIVE)
    contract_on = models.DateField(help_text="Day of the contract, Japan time.")
    valid_until = models.DateField(null=True, blank=True, help_text="Last day of a prepaid plan, Japan time.")
    balance_yen = models.IntegerField(default=0)
    last_used_on = models.DateField(null=True, blank=True)
    ported_in = models.BooleanField(
        db_default=False, default=False, help_text="The number came from another carrier, and goes back there."
    )
    number_off_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then nothing is sent to the number and it is nobody's login."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="End of the contract.")
    changed_at = models.DateTimeField(
        db_default=Now(), help_text="Since when the books say this of its state and identity, by the database's clock."
    )

    class Meta:
        constraints = [
            # An ended line keeps its ICCID: E.118 numbers are not given out twice, and a file that still names an
            # ended line must meet it here instead of reviving it.
            models.UniqueConstraint(fields=["carrier", "iccid"], name="line_iccid"),
            models.UniqueConstraint(
                fields=["carrier", "imsi"], name="line_imsi", condition=~Q(state=LineState.TERMINATED) & ~Q(imsi="")
            ),
            models.UniqueConstraint(
                fields=["carrier", "msisdn"],
                name="line_msisdn",
                condition=~Q(state__in=[LineState.TERMINATED, LineState.PORTED_OUT]) & ~Q(msisdn=""),
            ),
        ]
        indexes = [
            models.Index(fields=["carrier", "order_key"], name="line_order_key", condition=~Q(order_key="")),
            models.Index(fields=["carrier", "eid"], name="line_eid", condition=~Q(eid="")),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def target(self) -> Target:
        """The line as the rooms that work on steps know it."""
        return Target(self.pk, self.carrier_id, self.kind, self.msisdn, self.imsi, self.iccid, self.eid)


class RestingNumber(models.Model):
    """A number that nobody may have before a day, because its last holder may still be called on it. No person."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    msisdn = models.TextField()
    free_from = models.DateField(help_text="First day on which it may be given out again, in Japan.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "msisdn"], name="resting_number")]

    def __str__(self) -> str:
        return f"number that rests until {self.free_from}"


class LineMoney(models.Model):
    """What the books say of a line's money besides plan and bills; only for lines of which they say anything.

    A table of its own: a million lines of which nothing is said cost nothing. An empty column says nothing. Yen include
    consumption tax, days are those of Japan.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    line = models.OneToOneField(
        Line, on_delete=models.CASCADE, primary_key=True, related_name="money", db_constraint=False
    )
    usage_yen = models.PositiveIntegerField(null=True, help_text="Use that is on no bill yet, beside the fee.")
    used_month = models.DateField(null=True, help_text="First day of the month that `used_mb` is of.")
    used_mb = models.PositiveIntegerField(null=True)
    deposit_yen = models.PositiveIntegerField(null=True)
    installation_left_yen = models.PositiveIntegerField(null=True, help_text="As of today.")
    installation_month_yen = models.PositiveIntegerField(null=True, help_text="By how much it declines each month.")
    instalments_left_yen = models.PositiveIntegerField(null=True, help_text="Of a device; they go on.")
    paid_in_advance_yen = models.PositiveIntegerField(
        null=True, help_text="Paid for this contract with the order or at the counter; no device in it."
    )
    started_on = models.DateField(null=True, help_text="Day on which the service began.")
    documents_on = models.DateField(null=True, help_text="Day on which the contract document was received.")
    corrected_documents_on = models.DateField(null=True)
    bound_until = models.DateField(null=True, help_text="Last day of the bound term; no penalty from the day after.")

    def __str__(self) -> str:
        return f"money of line {self.line_id}"


class ServiceState(models.TextChoices):
    ACTIVE = "active"
    PENDING_TERMINATE = "pending_terminate"
    TERMINATED = "terminated"


class Service(models.Model):
    """What runs on a line: data, voice, roaming, an option."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="services", **UNCHECKED)
    kind = models.TextField(choices=ServiceKind.choices)
    state = models.TextField(choices=ServiceState.choices, default=ServiceState.ACTIVE)
    monthly_fee_yen = models.PositiveIntegerField(
        null=True, blank=True, help_text="What it costs a month beside the plan, tax included; empty: not known."
    )
    lives_on = models.BooleanField(
        default=False, db_default=False, help_text="A contract of its own: it does not end with the line."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    # No number of its own: a line has two or three services, and each would be one more entry in one more index.
    pk = models.CompositePrimaryKey("line_id", "kind")

    def __str__(self) -> str:
        return f"{self.kind} of line {self.line_id}"


class Bill(models.Model):
    """What a line owes for one month. Yen include consumption tax; a bill without `paid_on` is unpaid."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, **UNCHECKED)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="bills", **UNCHECKED)
    month = models.DateField(help_text="First day of the month billed.")
    amount_yen = models.PositiveIntegerField()
    due_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "month"], name="bill_month")]

    def __str__(self) -> str:
        return f"bill {self.month:%Y-%m} of line {self.line_id}"


class Change(models.Model):
    """One change of a carrier's settings by its administrator. Rows are only added; the newest of a setting counts."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    setting = models.TextField(help_text='Which one: "procedure.esim", "contact".')
    at = models.DateTimeField()
    by = models.TextField(help_text='Who: "staff:7".')
    name = models.TextField(help_text="Their name on that day.")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True, help_text="Empty: back to what ships with the installation.")

    class Meta:
        indexes = [models.Index(fields=["carrier", "setting", "-id"], name="change_of_setting")]

    def __str__(self) -> str:
        return f"{self.setting} of carrier {self.carrier_id}"
