"""What is said when a shop that an administrator typed cannot be kept, and what are its fields called?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "shop.wrong": (_("This shop cannot be kept so. Nothing was saved."), _("Mend what stands beside the fields.")),
    "shop.empty": (_("This is needed, with at most 200 characters."), _("Fill it in.")),
    "shop.position_wrong": (
        _("This is no position."),
        _("Write latitude and longitude in degrees, such as 35.6909 and 139.7003."),
    ),
    "shop.stations_wrong": (
        _("A station cannot be read."),
        _("Write one on each line: Japanese / English / simplified / traditional Chinese."),
    ),
    "shop.languages_missing": (_("No language is chosen."), _("Choose those that are spoken at the counter.")),
    "shop.phone_wrong": (
        _("This is no phone number in international form."),
        _("Write it with + and the country: +81 3-1234-5678."),
    ),
    "shop.capacity_wrong": (_("This is not a whole number from 1 to 100."), _("Write how many visits at a time.")),
    "shop.slot_minutes_wrong": (_("This is not a whole number from 5 to 240."), _("Write how many minutes.")),
    "shop.span_wrong": (
        _("These hours cannot be read."),
        _("Write them like this: 10:00-13:00, 14:00-19:00. Leave it empty when the shop is closed."),
    ),
    "shop.closed_days_wrong": (
        _("A closed day cannot be read."),
        _("Write one on each line: 2026-12-31, or 2026-12-29/2027-01-03 for several days."),
    ),
    "shop.date_wrong": (_("This is no day of the calendar."), _("Write it like this: 2026-12-31.")),
    "shop.closes_first": (
        _("The shop would close before it opens."),
        _("Choose a later day for closing."),
    ),
    "shop.code_wrong": (
        _("This short name cannot be used."),
        _("Use small letters, digits and hyphens, at most 40, such as shinjuku-east."),
    ),
    "shop.code_taken": (_("There is a shop with this short name already."), _("Choose another one.")),
}

LABELS: dict[str, Text] = {
    "name_ja": _("Name in Japanese"),
    "name_en": _("Name in English"),
    "name_zh_hans": _("Name in simplified Chinese"),
    "name_zh_hant": _("Name in traditional Chinese"),
    "address_ja": _("Address in Japanese"),
    "address_en": _("Address in Latin letters"),
    "postcode": _("Postcode"),
    "latitude": _("Latitude in degrees"),
    "longitude": _("Longitude in degrees"),
    "stations": _("Stations, the nearest first: one on each line, Japanese / English / simplified / traditional"),
    "languages": _("Languages spoken at the counter"),
    "phone": _("Phone number, with + and the country"),
    "capacity": _("Visits at the same time"),
    "slot_minutes": _("Minutes for each visit"),
    "mon": _("Open on Mondays"),
    "tue": _("Open on Tuesdays"),
    "wed": _("Open on Wednesdays"),
    "thu": _("Open on Thursdays"),
    "fri": _("Open on Fridays"),
    "sat": _("Open on Saturdays"),
    "sun": _("Open on Sundays"),
    "closed_days": _("Closed on these days: one on each line, such as 2026-12-31 or 2026-12-29/2027-01-03"),
    "closed_on_holidays": _("Closed on national holidays"),
    "opens_on": _("Opens on (only if it is not open yet)"),
    "closes_on": _("First day on which it is closed for good"),
    "active": _("Takes visits"),
}
"""What the fields of a shop are called."""
