"""What does a person meet who closes a line, from the first page to the status of the case?

One walk for each kind and language, as a person takes it: by the names of buttons and links in that language. What was
met on each screen is written down once and looked at by many rules, so that a rule costs no walk of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Locator

from tests.browser.conftest import Visit
from tests.portal.conftest import newest_code
from tojimari.lines.models import Line

WANG = "wang@mail.example"
LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant"]
KINDS = ["physical_sim", "esim", "roaming"]

SNAPSHOT = """() => ({
  path: location.pathname,
  text: document.querySelector("main").innerText,
  head: [...document.querySelectorAll("main h1, main [role=status] strong")].map(e => e.innerText).join("\\n"),
  checked: document.querySelectorAll("main input:checked").length,
  fields: [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
    .map(e => ({type: e.type, name: e.name, required: e.required})),
  links: [...document.querySelectorAll("a[href]")].map(e => e.getAttribute("href")),
  times: [...document.querySelectorAll("main time")].map(e => e.getAttribute("datetime")),
  ends: [...document.querySelectorAll("main label")].filter(e => e.querySelector("input[type=radio]"))
    .map(e => ({text: e.innerText, time: e.querySelector("time")?.getAttribute("datetime") ?? ""})),
  timers: document.querySelectorAll("[role=timer], meta[http-equiv=refresh], dialog[open]").length,
})"""

TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90)).slice(0, 5)"""

LOOKS = """element => {
  const part = colour => { const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b }
  const style = getComputedStyle(element)
  const clear = one => /rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(one).backgroundColor)
  let behind = element
  while (behind && clear(behind)) behind = behind.parentElement
  const ground = behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)"
  const [high, low] = [part(style.color), part(ground)].sort((a, b) => b - a)
  const box = element.getBoundingClientRect()
  return {width: box.width, height: box.height, top: box.top, size: style.fontSize, weight: style.fontWeight,
          contrast: (high + 0.05) / (low + 0.05)}
}"""


def said(language: str, text: str) -> str:
    """What a text of ours is in a language."""
    with override(language.lower()):
        return gettext(text)


@dataclass
class Screen:
    """One page as it was met. `narrow` and `large`: what stood out sideways at 320 px and with 200 % text."""

    path: str
    text: str
    head: str
    checked: int
    fields: list[dict[str, Any]]
    links: list[str]
    times: list[str]
    ends: list[dict[str, str]]
    timers: int
    narrow: list[str] = field(default_factory=list)
    large: list[str] = field(default_factory=list)


@dataclass
class Walk:
    """Everything that was met on the way, by the name of the screen."""

    kind: str
    language: str
    screens: dict[str, Screen] = field(default_factory=dict)
    confirm: dict[str, Any] = field(default_factory=dict)
    back: dict[str, Any] = field(default_factory=dict)
    entry_bottom: float = 0
    loads: list[str] = field(default_factory=list)
    reference: str = ""
    foreign: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    @property
    def scope(self) -> str:
        return "roaming" if self.kind == "roaming" else "line"


def act_of(kind: str) -> str:
    """The text on the button that does it."""
    return "Turn roaming off" if kind == "roaming" else "Close this line"


def walk(window: Visit, line: Line, kind: str, language: str, worker: Callable[[], None]) -> Walk:
    """Close a line (or turn roaming off) as a person does, and write down what is met."""
    page, met = window.page, Walk(kind, language)

    def look(name: str) -> None:
        screen = Screen(**page.evaluate(SNAPSHOT))
        page.set_viewport_size({"width": 320, "height": 640})
        screen.narrow = page.evaluate(TOO_WIDE)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        screen.large = page.evaluate(TOO_WIDE)
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 360, "height": 640})
        met.screens[name] = screen

    def named(role: Any, text: str) -> Locator:
        return page.get_by_role(role, name=said(language, text), exact=True)

    window.go("/")
    look("front")
    entry = named("link", "Close my line").first
    box = entry.bounding_box()
    met.entry_bottom = box["y"] + box["height"] if box else 10_000
    entry.click()
    page.get_by_role("textbox").first.wait_for()
    look("sign-in")
    page.get_by_role("textbox").first.fill(line.iccid)
    page.get_by_role("textbox").first.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    look("code")
    page.get_by_role("textbox").first.fill(newest_code(WANG))
    page.get_by_role("textbox").first.press("Enter")
    page.wait_for_url("**/lines/")
    look("lines")
    page.on("framenavigated", lambda frame: met.loads.append(frame.url.removeprefix(window.url).partition("?")[0]))
    first = reverse("portal:roaming" if kind == "roaming" else "portal:close", args=[line.pk])
    page.locator(f'a[href="{first}"]').first.click()
    page.wait_for_url(f"**{first}")
    look("what happens")
    if kind == "roaming":
        named("link", "Continue").click()
    else:
        page.get_by_role("radio").first.check()
        named("button", "Continue").click()
    page.wait_for_url("**/confirm/**")
    look("confirm")
    button = named("button", act_of(kind))
    met.confirm, met.back = button.evaluate(LOOKS), named("link", "Back").evaluate(LOOKS)
    button.click()
    page.wait_for_url("**/receipt/", timeout=5000)  # UI-11: a result within five seconds
    look("receipt")
    found = re.search(r"TJ-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", met.screens["receipt"].text)
    met.reference = found[0] if found else ""
    worker()
    window.go(reverse("portal:case", args=[met.reference]))
    look("status")
    met.foreign, met.trouble = list(window.foreign), list(window.trouble)
    return met
