"""Answers on their way out: where they go, how they are split, and what Telegram may object.

Here lives all sending of the chat room: replies, edits of a message with buttons, and
the acknowledgement of a press. What is said is `render`; the daily push is `delivery`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from telegram import (
    InaccessibleMessage,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter

from bot.chat.context import Context
from bot.model import Answer, Button, QuizPoll
from bot.render.keyboard import markup
from bot.render.quiz_poll import fields
from bot.render.split import split

_log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
# Telegram counts a group's messages by the minute, and has never to be waited for longer.
_LONGEST_WAIT_SECONDS = 60
_ATTEMPTS = 3
_REST_SECONDS = 1.0


def thread_of(update: Update) -> int | None:
    """The topic this update comes from; None outside topics and in the general one."""
    message = update.effective_message
    if not isinstance(message, Message) or not message.is_topic_message:
        return None
    return message.message_thread_id


async def reply(update: Update, context: Context, answer: Answer) -> None:
    """Answer with new messages where the update came from, as a reply in groups.

    Long answers become several messages; the buttons stand under the last.
    """
    parts = split(answer.text)
    keyboard = markup(answer.buttons)
    for number, part in enumerate(parts, 1):
        is_last = number == len(parts)
        await _send(update, context, part, keyboard if is_last else None, is_first=number == 1)


async def reply_with_picture(
    update: Update, context: Context, picture: bytes | str, answer: Answer
) -> str:
    """Answer with a picture (a PNG, or the id of one sent before) above the answer's text.

    Returns the id under which Telegram keeps the picture. The text must fit a caption, 1024
    characters. Raises BadRequest for an id that is no longer known, and where pictures are
    not allowed.
    """
    kept = ""

    async def send(chat_id: int) -> None:
        nonlocal kept
        message = await context.bot.send_photo(
            chat_id,
            picture,
            caption=answer.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_of(update),
            reply_parameters=_asking(update),
            reply_markup=markup(answer.buttons),
        )
        kept = message.photo[-1].file_id

    await _patiently(send, _chat_id(update), context)
    return kept


async def reply_with_file(
    update: Update, context: Context, content: bytes, name: str, answer: Answer
) -> None:
    """Answer with a file, the answer's text as its caption (1024 characters)."""

    async def send(chat_id: int) -> None:
        await context.bot.send_document(
            chat_id,
            InputFile(content, filename=name),
            caption=answer.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_of(update),
            reply_parameters=_asking(update),
            reply_markup=markup(answer.buttons),
        )

    await _patiently(send, _chat_id(update), context)


@dataclass(frozen=True, slots=True)
class SentPoll:
    """A poll that was sent: where, as which message, and its id by which answers name it."""

    chat_id: int
    message_id: int
    poll_id: str


async def reply_with_poll(
    update: Update, context: Context, poll: QuizPoll, buttons: tuple[tuple[Button, ...], ...]
) -> SentPoll:
    """Answer with a quiz; to a pressed button, not as a reply to the message it stands under."""
    sent: SentPoll | None = None

    async def send(chat_id: int) -> None:
        nonlocal sent
        message = await context.bot.send_poll(
            chat_id,
            **fields(poll),
            message_thread_id=thread_of(update),
            reply_parameters=_asking(update) if update.callback_query is None else None,
            reply_markup=markup(buttons),
        )
        assert message.poll is not None, "what was sent is a poll"
        sent = SentPoll(chat_id, message.message_id, message.poll.id)

    await _patiently(send, _chat_id(update), context)
    assert sent is not None, "without an error it was sent"
    return sent


async def turn(update: Update, context: Context, answer: Answer) -> None:
    """Show the answer in place of the message whose button was pressed.

    A message that shows it already is left alone; one that Telegram lets nobody edit any
    more is answered anew.
    """
    query = update.callback_query
    assert query is not None, "only a pressed button can turn a message"
    first, *others = split(answer.text)
    keyboard = markup(answer.buttons)
    try:
        await query.edit_message_text(
            first,
            parse_mode=ParseMode.HTML,
            reply_markup=None if others else keyboard,
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return
        _log.info("a message cannot be edited: %s", error.message)
        await reply(update, context, answer)
        return
    for number, part in enumerate(others, 1):
        is_last = number == len(others)
        await _send(update, context, part, keyboard if is_last else None, is_first=False)


async def acknowledge(
    update: Update, notice: str = "", *, alert: bool = False, url: str = ""
) -> None:
    """End the waiting of a pressed button, with a short notice or none.

    `url` is a link into the private chat (`private_link`), which then opens.

    A press that waited too long can no longer be acknowledged, and need not be; nor is what
    it did undone where the acknowledgement is lost on its way.
    """
    query = update.callback_query
    assert query is not None, "only a pressed button is acknowledged"
    try:
        await query.answer(notice or None, show_alert=alert, url=url or None)
    except NetworkError as error:  # BadRequest is one of them
        _log.info("a press cannot be acknowledged: %s", error.message)


def private_link(context: Context, payload: str) -> str:
    """A link that opens the private chat and sends `/start payload` there.

    `payload` is at most 64 of A-Z, a-z, 0-9, _ and -.
    """
    return f"https://t.me/{context.bot.username}?start={payload}"


async def _send(
    update: Update,
    context: Context,
    text: str,
    keyboard: InlineKeyboardMarkup | None,
    *,
    is_first: bool,
) -> None:
    async def send(chat_id: int) -> None:
        await context.bot.send_message(
            chat_id,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_of(update),
            reply_parameters=_asking(update) if is_first else None,
            reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
        )

    await _patiently(send, _chat_id(update), context)


def _chat_id(update: Update) -> int:
    chat = update.effective_chat
    assert chat is not None, "only updates of a chat are answered"
    return chat.id


def _asking(update: Update) -> ReplyParameters | None:
    """In groups the message that asked, so that people see whom the answer is for."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or chat.type not in _GROUPS or message is None:
        return None
    if isinstance(message, InaccessibleMessage):
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


async def _patiently(
    send: Callable[[int], Awaitable[None]], chat_id: int, context: Context
) -> None:
    """Send; wait when told to wait, and follow a group that became a supergroup.

    Where Telegram says that it is in trouble itself (5xx), nothing was sent: once more. A
    connection that broke is another matter, for the answer may have arrived.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await send(chat_id)
        except RetryAfter as error:
            seconds = _seconds(error)
            if attempt == _ATTEMPTS or seconds > _LONGEST_WAIT_SECONDS:
                raise
            _log.info("told to wait %.0f s before answering", seconds)
            await context.services.sleep(seconds)
        except ChatMigrated as error:
            await context.store.migrate_chat(chat_id, error.new_chat_id)
            chat_id = error.new_chat_id
        except NetworkError as error:
            # The library raises it bare for a status, the transport for a reason of its own.
            if attempt == _ATTEMPTS or type(error) is not NetworkError:
                raise
            _log.info("Telegram is in trouble, answering once more: %s", error.message)
            await context.services.sleep(attempt * _REST_SECONDS)
        else:
            return


def _seconds(error: RetryAfter) -> float:
    wait: int | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
