"""What may be handed in to be checked? One file, of a size that no certificate exceeds."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST = 2 * 1024 * 1024
"""Bytes. A certificate has some ten kilobytes, its PDF some hundred; what is checked in one go stays short."""


class CertificateForm(forms.Form):
    """A certificate as a file. It is read and forgotten."""

    file = forms.FileField(
        label=_("The certificate that you saved"),
        help_text=_("The file that ends in .json, or the PDF. At most 2 MB. Nothing of it is kept."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.pdf,application/json,application/pdf"}),
        error_messages={"required": _("Choose a file first.")},
    )

    def clean_file(self) -> bytes:
        """Return the bytes of the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > MOST:
            raise forms.ValidationError(_("This file has more than 2 MB. A certificate is far smaller."))
        return bytes(file.read())
