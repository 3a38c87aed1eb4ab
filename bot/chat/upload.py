"""The owner's next booklet, sent to the bot in private: read, shown, enabled or not, undone.

Here lives the conversation. Reading and enabling are `Services.booklets`, the wording is
`render.upload`.
"""

from __future__ import annotations

import logging
from pathlib import PurePath
from typing import Final

from telegram import Document, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.chat import replies, rights
from bot.chat.booklets import Booklets
from bot.chat.context import Context
from bot.errors import StudybotError
from bot.render import upload as wording
from bot.render.callbacks import DiscardUpload, EnableUpload, RollBack
from bot.render.language import _

_log = logging.getLogger(__name__)

_MOST_BYTES: Final = wording.MOST_MEGABYTES * 2**20
_DOWNLOAD_SECONDS: Final = 60.0


async def received(update: Update, context: Context) -> None:
    """A file in private: the owner's is read and shown with 启用 and 放弃, others' is not taken."""
    message = update.effective_message
    assert isinstance(message, Message), "registered for new messages only"
    assert message.document is not None, "registered for documents only"
    await context.meet(update)
    if not await rights.is_owner(update, context):
        return
    try:
        booklets = _booklets(context)
        suffix = _suffix(message.document)
        await message.reply_chat_action(ChatAction.TYPING)
        content = await _downloaded(message.document)
        staged = await booklets.stage(suffix, content)
    except StudybotError as error:
        await replies.reply(update, context, wording.refused(str(error)))
        return
    await replies.reply(update, context, wording.staged(staged))


def _booklets(context: Context) -> Booklets:
    if context.services.booklets is None:
        raise StudybotError(_(wording.NOT_ACCEPTED))
    return context.services.booklets


def _suffix(document: Document) -> str:
    """The end of the file's name. Raises StudybotError for other kinds, and what is too large."""
    suffix = PurePath(document.file_name or "").suffix.lower()
    if suffix not in wording.SUFFIXES:
        raise StudybotError(wording.wrong_type())
    if (document.file_size or 0) > _MOST_BYTES:
        raise StudybotError(wording.too_large(document.file_size or 0))
    return suffix


async def _downloaded(document: Document) -> bytes:
    """The file's content. Raises StudybotError when Telegram says that it is too large."""
    try:
        file = await document.get_file()
        content = await file.download_as_bytearray(read_timeout=_DOWNLOAD_SECONDS)
    except BadRequest as error:
        if "too big" not in error.message.lower():
            raise
        raise StudybotError(wording.too_large(document.file_size or 0)) from error
    if len(content) > _MOST_BYTES:  # whatever was said of its size
        raise StudybotError(wording.too_large(len(content)))
    return bytes(content)


async def enable(update: Update, context: Context, action: EnableUpload) -> None:
    """启用: the booklet is served from now on."""
    if not await rights.is_owner(update, context):
        return
    try:
        done = await _booklets(context).enable(action.key)
    except StudybotError as error:
        await replies.reply(update, context, wording.refused(str(error)))
        return
    _log.info("a booklet was enabled", extra={"compilation": done.compilation_id})
    await replies.turn(update, context, wording.enabled(done))


async def discard(update: Update, context: Context, action: DiscardUpload) -> None:
    """放弃: nothing is changed, and the file is forgotten."""
    if not await rights.is_owner(update, context):
        return
    is_there = context.services.booklets is not None and await _booklets(context).discard(
        action.key
    )
    sentence = wording.DISCARDED if is_there else wording.GONE
    await replies.turn(update, context, wording.refused(_(sentence)))


async def go_back(update: Update, context: Context, action: RollBack) -> None:
    """回滚: what was in force before this version is again."""
    if not await rights.is_owner(update, context):
        return
    try:
        done = await _booklets(context).go_back(action.compilation_id, action.version)
    except StudybotError as error:
        await replies.reply(update, context, wording.refused(str(error)))
        return
    _log.info("a booklet was rolled back", extra={"compilation": action.compilation_id})
    await replies.turn(update, context, wording.rolled_back(done))
