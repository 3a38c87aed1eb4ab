"""Free text and commands: whom they are for, and which subject they name.

Here lives the reading of a message: commands with what follows them, Chinese command
words, mentions of the bot and replies to it. What is then answered is in each subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.chat import replies, search, start
from bot.chat.context import Context
from bot.chat.subjects import SUBJECTS, Answering, Subject
from bot.render import help as wording

# A word and what follows it: after white space or a colon, or a number at once (订阅8点).
_WORD = re.compile(r"/?(?P<word>\D+?)(?:(?:\s|[:：])+|(?=\d)|$)(?P<rest>.*)", re.S)

_BY_WORD: dict[str, Subject] = {word: one for one in SUBJECTS for word in one.words}


def command(answer: Answering) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A handler for a command: `answer` with what stands behind the command."""

    async def handle(update: Update, context: Context) -> None:
        _, _, rest = _text_of(update).partition(_command_of(update))
        await answer(update, context, rest.strip())

    return handle


async def unknown_command(update: Update, context: Context) -> None:
    """A command nobody knows: in private said so; in a group only when it names this bot."""
    chat, (name, _, owner) = update.effective_chat, _command_of(update).partition("@")
    is_ours = owner.lower() == context.bot.username.lower()
    if is_ours or (not owner and chat is not None and chat.type == ChatType.PRIVATE):
        await replies.reply(update, context, wording.unknown_command(name))


async def text(update: Update, context: Context) -> None:
    """Text that is for the bot: one of the Chinese words, or else a query."""
    asked = addressed(update, context)
    if asked is None:
        return
    if not asked:
        await start.guide(update, context, "")
        return
    subject, rest = named(context, asked)
    if subject is None:
        await search.search(update, context, asked)
    else:
        await subject.answer(update, context, rest)


async def not_text(update: Update, context: Context) -> None:
    """A picture, a voice, a sticker, in private."""
    await replies.reply(update, context, wording.only_text())


def named(context: Context, asked: str) -> tuple[Subject | None, str]:
    """The subject this text names and what follows its word; None when it is a query."""
    alone = _BY_WORD.get(_without_signs(asked).casefold())  # 谢谢！ 😊
    if alone is not None and alone.accepts(context, ""):
        return alone, ""
    match = _WORD.fullmatch(asked)
    subject = _BY_WORD.get(match["word"].casefold()) if match else None
    if match is None or subject is None:
        return None, ""
    rest = match["rest"].strip()
    return (subject, rest) if subject.accepts(context, rest) else (None, "")


def _without_signs(text: str) -> str:
    """The text up to its last letter or digit."""
    end = len(text)
    while end and not text[end - 1].isalnum():
        end -= 1
    return text[:end]


def addressed(update: Update, context: Context) -> str | None:
    """What the message says to the bot, without the bot's name; None when it is not for it.

    In private everything is; in a group, what mentions the bot or replies to it.
    """
    message, chat = update.effective_message, update.effective_chat
    if message is None or chat is None or not message.text:
        return None
    if message.via_bot is not None and message.via_bot.id == context.bot.id:
        return None  # the bot's own words, passed on by a person
    if chat.type == ChatType.PRIVATE:
        return message.text.strip()
    if chat.type == ChatType.CHANNEL:
        return None
    without = _without_mention(message, context)
    if without is not None:
        return without.strip()
    return message.text.strip() if _replies_to(message, context) else None


def _without_mention(message: Message, context: Context) -> str | None:
    """The text without mentions of the bot, or None when there is none of it."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    name = f"@{context.bot.username}".lower()
    ours = [
        entity
        for entity, text in message.parse_entities(kinds).items()
        if text.lower() == name or (entity.user is not None and entity.user.id == context.bot.id)
    ]
    if not ours:
        return None
    # Offsets of entities count UTF-16 code units, two bytes each.
    units = (message.text or "").encode("utf-16-le")
    for entity in sorted(ours, key=lambda one: one.offset, reverse=True):
        end = entity.offset + entity.length
        units = units[: 2 * entity.offset] + " ".encode("utf-16-le") + units[2 * end :]
    return units.decode("utf-16-le")


def _replies_to(message: Message, context: Context) -> bool:
    """True for a reply to something the bot said.

    In a topic every message replies to the service message that opened it: no answer.
    """
    above = message.reply_to_message
    if above is None or above.from_user is None or above.forum_topic_created is not None:
        return False
    return above.from_user.id == context.bot.id


def _text_of(update: Update) -> str:
    message = update.effective_message
    assert message is not None, "registered for messages only"
    return message.text or ""


def _command_of(update: Update) -> str:
    """The command of the message, with its slash and the bot it names: `/why@studybot`."""
    return _text_of(update).split(maxsplit=1)[0]
