"""Every handler, in one list, in the order they are asked; and the command menus.

Here lives the order and the reason for it. What a handler does is in its subject's file.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    TypeHandler,
    filters,
)

from bot.chat import admission, buttons, inline, membership, quizzes, transfer, upload, words
from bot.chat.context import Context
from bot.chat.subjects import SUBJECTS
from bot.model import Chat, ChatKind, Language
from bot.render import help as wording
from bot.render.language import _, speaking

_log = logging.getLogger(__name__)

Handlers = Sequence[BaseHandler[Any, Context, None]]

# python-telegram-bot runs the groups in the order of their numbers.
_ADMISSION: Final = -1
_ANSWERS: Final = 0

# Edited messages are not asked again: an answer would arrive far from its question.
_NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST

# Updates that Telegram must send; `my_chat_member` is among the defaults, edits are not wanted.
ALLOWED_UPDATES = (
    "message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "poll_answer",
)


# As Telegram tells languages apart, by two letters: it has one Chinese for both scripts. ""
# is everybody whose language has no menu of its own.
_MENU_LANGUAGES: Final = {Language.SIMPLIFIED: "", Language.ENGLISH: "en"}


def handlers() -> dict[int, Handlers]:
    """The handlers in order, by group: of each group the first that matches is run.

    Before all others: who asks too much is not answered, and then nothing below is run.

    1. What happens to the bot itself (added, removed, the group moved): such messages
       carry no text, and nothing else may treat them as questions.
    2. Commands: exact, so before anything that reads free text. Those addressed to
       another bot match nothing here and, being commands, nothing below.
    3. Commands nobody knows, after all that are known.
    4. Free text: a Chinese command word, else a query. Last, for it takes everything.
    5. In private, a file: the owner's next booklet. Then what is neither text nor file: said
       so, never met with silence.
    6. Buttons, inline queries and answers to polls: kinds of updates of their own; the order
       does not matter to them.

    The error handler is `bot.chat.errors.tell`, added by the composition root with
    `application.add_error_handler`.
    """
    return {_ADMISSION: (TypeHandler(Update, admission.admit),), _ANSWERS: _answers()}


def _answers() -> Handlers:
    return (
        ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, membership.migrated),
        *(
            CommandHandler(subject.command, words.command(subject.answer), filters=_NEW)
            for subject in SUBJECTS
            if subject.command
        ),
        MessageHandler(
            _NEW & filters.Document.ALL & filters.CaptionRegex(transfer.CAPTION), transfer.captioned
        ),
        MessageHandler(_NEW & filters.COMMAND, words.unknown_command),
        MessageHandler(_NEW & filters.TEXT, words.text),
        MessageHandler(_NEW & filters.ChatType.PRIVATE & filters.Document.ALL, upload.received),
        MessageHandler(_NEW & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL, words.not_text),
        CallbackQueryHandler(buttons.pressed),
        InlineQueryHandler(inline.ask),
        PollAnswerHandler(quizzes.answered),
    )


Menu = tuple[BotCommandScope, tuple[BotCommand, ...]]


def commands() -> tuple[Menu, ...]:
    """The menus to set with setMyCommands, a scope each, in the language being spoken.

    Everyone in a group sees what anyone may ask; its administrators see the settings too.
    """
    every, asking = _every(), _asking()
    return (
        (BotCommandScopeDefault(), every),
        (BotCommandScopeAllPrivateChats(), every),
        (BotCommandScopeAllGroupChats(), asking),
        (BotCommandScopeAllChatAdministrators(), every),
    )


def _every() -> tuple[BotCommand, ...]:
    return tuple(
        BotCommand(one.command, _(wording.MENU[one.command]))
        for one in SUBJECTS
        if one.command and not one.is_for_owner
    )


def _asking() -> tuple[BotCommand, ...]:
    settings = {one.command for one in SUBJECTS if one.is_for_administrators}
    return tuple(one for one in _every() if one.command not in settings)


async def show_menus(bot: Bot) -> None:
    """Set the menus of all chats: in Chinese, and for people whose Telegram is English in English.

    Without them the bot works as well, so a failure is only logged.
    """
    try:
        for language, code in _MENU_LANGUAGES.items():
            with speaking(language):
                for scope, menu in commands():
                    await bot.set_my_commands(menu, scope=scope, language_code=code)
    except TelegramError as error:
        _log.warning("the command menus could not be set: %s", error)


async def show_menu(bot: Bot, chat: Chat) -> None:
    """Put one chat's menu into the language it has chosen.

    A chat of the first language has none of its own, and a channel, where nobody types
    commands, never has one. A failure is only logged.
    """
    if chat.kind is ChatKind.CHANNEL:
        return
    every: list[BotCommandScope] = [BotCommandScopeChat(chat.id)]
    if chat.kind in (ChatKind.GROUP, ChatKind.SUPERGROUP):
        every.append(BotCommandScopeChatAdministrators(chat.id))
    try:
        for scope in every:
            if chat.language is Language.SIMPLIFIED:
                await bot.delete_my_commands(scope=scope)
                continue
            is_for_members = scope is every[0] and len(every) > 1
            with speaking(chat.language):
                menu = _asking() if is_for_members else _every()
            await bot.set_my_commands(menu, scope=scope)
    except TelegramError as error:
        _log.warning("the menu of a chat could not be set: %s", error)
