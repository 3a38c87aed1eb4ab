"""Logs: how a line looks, where it goes, and that no token is ever in it.

Here live the set-up of logging and the redaction. Rooms log through the standard
library (`logging.getLogger(__name__)`), with facts in `extra`; nobody else
configures anything. Importing this module starts nothing.
"""

from __future__ import annotations

import logging
import re
import sys
from types import TracebackType
from typing import TextIO

import structlog

# A bot token is the bot's id, a colon and 35 characters (core.telegram.org/bots/api,
# "Authorizing your bot"); a little leeway keeps a changed length from leaking.
_TOKEN = re.compile(r"(?<!\d)(\d{5,20}):[A-Za-z0-9_-]{20,}")
_PASSWORD_IN_URL = re.compile(r"(\w+://[^\s:/@]+):[^\s@]+@")


def redact(text: str) -> str:
    """The same text without bot tokens and without passwords in URLs."""
    return _PASSWORD_IN_URL.sub(r"\1:***@", _TOKEN.sub(r"\1:***", text))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, so that no message, argument or traceback escapes it."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_logging(level: str, line_format: str, stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error), as text or JSON lines.

    `line_format` is `console` or `json`. Calling it again replaces what was set up.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    out = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if line_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if line_format == "json":
        before.append(structlog.processors.format_exc_info)
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter(processors=[*before, renderer], foreign_pre_chain=shared))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # These tell every request with its URL, and so the token, or every job, at INFO.
    for chatty in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    sys.excepthook = _tell_and_redact


def _tell_and_redact(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, trace))
