"""python-telegram-bot through LocalRequest: its own Bot, its own errors, its own polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
)
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from bot.local.flood import FloodRule
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from tests.bot_api_spec import BotApiSpec
from tests.local.conftest import Town
from tests.local.test_sending import PNG


def bot_of(telegram: LocalTelegram, token: str = "") -> Bot:
    request = LocalRequest(telegram)
    return Bot(token or telegram.token, request=request, get_updates_request=request)


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    async with bot_of(town.telegram) as one:
        yield one


async def test_the_bot_knows_itself(bot: Bot, town: Town) -> None:
    me = await bot.get_me()
    assert (me.id, me.username) == (town.telegram.bot.id, "studybot_local_bot")
    assert me.can_read_all_group_messages is False


async def test_a_message_with_html_and_buttons_arrives(bot: Bot, town: Town) -> None:
    chat = town.started()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("继续", callback_data="more")]])
    sent = await bot.send_message(chat.id, "<b>好</b>", parse_mode="HTML", reply_markup=markup)
    assert sent.text == "好"
    assert sent.entities == (MessageEntity("bold", 0, 1),)
    assert sent.reply_markup == markup
    assert sent.date == town.clock()
    edited = await bot.edit_message_text("新", chat.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert edited.reply_markup is None
    assert await bot.delete_message(chat.id, sent.message_id)


async def test_updates_and_answers_go_round(bot: Bot, town: Town) -> None:
    chat = town.started()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("继续", callback_data="more")]])
    sent = await bot.send_message(chat.id, "x", reply_markup=markup)
    press = town.telegram.press(chat, sent.message_id, 0, town.ming)
    (update,) = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.callback_query is not None
    assert await update.callback_query.answer("好")
    assert press.answer is not None


async def test_an_inline_question_is_answered(bot: Bot, town: Town) -> None:
    question = town.telegram.inline(town.ming, "未来")
    article = InlineQueryResultArticle("1", "题", InputTextMessageContent("文"))
    assert await bot.answer_inline_query(question.id, [article])
    assert question.answer is not None


async def test_files_are_uploaded(bot: Bot, town: Town) -> None:
    chat = town.started()
    sent = await bot.send_photo(chat.id, PNG, caption="图")
    assert (sent.photo[0].width, sent.caption) == (640, "图")
    document = await bot.send_document(chat.id, b"1,2", filename="a.csv")
    assert document.document is not None
    assert document.document.file_name == "a.csv"


async def test_commands_are_set_for_a_scope(bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("start", "开始")], scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope, "zh") == (BotCommand("start", "开始"),)


async def test_errors_become_the_librarys_own(bot: Bot, town: Town) -> None:
    chat = town.started()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    with pytest.raises(BadRequest, match="can't find end tag"):
        await bot.send_message(chat.id, "<b>x", parse_mode="HTML")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(town.fang.id, "x")
    old = town.basic_group()
    new = town.telegram.migrate(old, town.fang)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(old.id, "x")
    assert migrated.value.new_chat_id == new.id
    await bot.set_webhook("https://example.org/")
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_flood_becomes_retry_after() -> None:
    telegram = LocalTelegram(flood=FloodRule())
    user = telegram.user("李明")
    telegram.say(telegram.private(user), user, "/start")
    async with bot_of(telegram) as bot:
        await bot.send_message(user.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(user.id, "x")


async def test_a_wrong_token_is_refused(town: Town) -> None:
    with pytest.raises(InvalidToken):
        await bot_of(town.telegram, "1:wrong").initialize()


async def test_an_application_polls_and_answers(town: Town, spec: BotApiSpec) -> None:
    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_html("<b>你好</b>")

    app = (
        ApplicationBuilder()
        .token(town.telegram.token)
        .request(LocalRequest(town.telegram))
        .get_updates_request(LocalRequest(town.telegram))
        .job_queue(None)
        .build()
    )
    app.add_handler(CommandHandler("start", start))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(timeout=10)
        chat = town.telegram.private(town.ming)
        town.telegram.say(chat, town.ming, "/start")
        (answer,) = await town.telegram.until(lambda: town.telegram.sent(chat), 5)
        await asyncio.wait_for(app.updater.stop(), 5)
        await app.stop()
    assert answer.text == "你好"
    for call in town.telegram.calls:
        assert spec.mistakes(call.method, call.params) == []
