"""What does a mail look like to somebody who reads it as a page?

The same words as the plain text, made from it: paragraphs, lists, and links whose text is their whole address, so that
everybody sees where they lead. Nothing is fetched from anywhere, so nobody learns that or when a mail was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

FONTS = {
    "ja": "'Hiragino Sans','Yu Gothic','Noto Sans JP',sans-serif",
    "zh-hans": "'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif",
    "zh-hant": "'PingFang TC','Microsoft JhengHei','Noto Sans TC',sans-serif",
}
"""The same character is drawn differently in Japanese and Chinese."""
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}

_LINK = re.compile(r"https?://[^\s<>\"「」（）()。、，]+")
_PAGE = (
    '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n</head>\n'
    '<body style="margin:0;padding:16px">\n'
    '<div lang="{lang}" role="article" style="max-width:600px;margin:0 auto;font:16px/1.7 {font};'
    'overflow-wrap:anywhere">\n<h1 style="font-size:20px;line-height:1.5;margin:0 0 16px">{title}</h1>\n'
    "{body}\n</div>\n</body>\n</html>\n"
)


def as_html(subject: str, body: str, language: str) -> str:
    """Return a whole page with the words of the plain text."""
    return _PAGE.format(
        lang=TAGS.get(language, language),
        title=escape(subject),
        font=FONTS.get(language, "sans-serif"),
        body=_body(body),
    )


def preview(body: str) -> SafeString:
    """Return the inner part of that page for a page of the desk, whose own look it takes."""
    # Quotes in the words themselves are escaped, so these are all attributes of ours.
    return mark_safe(re.sub(r' style="[^"]*"', "", _body(body)))  # noqa: S308 - every word in it is escaped


def _body(body: str) -> str:
    return "\n".join(block for paragraph in body.strip("\n").split("\n\n") for block in _blocks(paragraph))


def _blocks(paragraph: str) -> Iterator[str]:
    """A paragraph, and a list wherever lines begin with a dash."""
    lines: list[str] = []
    points: list[str] = []
    for line in [*paragraph.strip("\n").split("\n"), ""]:
        if line.startswith("- "):
            yield from _paragraph(lines)
            points.append(line[2:])
            continue
        if points:
            items = "".join(f'<li style="margin:0 0 4px">{_linked(point)}</li>' for point in points)
            yield f'<ul style="margin:0 0 16px;padding:0 0 0 24px">{items}</ul>'
            points.clear()
        if line:
            lines.append(line)
    yield from _paragraph(lines)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f'<p style="margin:0 0 16px">{"<br>".join(map(_linked, lines))}</p>'
        lines.clear()


def _linked(line: str) -> str:
    """The line as HTML. A link's text is its address, never words that could say something else."""
    written, end = [], 0
    for found in _LINK.finditer(line):
        address = found[0].rstrip(".,;:!?")
        written += [
            escape(line[end : found.start()]),
            f'<a href="{escape(address)}" style="display:inline-block;padding:10px 0">{escape(address)}</a>',
        ]
        end = found.start() + len(address)
    return "".join([*written, escape(line[end:])])
