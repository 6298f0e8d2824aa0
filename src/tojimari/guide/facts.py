"""What is known of carriers that are not connected, and who says so?

One TOML file a carrier in `data/`, named by its permanent id. No fact stands without its source: each table names one
(`source = "faq"`), and a single fact in it may name another (`[closing.sources] fee_jpy = "index"`). What a source does
not say is left out, and is then told to the person as unknown. What carriers publish and what people report is kept
apart by the kind of source (`Source.published`). Texts stand in the four languages of the house.

The shape is held by these classes: an unknown key is an error. What a shape cannot say is checked by `checks`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from tojimari.guide.opening import Open
from tojimari.rules.cutoffs import Cutoff, from_toml, to_toml


class CarrierKind(StrEnum):
    MNO = "mno"
    MNO_BRAND = "mno_brand"
    MVNO = "mvno"
    MVNO_FOREIGNER = "mvno_foreigner"
    PREPAID = "prepaid"
    VISITOR_PREPAID = "visitor_prepaid"
    RENTAL = "rental"
    TRAVEL_ESIM = "travel_esim"
    HOME_CARRIER = "home_carrier"


class SourceKind(StrEnum):
    OFFICIAL = "official"
    """The carrier's own page."""
    INDEX = "index"
    """A dated reading of the carrier's own page by somebody else."""
    SECONDARY = "secondary"
    """What others write: guides, reports of customers."""


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LineKind(StrEnum):
    PHYSICAL_SIM = "physical_sim"
    ESIM = "esim"
    ROAMING = "roaming"
    RENTAL_WIFI = "rental_wifi"


class Channel(StrEnum):
    """How a line is ended. `CONTACT`: one asks to be contacted; `RETURN_ITEM`: by giving the item back."""

    WEB = "web"
    APP = "app"
    SHOP = "shop"
    PHONE = "phone"
    MAIL = "mail"
    CHAT = "chat"
    FORM = "form"
    SMS = "sms"
    CONTACT = "contact"
    RETURN_ITEM = "return_item"
    AUTO_EXPIRY = "auto_expiry"
    NONE_NEEDED = "none_needed"


class Effective(StrEnum):
    """When the contract ends after asking."""

    IMMEDIATE = "immediate"
    SAME_OR_NEXT_DAY = "same_or_next_day"
    END_OF_MONTH = "end_of_month"
    CHOSEN_DATE = "chosen_date"
    ON_EXPIRY = "on_expiry"
    END_OF_CYCLE = "end_of_cycle"
    ON_RETURN = "on_return"


class MonthCharge(StrEnum):
    """What is charged for the month in which the line ends."""

    FULL = "full"
    PRORATED = "prorated"
    USAGE_BAND = "usage_band"


class Occasion(StrEnum):
    """When this way is for: not every way that a source names ends an ordinary line."""

    EARLY_EXIT = "early_exit"
    """Within the first eight days, as if the contract had not been made."""
    SOMEONE_ELSE = "someone_else"
    """Somebody acts for the person."""
    REFUND = "refund"
    """Money back for a plan that was not used. It ends no line that goes on."""


class Topic(StrEnum):
    """What a text is about, which decides where it is shown."""

    PAPERS = "papers"
    IDENTITY = "identity"
    HOURS = "hours"
    TAP = "tap"
    """Which words to tap on the carrier's own page, in order."""
    FEE = "fee"
    REFUND = "refund"
    RETURN_TO = "return_to"
    PORTING = "porting"
    LIVES_ON = "lives_on"
    """What goes on after the line has ended, and must be ended separately."""
    BLOCKED_BY = "blocked_by"
    """What must be settled before the carrier takes the request."""
    CONFLICT = "conflict"
    """Where sources contradict each other."""
    WARNING = "warning"
    NOTE = "note"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """A text for people in the four languages."""

    ja: str
    en: str
    zh_hans: str = Field(alias="zh-hans")
    zh_hant: str = Field(alias="zh-hant")

    def into(self, language: str) -> str:
        """Return it in a language tag of the house; English where there is none."""
        by_tag = {"ja": self.ja, "zh-hans": self.zh_hans, "zh-hant": self.zh_hant}
        return by_tag.get(language.lower(), self.en)


class Source(_Strict):
    url: str
    kind: SourceKind
    confidence: Confidence
    stated_on: str = ""
    """The date that the page bears, as it is there: "2026-06-06", "2025-11", "2024". Empty: it bears none."""
    read_on: str
    """When it was read for the directory, e.g. "2026-09"."""
    more: tuple[str, ...] = ()
    """Further pages that say the same."""

    @property
    def published(self) -> bool:
        """Say whether the carrier itself publishes it. Otherwise people report it."""
        return self.kind is not SourceKind.SECONDARY


_CLOCK = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "description": "Japan time; left out: 24:00"}
CUTOFF_SCHEMA: Mapping[str, Any] = {
    "description": "Until when one must ask. A time that ends in :59 covers its whole minute.",
    "type": "object",
    "additionalProperties": False,
    "required": ["kind"],
    "properties": {
        "kind": {
            "enum": [
                "daily",
                "day_of_month",
                "before_month_end",
                "business_day_of_month",
                "before_renewal",
                "before_departure",
            ]
        },
        "day": {"type": "integer", "minimum": 1, "maximum": 31},
        "days": {"type": "integer", "minimum": 0, "maximum": 366},
        "n": {"type": "integer", "minimum": -15, "maximum": 15, "description": "the n-th business day; -1: the last"},
        "time": _CLOCK,
    },
}

if TYPE_CHECKING:
    Stated = Cutoff
else:  # the rules read and write it; pydantic need not know what it is made of
    Stated = Annotated[Any, PlainValidator(from_toml), PlainSerializer(to_toml), WithJsonSchema(CUTOFF_SCHEMA)]


class Said(_Strict):
    """One thing that a source says in words."""

    topic: Topic
    text: Text
    source: str = ""
    """Empty: the source of the table that it stands in."""


class Hotline(_Strict):
    number: str
    """As dialled: "151" from one's own phone, otherwise in a form that can be brought to E.164."""
    reached_from: Literal["own_phone", "home", "japan", "abroad"] = Field(alias="from")
    """`home`: from other telephones in the carrier's own country, where that is not Japan."""
    languages: tuple[str, ...] = ()
    hours: Text | None = None
    open: Open | None = None
    """The same hours in machine form, in Japan time. None: the source names none."""
    about: Text | None = None
    confidence: Confidence | None = None
    """Where it differs from that of the source."""
    source: str


class EarlyFee(_Strict):
    """What closing soon after the contract began costs."""

    yen: int | None = None
    """None: the source says that there is a fee, and not how much."""
    up_to: bool = False
    """True: the most that is charged, not always all of it."""
    months: int
    """Within how many months from the beginning."""
    contracts_from: datetime.date | None = None
    """Contracts made on or after this day, in Japan. None: the source names no day."""


class Closing(_Strict):
    """One way of ending a line with a carrier."""

    id: str
    """Permanent within the carrier: saved cases name it."""
    occasion: Occasion | None = None
    """None: the ordinary way."""
    line_kinds: tuple[LineKind, ...]
    kind_stated: bool
    """False: the source speaks of "the line" and does not separate SIM and eSIM."""
    channels: tuple[Channel, ...]
    """Empty: the source does not say."""
    page: str = ""
    appointment: Literal["required", "recommended"] | None = None
    open: Mapping[Channel, Open] | None = Field(default=None, min_length=1)
    """When one can act by a channel, in machine form, in Japan time. Left out: the source is silent."""
    sim_return: Literal["required", "not_required", "conflicting"] | None = None
    return_days: int | None = None
    """Days after the end (or the expiry) within which the card must be back."""
    return_time: str | None = Field(default=None, pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")
    """Until when on the last of these days, Japan time. None: until its end."""
    effective: Effective | None = None
    cutoff: Stated | None = None
    month_charge: MonthCharge | None = None
    fee_jpy: int | None = None
    """In the ordinary case, tax included."""
    early_fee: EarlyFee | None = None
    confidence: Confidence | None = None
    """Where it differs from that of the source."""
    said: tuple[Said, ...] = ()
    source: str
    sources: Mapping[str, str] = {}
    """Field -> source, for fields that another source says."""

    def source_of(self, field: str) -> str:
        return self.sources.get(field, self.source)


class Domains(_Strict):
    """Registrable domains or exact hosts that are the carrier's own."""

    names: tuple[str, ...]
    shared_with: tuple[str, ...] = ()
    """Ids of carriers of the same house that stand under these names, too."""
    source: str


class Obsolete(_Strict):
    """Why this carrier is no longer there. Its file stays, so that old cases and links still find it."""

    reason: Literal["merged", "closed", "renamed", "duplicate"]
    on: datetime.date | None = None
    successor: str = ""
    source: str


class CarrierFacts(_Strict):
    """Everything known of one carrier."""

    id: str
    kind: CarrierKind
    country: str = Field(pattern=r"^[A-Z]{2}$")
    name: Text
    sources: Mapping[str, Source]
    domains: Domains | None = None
    hotline: tuple[Hotline, ...] = ()
    closing: tuple[Closing, ...] = ()
    said: tuple[Said, ...] = ()
    """What concerns every line of the carrier. Each names its source."""
    obsolete: Obsolete | None = None

    @model_validator(mode="after")
    def _every_source_is_there(self) -> CarrierFacts:
        if missing := sorted(self.named_sources() - set(self.sources)):
            raise ValueError(f"no such source: {', '.join(missing) or '(empty)'}")
        return self

    def named_sources(self) -> set[str]:
        """Return the keys of every source that a fact names."""
        named = {line.source for line in self.hotline} | {closing.source for closing in self.closing}
        named |= {said.source for said in self.said}
        named |= {said.source for closing in self.closing for said in closing.said if said.source}
        named |= {source for closing in self.closing for source in closing.sources.values()}
        named |= {self.domains.source} if self.domains else set()
        return named | ({self.obsolete.source} if self.obsolete else set())

    def confidence_of(self, item: Hotline | Closing) -> Confidence:
        """Return how far this entry can be relied on."""
        return item.confidence or self.sources[item.source].confidence

    def ways(self, kind: LineKind) -> tuple[Closing, ...]:
        """Return the ways of ending this kind of line, the ones that the carrier publishes first."""
        fitting = (closing for closing in self.closing if kind in closing.line_kinds)
        return tuple(sorted(fitting, key=lambda closing: not self.sources[closing.source].published))
