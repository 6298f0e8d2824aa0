"""How much may be handed in with one form?

Pictures of evidence are the only files that pages take. Those of a size that is kept stay in memory: what somebody
shows us never lies on the disk unsealed. Whatever is far larger is refused by its announced length, before a byte of it
is read, so that nobody can fill the disk (OWASP ASVS 5.0: 5.2.1).
"""

from __future__ import annotations

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

KEPT_IN_MEMORY = 12 * 1024 * 1024
"""Bytes: more than the largest picture that is taken, with the form around it."""
MOST = 40 * 1024 * 1024
"""Bytes. What lies between is read, so that the page can say beside the field that the file is too large."""


class Bounded(FileUploadHandler):
    """Refuses a form that is too large; takes no file itself."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # named by Django
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig, which is answered with 400, where the form announces more than `MOST`."""
        if content_length > MOST:
            raise RequestDataTooBig(f"A form of {content_length} bytes is not taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None
