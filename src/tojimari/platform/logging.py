"""What is written to the log, and what never is?

One line for each event: JSON where machines read, plain text in a terminal. Whatever is logged, by us or by a library,
passes through `hide`: numbers of people and SIMs keep their last four digits, and secrets and one-time codes are left
out altogether.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A UUID may hold eight digits in a row and names nobody: it stays whole.
_NUMBER = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|\d{8,}", re.IGNORECASE)
_SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|secret|token|cookie|authorization|otp|one_time_code|ki|k|op|opc|private_key)$",
    re.IGNORECASE,
)
_ONE_TIME_CODE = re.compile(r"\d{4,8}")
_CASE_LINK = re.compile(r"(/cases?/[^/\s]+/open/)[^/\s?]+")
_OWN_NAMES = {"timestamp", "level", "logger"}
HIDDEN = "[hidden]"


def mask(text: str) -> str:
    """Every run of eight or more digits becomes `…` and its last four: enough to compare, too little to call.

    The secret of a case's link goes altogether.
    """
    text = _CASE_LINK.sub(rf"\1{HIDDEN}", text)
    return _NUMBER.sub(lambda found: found[1] or "…" + found[0][-4:], text)


def _hide_value(name: str, value: Any) -> Any:
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, Mapping):
        return {mask(str(key)): _hide_value(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hide_value(name, inner) for inner in value]
    text = str(value)
    # "code" names reasons such as `network.no_answer`; a code of digits alone is one that somebody signs in with.
    if name.endswith("code") and isinstance(value, str) and _ONE_TIME_CODE.fullmatch(text):
        return HIDDEN
    masked = mask(text)
    return value if isinstance(value, int) and masked == text else masked


def hide(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """structlog processor: make every value of the event fit to be kept."""
    return {name: value if name in _OWN_NAMES else _hide_value(name, value) for name, value in event.items()}


class NotHealth(logging.Filter):
    """Leaves out "Service Unavailable" for the health page: it is asked every second, and its answer says why."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return bool(getattr(request, "path", "") != "/healthz")


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def configure(settings: Mapping[str, Any]) -> None:
    """Set logging up. `settings`: `level`, and `terminal` (None: whether standard error is one). Called by Django."""
    terminal = settings.get("terminal")
    if terminal is None:
        terminal = sys.stderr.isatty()
    render: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _shared(),
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
                }
            },
            "filters": {"not_health": {"()": "tojimari.platform.logging.NotHealth"}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": str(settings.get("level", "info")).upper()},
            "loggers": {
                "django": {"handlers": [], "propagate": True},
                "django.server": {"handlers": [], "propagate": True},
                "django.request": {"filters": ["not_health"]},
                # It tells of every job that it looks for; what jobs do is logged by themselves.
                "procrastinate": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
