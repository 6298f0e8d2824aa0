"""What do plans, questions and deadlines at other carriers say to a person? One sentence for each code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, str | Promise] = {
    "headline.steps": _("Your line at %(carrier)s goes on until you end it. Here is how, step by step."),
}
