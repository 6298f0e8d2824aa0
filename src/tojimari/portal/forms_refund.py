"""What does a person type of the account to which money goes back: one in Japan, or one abroad?

Whatever is typed is judged by `rules.identifiers.account`; each reason stands beside its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from babel.core import Locale
from django import forms
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from tojimari.money.words import ACCOUNT_KINDS
from tojimari.platform.acting import Refused
from tojimari.rules.identifiers.account import Account, Kind, Where, read
from tojimari.terminations.reasons import refusal_text

_NO_COUNTRY = frozenset({"JP", "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Japan, which has a form of its own, and codes of CLDR that name no country."""


def countries() -> list[tuple[str, str]]:
    """Every country but Japan by its two letters, with its name in the language of now, in the order of the names."""
    names = Locale.parse(to_locale(get_language() or "ja")).territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRY]
    return sorted(known, key=lambda one: one[1])


def _text(label: Any, help_text: Any = "", *, digits: bool = False) -> forms.CharField:
    """A field that the browser neither fills in nor keeps: it holds a bank account."""
    attrs = {"autocomplete": "off", "spellcheck": "false"} | ({"inputmode": "numeric"} if digits else {})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs=attrs))


class AccountForm(forms.Form):
    """One form of account. `account` is what was told, once everything is right."""

    where: ClassVar[Where]
    account: Account | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.account, wrong = read(self.where, cleaned)
        for name in set(wrong) - set(self.errors):
            self.add_error(name, refusal_text(Refused(wrong[name])))
        return cleaned


class JapanForm(AccountForm):
    """An account at a bank in Japan."""

    where = Where.JAPAN
    bank = _text(_("Bank"), _("Its name, or its number of 4 digits."))
    branch = _text(_("Branch"), _("Its name, or its number of 3 digits. At Japan Post Bank: the one for transfers."))
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        required=False,
        initial=Kind.ORDINARY.value,
        choices=list(ACCOUNT_KINDS.items()),
    )
    number = _text(_("Account number"), _("7 digits"), digits=True)
    holder = _text(_("Name of the holder, in kana"), _("As it stands on the bank card or in the passbook."))


class AbroadForm(AccountForm):
    """An account at a bank outside Japan."""

    where = Where.ABROAD
    country = forms.ChoiceField(label=_("Country of the bank"), required=False)
    bank = _text(_("Name of the bank"))
    bic = _text(_("SWIFT code (BIC)"), _("8 or 11 letters and digits. The bank's website names it."))
    number = _text(_("IBAN, or account number where there is none"))
    holder = _text(_("Name of the holder, in Latin letters"), _("As the bank has it."))
    more = _text(_("What else your bank needs (optional)"), _("For example a routing number, or its address."))

    def __init__(self, typed: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(typed, initial=initial)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *countries()]


FORMS: Mapping[Where, type[AccountForm]] = {Where.JAPAN: JapanForm, Where.ABROAD: AbroadForm}
