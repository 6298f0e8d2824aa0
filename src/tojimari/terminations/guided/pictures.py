"""What is kept of a photo or a screenshot that a person hands in as evidence?

Only what one sees. The picture is recognised by its content, never by its name; it is decoded within bounds, turned the
way it is meant to be seen, made small enough to keep, and drawn anew as JPEG: place, time, device and whatever else was
hidden in the file stay behind (OWASP ASVS 5.0: 5.2.1, 5.2.2, 5.2.6, 14.2.8).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from tojimari.platform.acting import Refused

MOST_BYTES = 10 * 1024 * 1024
"""Of the file that is handed in."""
MOST_PIXELS = 50_000_000
"""Of the picture in it: the largest that telephones take today."""
LONGEST_SIDE = 1800
"""Of what is kept, in pixels: a receipt on a screen, or a postmark, can still be read."""
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew, as JPEG."""

    data: bytes
    width: int
    height: int


def redrawn(data: bytes) -> Picture:
    """Return the picture as it may be kept.

    Raises `Refused` with `guided.picture_too_large`, `guided.picture_kind` (no JPEG, PNG or WebP, or cut off) or
    `guided.picture_too_many_pixels`.
    """
    if len(data) > MOST_BYTES:
        raise Refused("guided.picture_too_large", most=MOST_BYTES // 1024 // 1024)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            width, height = found.size  # from the header alone: nothing is decoded before this is known
            if width * height > MOST_PIXELS:
                raise Refused("guided.picture_too_many_pixels", most=MOST_PIXELS // 1_000_000)
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(found)
            plain = _on_white(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Refused("guided.picture_kind") from None
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new canvas: nothing of what the old one carried beside its points comes along.
    canvas = Image.new("RGB", plain.size)
    canvas.paste(plain)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=82, optimize=True)
    return Picture(out.getvalue(), *canvas.size)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return it without transparency, as a page shows it."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground
