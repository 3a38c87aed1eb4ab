"""Logs: how a line looks, where it goes, that no token and no chat's id is ever in it.

Here live the set-up of logging, the redaction of secrets and the names under which chats
stand in the log. Rooms log through the standard library (`logging.getLogger(__name__)`),
with facts in `extra` (a chat's id as `chat`, what a person is written as `letter`); nobody
else configures anything. Importing this module starts nothing.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
from types import TracebackType
from typing import Final, TextIO

import structlog

# A bot token is the bot's id, a colon and 35 characters (core.telegram.org/bots/api,
# "Authorizing your bot"); a little leeway keeps a changed length from leaking.
_TOKEN = re.compile(r"(?<!\d)(\d{5,20}):[A-Za-z0-9_-]{20,}")
_PASSWORD_IN_URL = re.compile(r"(\w+://[^\s:/@]+):[^\s@]+@")
# Groups and channels are numbered below zero; nothing else of ours is so negative.
_GROUP_ID = re.compile(r"(?<![\w.:-])-\d{6,16}(?!\w|[.:-]\w)")
_CHAT_FACTS: Final = ("chat", "chat_id")
# What is written to a person may name chats and people, whose ids are above zero: in such a
# fact every number that is long enough is taken for one. Dates and times are shorter.
_WRITTEN: Final = "letter"
_ANY_ID = re.compile(r"(?<![A-Za-z\d_-])-?\d{5,16}(?![A-Za-z\d_])")
# What others named stands between these (see `render.notes.chat_named`).
_TITLE = re.compile("\u2068[^\u2069]*\u2069")

# These tell every request with its URL, and so the token, at INFO.
_CHATTY: Final = (
    *("httpx", "httpcore", "aiohttp.access", "apscheduler", "procrastinate"),
    "alembic.runtime.plugins",  # names each of its own parts at every upgrade
)


def redact(text: str) -> str:
    """The same text without bot tokens and without passwords in URLs."""
    return _PASSWORD_IN_URL.sub(r"\1:***@", _TOKEN.sub(r"\1:***", text))


class ChatNames:
    """The names of chats in the log: the same chat, the same name; no way back to its id.

    A keyed hash (BLAKE2, RFC 7693): without the key the few billion possible ids cannot be
    tried. Until `use` gives the installation's key the names are those of this process.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def use(self, key: bytes) -> None:
        """Name chats by this key (up to 64 bytes) from now on."""
        self._key = key

    def name(self, chat_id: int) -> str:
        """Such as `c:3f9a1c2b7d`."""
        digest = hashlib.blake2b(str(chat_id).encode(), digest_size=5, key=self._key)
        return f"c:{digest.hexdigest()}"


class _ChatHider:
    """Replaces the ids of chats among a line's facts, and within a letter, by their names.

    The titles of chats in a letter are left out: they would tell whose the names are. With
    `is_open` (at DEBUG) the id stays beside the name, and the letter stays as it is.
    """

    def __init__(self, names: ChatNames, *, is_open: bool) -> None:
        self._names = names
        self._is_open = is_open

    def __call__(
        self, _logger: object, _method: str, facts: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        for fact in _CHAT_FACTS:
            chat_id = facts.pop(fact, None)
            if isinstance(chat_id, int):
                facts["chat"] = self._names.name(chat_id)
                if self._is_open:
                    facts["chat_id"] = chat_id
        letter = facts.get(_WRITTEN)
        if isinstance(letter, str) and not self._is_open:
            untitled = _TITLE.sub("…", letter)
            facts[_WRITTEN] = _ANY_ID.sub(lambda found: self._names.name(int(found[0])), untitled)
        return facts


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, so that no message, argument or traceback escapes it."""

    def __init__(self, names: ChatNames | None, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._names = names

    def format(self, record: logging.LogRecord) -> str:
        line = redact(super().format(record))
        names = self._names
        if names is None:
            return line
        return _GROUP_ID.sub(lambda found: names.name(int(found[0])), line)


def start_logging(
    level: str, line_format: str, stream: TextIO | None = None, names: ChatNames | None = None
) -> None:
    """Send every log of this process to `stream` (standard error), as text or JSON lines.

    `line_format` is `console` or `json`. Chats stand under their `names` (default: names of
    this process); their ids are told only with the level DEBUG. Calling it again replaces
    what was set up.
    """
    names = names or ChatNames()
    is_open = level == "DEBUG"
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _ChatHider(names, is_open=is_open),
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
    handler.setFormatter(
        _Formatter(
            None if is_open else names, processors=[*before, renderer], foreign_pre_chain=shared
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    sys.excepthook = _tell_and_redact


def _tell_and_redact(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, trace))
