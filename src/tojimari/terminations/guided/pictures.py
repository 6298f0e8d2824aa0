"""What is kept of a photo or a screenshot that a person hands in as evidence?

Only what one sees. The picture is recognised by its content, never by its name; it is decoded within bounds, turned the
way it is meant to be seen, made small enough to keep, and drawn anew as JPEG: place, time, device and whatever else was
hidden in the file stay behind (OWASP ASVS 5.0: 5.2.1, 5.2.2, 5.2.6, 14.2.8).
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from threading import Lock

from PIL import ExifTags, Image, UnidentifiedImageError

from tojimari.platform.acting import Refused

MOST_BYTES = 10 * 1024 * 1024
"""Of the file that is handed in."""
MOST_PIXELS = 50_000_000
"""Of a JPEG: the largest that telephones take today. It is decoded smaller than it is."""
MOST_PIXELS_WHOLE = 25_000_000
"""Of other pictures, which are decoded whole: enough for a screenshot of a long page. Each million costs some 10 MB."""
LONGEST_SIDE = 1800
"""Of what is kept, in pixels: a receipt on a screen, or a postmark, can still be read."""
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by its EXIF orientation (JEITA CP-3451, 4.6.4)."""

_drawing = Lock()
"""A few kilobytes can be a picture of a hundred megabytes: one at a time is opened in a process, never many at once."""


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
    with _drawing:
        try:
            canvas = _drawn(data)
        except Refused:  # which is a ValueError, too
            raise
        except Image.DecompressionBombError:
            raise Refused("guided.picture_too_many_pixels", most=MOST_PIXELS // 1_000_000) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            raise Refused("guided.picture_kind") from None
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=82, optimize=True)
    return Picture(out.getvalue(), *canvas.size)


def _drawn(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as found:
        width, height = found.size  # from the header alone: nothing is decoded before this is known
        most = MOST_PIXELS if found.format == "JPEG" else MOST_PIXELS_WHOLE
        if width * height > most:
            raise Refused("guided.picture_too_many_pixels", most=most // 1_000_000)
        turn = _turn(found)
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at a half, a quarter, an eighth
        small = found.convert("RGBA") if found.mode == "P" else found  # points of a palette cannot be mixed
        # Made small before anything else: every copy from here on is a small one.
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = _on_white(small)
    upright = plain.transpose(turn) if turn is not None else plain
    # A new canvas: nothing of what the old one carried beside its points comes along.
    canvas = Image.new("RGB", upright.size)
    canvas.paste(upright)
    return canvas


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """Read how it is to be turned, and nothing else: many programs leave EXIF behind that cannot be written again."""
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error):
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    """Return it without transparency, as a page shows it."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground
