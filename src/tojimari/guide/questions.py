"""What must the person be asked? Only what changes the plan, and never more than five questions.

`questions(facts, kind)` names them; the answers go into `Answers`. How a question is worded and drawn is the page's.
"""

from __future__ import annotations

from enum import StrEnum

MOST = 5


class Ask(StrEnum):
    """A question, and the fields of `Answers` that it fills."""

    KEEP_NUMBER = "keep_number"
    TERM = "term"
    """`term` and `term_ends_on`."""
    TERM_ENDS_ON = "term_ends_on"
    CONTRACTED_ON = "contracted_on"
    LEAVING = "leaving"
    """`leaving_on` and `zone`."""
    CARD = "card"
    UNPAID = "unpaid"
    MONTHLY_FEE = "monthly_fee"
    """`monthly_fee_yen`."""
    WHERE = "where"
    """`where` and `zone`."""
