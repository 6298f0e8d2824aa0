"""Which plans does a file name, and does it say the same of each in every row?

A plan is described by any row that names its price. It must be known, from the carrier or from a row above, when a row
uses it. What rows say of one plan must agree, otherwise the price would depend on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tojimari.lines import cells
from tojimari.lines.cells import Fault, Problem

MOST_PLANS = 20_000
"""Most different descriptions in one file: a file with more has something else in that column."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a file says of a plan. An empty text says nothing; yen include consumption tax."""

    code: str
    name: str
    monthly_fee_yen: str
    final_month_policy: str
    prepaid: str


class PlanBook:
    """The plans that the carrier has, and those that the file describes."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = set(known)
        self._described: dict[str, PlanTerms] = {}
        self._judged: dict[tuple[str, ...], PlanTerms | tuple[str, str]] = {}
        self._fresh: list[PlanTerms] = []

    def take_fresh(self) -> list[PlanTerms]:
        """Return the plans described since the last call, for the database."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def check(self, texts: Sequence[str], bad: list[Problem]) -> None:
        """Judge code, name, fee, policy and prepaid of a row, and add what is wrong to `bad`.

        The description is kept only if the rest of the row is good, so that a bad row leaves nothing behind.
        """
        key = tuple(texts)
        terms = self._judged.get(key)
        if terms is None:
            terms = self._read(key)
            if len(self._judged) < MOST_PLANS:
                self._judged[key] = terms
        if isinstance(terms, tuple):
            bad.append(Problem(*terms))
            return
        code = terms.code
        if not any(key[1:]):
            if code not in self._known:
                bad.append(Problem("plan", "plan.unknown"))
            return
        described = self._described.get(code)
        if described is terms:
            return
        if described is not None:
            if not _agree(described, terms):
                bad.append(Problem("plan", "plan.differs"))
            return
        if code not in self._known and not terms.monthly_fee_yen:
            bad.append(Problem("monthly_fee_yen", "plan.fee_needed"))
        elif len(self._described) >= MOST_PLANS:
            bad.append(Problem("plan", "plan.too_many"))
        elif not bad:
            self._described[code] = terms
            self._known.add(code)
            self._fresh.append(terms)

    @staticmethod
    def _read(key: tuple[str, ...]) -> PlanTerms | tuple[str, str]:
        code, name, fee, policy, prepaid = key
        meanings = {
            "monthly_fee_yen": cells.yen(fee) if fee else "",
            "final_month_policy": cells.policy(policy) if policy else "",
            "prepaid": cells.flag(prepaid) if prepaid else "",
        }
        for column, meaning in meanings.items():
            if isinstance(meaning, Fault):
                return column, meaning.code
        amount, charged, paid_before = (str(meaning) for meaning in meanings.values())
        if amount.startswith("-"):
            return "monthly_fee_yen", "yen.negative"
        return PlanTerms(code, name, amount, charged, paid_before)


def _agree(one: PlanTerms, other: PlanTerms) -> bool:
    """Say whether the second description says nothing that the first does not say."""
    pairs = (
        (one.name, other.name),
        (one.monthly_fee_yen, other.monthly_fee_yen),
        (one.final_month_policy, other.final_month_policy),
        (one.prepaid, other.prepaid),
    )
    return all(not later or later == earlier for earlier, later in pairs)
