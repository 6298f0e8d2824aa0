"""In which language does a command without a database speak, and in which bytes?"""

from __future__ import annotations

import gettext
import json
import sys
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language of the environment, the first of POSIX's names that is set deciding."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name]
    return ""


def tag_of(environment: Mapping[str, str]) -> str:
    """Return the environment's language as Django knows it: `ja`, `zh-hans`, `zh-hant`, and `en` for every other."""
    return folder_of(language_of(environment)).replace("_", "-").lower() or "en"


def translator(language: str) -> Callable[[str], str]:
    """Return the translation into a language such as `ja`, `zh-Hans` or `zh_TW.UTF-8`; English where there is none."""
    folder = folder_of(language)
    catalogue = files("tojimari").joinpath("locale", folder, "LC_MESSAGES", "django.mo")
    if not folder or not catalogue.is_file():
        return str
    with catalogue.open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext


def write_utf8(answer: str) -> None:
    """Print UTF-8 whatever the locale says, so that a pipe always gets the same bytes."""
    sys.stdout.flush()
    sys.stdout.buffer.write(answer.encode("utf-8", errors="backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def one_line(facts: Mapping[str, Any]) -> str:
    """Return facts as one line of JSON. What was no UTF-8 in an argument can only be shown escaped."""
    try:
        return json.dumps(facts, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError:
        return json.dumps(facts)


def folder_of(language: str) -> str:
    """Return the folder of our translations for a language in any spelling; empty for English and all others."""
    tag = language.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    if tag == "ja" or tag.startswith("ja-"):
        return "ja"
    if tag == "zh" or tag.startswith("zh-"):
        traditional = {"hant", "tw", "hk", "mo"} & set(tag.split("-"))
        return "zh_Hant" if traditional else "zh_Hans"
    return ""
