"""Which staff does the demonstration have?

One account per role, all with the same password that is printed for everybody to read. They exist for the demo carrier
alone and are made only while the demonstration is switched on.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction

from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.access import carrier_by_slug
from tojimari.platform.config import config
from tojimari.platform.database.scope import carrier_scope

CARRIER = "demo"
PASSWORD = "tojimari-demo"  # noqa: S105 - printed for everybody who tries the demonstration

STAFF: dict[str, tuple[StaffRole, str, str]] = {
    "clerk@demo.example": (StaffRole.CLERK, "花子", "鈴木"),
    "agent@demo.example": (StaffRole.AGENT, "健", "佐藤"),
    "reviewer@demo.example": (StaffRole.REVIEWER, "美咲", "高橋"),
    "lead@demo.example": (StaffRole.LEAD, "一郎", "伊藤"),
    "auditor@demo.example": (StaffRole.AUDITOR, "直子", "渡辺"),
    "admin@demo.example": (StaffRole.ADMIN, "誠", "山本"),
}
"""E-mail address to sign in with -> role, given name, family name. Nobody here is a real person."""


@transaction.atomic
def load_staff() -> None:
    """Make the demo carrier's staff, or leave them as they are. Does nothing outside a demonstration."""
    if not config().demo:
        return
    carrier = carrier_by_slug(CARRIER)
    with carrier_scope(carrier.pk):
        for email, (role, given, family) in STAFF.items():
            user = User.objects.filter(email=email).first()
            if user is None:
                user = User.objects.create_user(email, email, PASSWORD, first_name=given, last_name=family)
                EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            Membership.objects.get_or_create(carrier=carrier, user=user, defaults={"role": role})
