"""Where do tests get a barcode to hold before a camera?

A picture is rows of grey bytes. `code128` draws digits as they are printed on a SIM card (Code 128, ISO/IEC 15417),
`y4m` makes a film of it that Chromium takes for its camera, `png` a photo.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

# Widths of bar, space, bar, space, bar, space of the values 0 to 105 in units (ISO/IEC 15417, table 1).
_TABLE = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
_WIDTHS = [_TABLE[place : place + 6] for place in range(0, len(_TABLE), 6)]
_STOP = "2331112"
_START_B, _START_C, _TO_B = 104, 105, 100
_WHITE, _BLACK = 235, 16  # what a camera sees as white and black (video range of ITU-R BT.601)


@dataclass(frozen=True)
class Picture:
    """`rows` of grey bytes, all of the same length."""

    rows: list[bytes]

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def height(self) -> int:
        return len(self.rows)

    def on_its_side(self) -> Picture:
        """The same picture, turned by a quarter."""
        return Picture([bytes(column) for column in zip(*self.rows[::-1], strict=True)])


def blank(width: int = 640, height: int = 480) -> Picture:
    """A picture of nothing."""
    return Picture([bytes([_WHITE]) * width] * height)


def code128(text: str, width: int = 640, height: int = 480) -> Picture:
    """A picture with the barcode of `text` (printable ASCII) in its middle: digits in pairs, letters one by one."""
    bars = "".join(_WIDTHS[value] for value in _values(text)) + _STOP
    unit = (width - 40) // sum(map(int, bars))
    row = bytearray()
    for place, wide in enumerate(map(int, bars)):
        row += bytes([_WHITE if place % 2 else _BLACK]) * (wide * unit)
    left = (width - len(row)) // 2
    barred = bytes([_WHITE]) * left + bytes(row) + bytes([_WHITE]) * (width - left - len(row))
    above = height // 3
    empty = blank(width, above).rows
    return Picture([*empty, *[barred] * (height - 2 * above), *empty])


def _values(text: str) -> list[int]:
    if text.isdigit():
        values = [_START_C, *(int(text[place : place + 2]) for place in range(0, len(text) // 2 * 2, 2))]
        if len(text) % 2:
            values += [_TO_B, ord(text[-1]) - 32]
    else:
        values = [_START_B, *(ord(mark) - 32 for mark in text)]
    check = values[0] + sum(place * value for place, value in enumerate(values))
    return [*values, check % 103]


def y4m(picture: Picture, frames: int = 2) -> bytes:
    """A film of the picture, for `--use-file-for-fake-video-capture`."""
    colourless = bytes([128]) * (picture.width * picture.height // 2)
    frame = b"FRAME\n" + b"".join(picture.rows) + colourless
    return f"YUV4MPEG2 W{picture.width} H{picture.height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * frames


def png(picture: Picture) -> bytes:
    """The picture as a file of eight-bit greys (PNG, ISO/IEC 15948)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + row for row in picture.rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
