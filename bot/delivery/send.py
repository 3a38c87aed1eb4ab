"""One call to Telegram, and what its answer means for the ledger.

Here live the outcomes of an attempt (one type for each thing the ledger can do about
it), the reading of python-telegram-bot's errors into them, and how long to wait before
the next attempt. Nothing here touches the ledger, waits, or tries again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final, TypedDict

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.transport import InDoubtError, NotSentError
from bot.model import Button, Card, Language, QuizPoll, Quote
from bot.render.keyboard import markup
from bot.render.quiz_poll import fields

_FIRST_DELAY: Final = timedelta(seconds=2)
_LONGEST_DELAY: Final = timedelta(minutes=5)
_REASON_LENGTH: Final = 200

# The Bot API names these in its descriptions only; there are no codes for them.
_TOPIC_GONE = re.compile(r"thread not found|topic[ _](?:closed|deleted|id[ _]invalid)", re.I)

# Errors of other HTTP libraries (python-telegram-bot's default is httpx) after which
# nothing was sent, by name, so that none of them is imported for it.
_NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page, counted from 1, of a quotation's card; `source` names its compilation.

    Both are in the script they are to be read in; `language` is that of the words around them.
    """

    quote: Quote
    source: str
    theme: Card
    number: int
    language: Language = Language.SIMPLIFIED


@dataclass(frozen=True, slots=True)
class Part:
    """One message as it is sent: Telegram HTML, and rows of buttons under it.

    With a `card` the HTML is the picture's caption, or the message itself where no
    picture can be sent. With a `poll` it is that quiz, and there is no HTML.
    """

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    card: CardPage | None = None
    poll: QuizPoll | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted it: its picture, if it had one, under `file_id`, its poll as `poll_id`."""

    message_id: int
    file_id: str = ""
    poll_id: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely was not accepted: try again, with growing pauses, as long as it is worth it."""

    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may have been accepted: try once more, silently, and say so in the message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """Telegram asks for a pause; nothing was accepted."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class Migrated:
    """The group is a supergroup now, under another id."""

    new_chat_id: int


@dataclass(frozen=True, slots=True)
class ChatGone:
    """The bot was blocked, kicked or never let in."""

    reason: str


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The topic is closed or deleted; the chat is there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Telegram will not have this message, however often it is tried."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is refused: no message can be sent until a person has acted."""

    reason: str


Outcome = (
    Sent | NotSent | InDoubt | Throttled | Migrated | ChatGone | TopicGone | Rejected | Unauthorized
)


class How(TypedDict, total=False):
    """How a message is sent, beside what and whereto."""

    thread_id: int | None
    is_silent: bool
    is_paid: bool


async def send(
    bot: Bot,
    part: Part,
    *,
    picture: bytes | str = b"",
    chat_id: int,
    thread_id: int | None = None,
    is_silent: bool = False,
    is_paid: bool = False,
) -> Outcome:
    """Send one message, once. Never raises for what Telegram or the network does.

    With a `picture` (a PNG, or the id of one sent before) the part's text is its caption.
    `is_silent` sends without a sound. `is_paid` allows Telegram to charge for a broadcast
    above 30 messages a second.
    """
    common: dict[str, Any] = {
        "message_thread_id": thread_id,
        "disable_notification": is_silent or None,
        "allow_paid_broadcast": is_paid or None,
        "reply_markup": markup(part.buttons),
    }
    try:
        if part.poll is not None:
            message = await bot.send_poll(chat_id, **fields(part.poll), **common)
            return Sent(message.message_id, poll_id=message.poll.id if message.poll else "")
        common["parse_mode"] = ParseMode.HTML
        if picture:
            message = await bot.send_photo(chat_id, picture, caption=part.html, **common)
            return Sent(message.message_id, message.photo[-1].file_id if message.photo else "")
        message = await bot.send_message(
            chat_id,
            part.html,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            **common,
        )
        return Sent(message.message_id)
    except TelegramError as error:
        return outcome_of(error, in_topic=thread_id is not None)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # A reply of success in a shape that the library cannot read.
        return InDoubt(f"unreadable reply ({type(error).__name__})")


def outcome_of(error: TelegramError, *, in_topic: bool = False) -> Outcome:
    """What an error of python-telegram-bot means; `in_topic`: the message had a thread id.

    Works with `transport.AiohttpRequest`, whose errors say whether the request left, and
    with the library's own transport, whose `__cause__` does. What is not known is in doubt.
    """
    reason = str(error)[:_REASON_LENGTH]
    match error:
        case RetryAfter():
            return Throttled(duration(error.retry_after))
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case InvalidToken():
            return Unauthorized(reason)
        case Forbidden():
            return ChatGone(reason)
        case BadRequest():
            is_topic = in_topic and _TOPIC_GONE.search(reason)
            return TopicGone(reason) if is_topic else Rejected(reason)
        case NotSentError() | Conflict():
            return NotSent(reason)
        case NetworkError() if not isinstance(error, InDoubtError) and _never_left(error):
            return NotSent(reason)
        case _:
            return InDoubt(reason)


def _never_left(error: NetworkError) -> bool:
    """True when a network error that is not ours says that nothing was accepted.

    Without a cause, or caused by a page that could not be parsed, it stands for an HTTP
    status (5xx, mostly): Telegram, or a proxy before it, did answer, with a refusal.
    """
    cause = error.__cause__
    if cause is None:
        return type(error) is NetworkError
    return isinstance(cause, TelegramError) or type(cause).__name__ in _NEVER_LEFT


def duration(retry_after: float | timedelta) -> timedelta:
    """`RetryAfter.retry_after`: seconds, or with the setting of `choose_durations` a duration."""
    if isinstance(retry_after, timedelta):
        return retry_after
    return timedelta(seconds=retry_after)


def backoff(attempts: int, random: Random) -> timedelta:
    """How long to wait after `attempts` attempts: doubling from 2 s to 5 min, half of it random.

    The random half keeps chats that failed together from coming back together.
    """
    doublings = min(max(attempts - 1, 0), 16)
    longest = min(_FIRST_DELAY * (1 << doublings), _LONGEST_DELAY)
    return longest * random.uniform(0.5, 1)
