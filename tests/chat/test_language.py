"""A chat speaks the language it has chosen: all of it, at once, and only that chat."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from babel.messages.pofile import read_po
from telegram import BotCommandScopeChat, BotCommandScopeChatAdministrators

from bot.chat import register
from bot.chat.limits import Limits
from bot.local.world import LocalChat, LocalMessage
from bot.model import Corpus, Language, Script
from bot.render.language import CATALOGUES, _, language, speak, speaking
from bot.render.settings import LANGUAGE_NAMES
from tests.chat.conftest import Talk
from tests.chat.test_attendance import MINUTE, SECOND, Class, make_lesson  # noqa: F401 - a fixture
from tests.chat.test_inline import ask
from tests.chat.test_limits import limit
from tests.chat.test_records import file_of
from tests.chat.test_reminders import FRIDAY
from tests.pressing import labels

IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")

# What people type is Chinese in every language: command words, queries, reminders.
TYPED = (
    *("新质生产力", "人工智能", "制造业", "因地制宜", "未来产业", "论述", "文章", "去年"),
    *("年以来", "年", "月", "日", "继续", "每周五", "学习会", "提前", "分钟", "天"),
    *("每月最后一个周五", "组织生活会", "工作日", "晨读", "专题学习", "三楼会议室", "隔周三"),
    *("读书会", "主题", "脑机接口", "周四", "下次改到", "时长", "小时", "小王", "小李"),
    *("姓名", "本月", "周榜", "周日", "周", "补课", "停", "成绩", "题", "第", "篇"),
    *("不上榜", "上榜", "关", "因地制宜加快发展新质生产力", "语言", "简体", "繁體", "語言"),
    *("简体中文", "繁體中文", "量子烹饪", "量子烹饪量子烹饪量子烹饪", "周一三五", "上海", "学习组"),
    *("结束", "次年"),
)


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> None:
    """Here updates are handled in the task of the test, which then speaks as they did."""
    speak(Language.SIMPLIFIED)


@cache
def words_of(corpus: Corpus) -> str:
    """Everything that stands in the corpus."""
    quotes = [(one.text, one.occasion, "\n".join(one.topics)) for one in corpus.quotes]
    articles = [(one.title, one.author, one.role, one.source) for one in corpus.articles]
    sections = [
        (
            one.section.title,
            one.section.digest,
            one.section.excerpt,
            "\n".join(one.section.original),
        )
        for one in corpus.readings
    ]
    headings = [(one.title,) for article in corpus.articles for one in article.sections]
    titles = [(one.title, one.publisher, "\n".join(one.topics)) for one in corpus.compilations]
    every = (*quotes, *articles, *sections, *headings, *titles)
    return "\n".join(part for parts in every for part in parts)


def foreign(message: LocalMessage, corpus: Corpus) -> list[str]:
    """Chinese in a message that is neither of the corpus nor what people type."""
    shown = "\n".join([message.text, *labels(message)])
    for word in sorted(TYPED, key=len, reverse=True):
        shown = re.sub(rf"(?<![\u4e00-\u9fff]){word}(?![\u4e00-\u9fff])", "", shown)
    known = words_of(corpus)
    return [run for run in IDEOGRAPHS.findall(shown) if run not in known]


async def english(talk: Talk, chat: LocalChat | None = None) -> LocalMessage:
    return await talk.answer("/settings language English", chat)


# ------------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("/settings language English", Language.ENGLISH),
        ("/settings English", Language.ENGLISH),
        ("设置 语言 English", Language.ENGLISH),
        ("設定 語言 英文", Language.ENGLISH),
        ("设置 语言 繁體", Language.TRADITIONAL),
        ("设置 繁体中文", Language.TRADITIONAL),
    ],
)
async def test_a_language_is_chosen_by_words(talk: Talk, words: str, spoken: Language) -> None:
    await talk.answer(words)
    assert await talk.store.spoken(talk.private.id) == (spoken, Script.PRINTED)


@pytest.mark.parametrize(
    "words", ["设置 引文 繁体", "設定 引文字體 繁體", "/settings quotations traditional"]
)
async def test_a_script_is_chosen_by_words(talk: Talk, words: str) -> None:
    await talk.answer(words)
    assert await talk.store.spoken(talk.private.id) == (Language.SIMPLIFIED, Script.TRADITIONAL)


async def test_a_language_needs_no_subscription_and_makes_none(talk: Talk) -> None:
    await english(talk)
    assert await talk.store.subscription(talk.private.id) is None


async def test_the_answer_is_in_the_language_that_was_just_chosen(talk: Talk) -> None:
    answer = await english(talk)
    assert answer.text.startswith("✅ Changed\n\n⚙️ Daily push for you")
    assert "Language: English" in answer.text
    assert (await talk.answer("/settings 语言 简体")).text.startswith("✅ 改好了")


async def test_the_panel_is_redrawn_in_the_language_of_the_button(talk: Talk) -> None:
    panel = await talk.answer("/settings")
    await talk.press(panel, "语言 / Language")
    assert {"✓ 简体中文", "繁體中文", "English"} <= set(labels(panel))
    press = await talk.only_press(panel, "English")
    assert panel.text.startswith("⚙️ Daily push for you")
    assert "Time zone" in labels(panel)
    assert talk.notice(press) == "Changed ✅"
    await talk.press(panel, "Language / 语言")
    await talk.press(panel, "繁體中文")
    assert "時區" in labels(panel)


async def test_quotations_follow_the_script_only_where_it_was_chosen(talk: Talk) -> None:
    await talk.answer("设置 语言 繁體")
    as_printed = await talk.answer("因地制宜发展新质生产力")
    assert "新质生产力" in as_printed.text
    panel = await talk.answer("/settings")
    await talk.press(panel, "引文字體")
    await talk.press(panel, "繁體")
    converted = await talk.answer("因地制宜发展新质生产力")
    assert "新質生產力" in converted.text.split("\n", 1)[1]
    data = [button["callback_data"] for button in converted.buttons]
    assert data == [button["callback_data"] for button in as_printed.buttons]


async def test_only_administrators_choose_for_a_group(talk: Talk) -> None:
    group = await talk.group()
    refused = await talk.answer("/settings language English", group, talk.member)
    assert "只有管理员能改" in refused.text
    panel = await talk.answer("/settings", group)
    await talk.press(panel, "语言 / Language")
    await talk.only_press(panel, "English", by=talk.member)
    assert await talk.store.spoken(group.id) == (Language.SIMPLIFIED, Script.PRINTED)


async def test_a_language_nobody_knows_is_refused_with_those_there_are(talk: Talk) -> None:
    answer = await talk.answer("/settings 语言 火星文")
    assert answer.text.startswith("没看懂“火星文”")
    assert "/settings 语言 English" in answer.text


# --------------------------------------------------------------- speaking it


SCRIPT = (
    *("/start", "/help", "新质生产力", "2024年3月", "去年 人工智能", "/date 2024年", "量子烹饪"),
    *("/quote", "/random", "/read", "/read 1", "继续", "/search", "/date", "13月1日", "-人工智能"),
    *("/why", "/why 昨天", "/why nonsense", "/plan", "/subscribe 08:00 workdays", "/why", "/plan"),
    *("/why tomorrow", "/plan tomorrow", "/plan nonsense", "/plan 2026-11-20", "/settings"),
    *(
        "/settings nonsense",
        "/settings time 25:00",
        "/settings zone Mars",
        "/settings days Someday",
    ),
    *("/settings theme 量子烹饪", "/settings pictures", "/settings theme 人工智能", "/unsubscribe"),
    *("/remind", "/remind 每周五 15:00 学习会 提前30分钟", "/remind 学习会", "/reminders"),
    *("/attendance", "/attendance 小王", "/attendance nonsense nonsense", "/calendar", "/check"),
    *(
        "/check 因地制宜加快发展新质生产力",
        "/check 量子烹饪量子烹饪量子烹饪",
        "/trend",
        "/trend 新质生产力",
    ),
    *("/checkin", "/checkin 本月", "/checkin nonsense", "/quiz nonsense", "/readplan"),
    *("/readplan 4周", "/readplan nonsense", "/import", "/forget", "/nonsense"),
)


@pytest.mark.parametrize("said", SCRIPT)
async def test_every_answer_is_in_english(talk: Talk, corpus: Corpus, said: str) -> None:
    await english(talk)
    for answer in await talk.say(said):
        assert foreign(answer, corpus) == []


PRESSED = (
    *("/start", "新质生产力", "/quote", "/read 1", "继续", "/plan", "/plan tomorrow", "/settings"),
    *("/remind 每周五 15:00 学习会 提前30分钟", "/reminders", "/attendance", "/calendar", "/quiz"),
    *(
        "/check 量子烹饪量子烹饪量子烹饪",
        "/trend 新质生产力",
        "/checkin",
        "/readplan 4周",
        "/readplan",
    ),
    *("/subscribe 09:00", "/unsubscribe", "/forget"),
)


@pytest.mark.parametrize("said", PRESSED)
async def test_every_button_leads_to_english(talk: Talk, corpus: Corpus, said: str) -> None:
    await english(talk)
    await talk.say("/subscribe 08:00")
    draft = await talk.answer("/remind 每周五 16:00 学习会 主题 人工智能")
    await talk.press(draft, "✅ Confirm")
    answer = (await talk.say(said))[0]
    wrong = []
    for label in labels(answer):
        if label not in labels(answer):
            continue  # it was turned meanwhile
        press = await talk.only_press(answer, label)
        wrong += IDEOGRAPHS.findall(talk.notice(press))
        wrong += foreign(answer, corpus)
    for shown in talk.telegram.sent(talk.private):
        wrong += foreign(shown, corpus)
    assert wrong == []


MENUS = ("Time", "Time zone", "Days", "Content", "Quotation order", "Theme", "Reading order")


@pytest.mark.parametrize("label", [*MENUS, "Language / 语言", "Quotation script"])
async def test_every_menu_is_in_english(talk: Talk, corpus: Corpus, label: str) -> None:
    await english(talk)
    panel = await talk.answer("/settings")
    await talk.press(panel, label)
    assert foreign(panel, corpus) == []


async def test_what_a_button_opens_is_in_english(talk: Talk, corpus: Corpus) -> None:
    await english(talk)
    found = await talk.answer("新质生产力")
    for label in ("Newest", "Next ›", "‹ Previous"):
        await talk.press(found, label)
        assert foreign(found, corpus) == []
    (opened,) = await talk.press(found, "1")
    (related,) = await talk.press(opened, "Related")
    assert foreign(opened, corpus) + foreign(related, corpus) == []


async def test_who_asks_too_much_is_told_so_in_english(talk: Talk) -> None:
    await english(talk)
    limit(talk, Limits(person_per_minute=2))
    answers = [one for _again in range(3) for one in await talk.say("/quote")]
    assert answers[-1].text.startswith("That was too fast for me.")


async def test_an_inline_query_is_answered_as_the_private_chat_is(talk: Talk) -> None:
    await english(talk)
    shown = json.dumps(await ask(talk, ""), ensure_ascii=False)
    assert "Quotation of the day" in shown
    assert "每日一语" not in shown


# ------------------------------------------------------------------- a session


async def test_a_session_is_in_english_from_its_reminder_to_its_records(
    lesson: Class, corpus: Corpus
) -> None:
    talk, group, board = lesson.talk, lesson.group, lesson.message
    # The message that is there was sent in Chinese; what is edited from now on is English.
    await english(talk, group)
    speak(Language.SIMPLIFIED)
    notices = [await lesson.tap("🙋 参加", talk.member, board) for _twice in range(2)]
    lesson.talk.clock.move(10 * SECOND)
    await lesson.boards.show()
    assert "Going: 小李" in board.text
    notices.append(await lesson.tap("✅ I’m here", talk.member, board))
    await lesson.go_to(FRIDAY + 60 * MINUTE)
    summary, *records = [lesson.message, *await talk.say("/attendance", group)]
    records += await talk.say("/attendance 小李", group)
    records += await talk.press(records[0], "📄 Spreadsheet")
    assert "Summary" in summary.text
    for shown in (board, summary, *records):
        assert foreign(shown, corpus) == []
    assert [IDEOGRAPHS.findall(one) for one in notices] == [[], [], []]


# ------------------------------------------------------------------ examples work

_COMMANDS = (
    *("search", "date", "check", "trend", "subscribe", "settings", "remind", "plan", "why"),
    *("checkin", "quiz", "readplan", "read", "attendance"),
)
# After a colon, a line feed or a dot an example goes on to the end of its line, or until it
# is explained.
_EXAMPLE = re.compile(
    rf"(?:^|[：:\n·]\s?)(/(?:{'|'.join(_COMMANDS)}) [^\n，。；;{{}}—]+?)"
    r"(?=[，。；;\n]|　| — | · |, |$)"
)
# In the lines of the help no blank, but a wide one, stands before an explanation; here it does.
_EXPLAINED = re.compile(
    r"/(?:read 文章目|read 文章目|settings 改|attendance [姓考NA]|checkin 打卡|quiz [测測])"
)


def examples(spoken: Language) -> list[str]:
    """Every command with something behind it that a message of this language proposes."""
    found = set()
    for message in messages():
        with speaking(spoken):
            found |= set(_EXAMPLE.findall(_(message)))
    return sorted(one for one in found if not _EXPLAINED.match(one))


def messages() -> list[str]:
    with (CATALOGUES / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    return [str(one.id if isinstance(one.id, str) else one.id[0]) for one in catalogue if one.id]


@pytest.mark.parametrize(
    ("spoken", "example"),
    [(spoken, example) for spoken in Language for example in examples(spoken)],
)
async def test_an_example_works_in_the_language_it_is_given_in(
    talk: Talk, spoken: Language, example: str
) -> None:
    group = await talk.group()
    await talk.answer("/subscribe 08:00", group)
    await talk.answer(f"/settings language {LANGUAGE_NAMES[spoken]}", group)
    (answer, *_more) = await talk.say(example, group)
    refused = (
        "🤔",
        "没看懂",
        "沒看懂",
        "I did not understand",
        "没有找到",
        "沒有找到",
        "Nothing found",
    )
    assert not answer.text.startswith(refused)
    assert "不是某一天" not in answer.text


# ------------------------------------------------------------- this chat alone


async def test_one_chat_speaks_english_and_the_other_what_it_spoke(talk: Talk) -> None:
    group = await talk.group()
    await english(talk, group)
    assert (await talk.answer("/quote")).text.startswith("📖 每日一语")
    assert (await talk.answer("/quote", group)).text.startswith("📖 Quotation of the day")
    assert (await talk.answer("/quote")).text.startswith("📖 每日一语")


async def test_people_talking_to_one_another_cost_no_look_at_the_store(talk: Talk) -> None:
    group = await talk.group()
    await english(talk, group)
    speak(Language.TRADITIONAL)
    assert await talk.say("晚上见", group) == []
    assert language() is Language.TRADITIONAL  # nobody asked what this group speaks


async def test_a_language_moves_with_its_group(talk: Talk) -> None:
    old = talk.telegram.group("学习组", talk.xiaowang)
    talk.telegram.add_bot(old, talk.xiaowang)
    await talk.settle()
    await english(talk, old)
    await talk.answer("/settings quotations traditional", old)
    new = talk.telegram.migrate(old, talk.xiaowang)
    await talk.settle()
    assert await talk.store.spoken(new.id) == (Language.ENGLISH, Script.TRADITIONAL)
    assert (await talk.answer("/quote", new)).text.startswith("📖 Quotation of the day")
    (first, *_) = await talk.application.bot.get_my_commands(BotCommandScopeChat(new.id))
    assert first.description.startswith("Search")


async def test_a_language_goes_with_the_exported_group(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    await english(talk, group)
    await talk.answer("/settings quotations traditional", group)
    content = await exported(talk, group)
    answer = await imported(talk, other, content)
    assert answer.text.startswith("✅ The data of")
    assert await talk.store.spoken(other.id) == (Language.ENGLISH, Script.TRADITIONAL)


async def test_an_import_leaves_a_language_that_was_chosen(talk: Talk) -> None:
    group, other = await talk.group(), await talk.group()
    await english(talk, group)
    await talk.answer("/settings 语言 繁體", other)
    await imported(talk, other, await exported(talk, group))
    assert await talk.store.spoken(other.id) == (Language.TRADITIONAL, Script.PRINTED)


async def exported(talk: Talk, group: LocalChat) -> bytes:
    return file_of(talk, await talk.answer("/export", group))


async def imported(talk: Talk, group: LocalChat, content: bytes) -> LocalMessage:
    before = len(talk.telegram.sent(group))
    talk.telegram.send_file(group, talk.xiaowang, "export.json", content, caption="/import")
    await talk.settle()
    (answer,) = talk.telegram.sent(group)[before:]
    return answer


# -------------------------------------------------------------------- the menus


async def test_the_menu_of_a_private_chat_follows_its_language(talk: Talk) -> None:
    bot, scope = talk.application.bot, BotCommandScopeChat(talk.private.id)
    assert await bot.get_my_commands(scope) == ()
    await english(talk)
    menu = {one.command: one.description for one in await bot.get_my_commands(scope)}
    assert menu["settings"].startswith("Settings: ")
    await talk.answer("/settings 语言 简体")
    assert await bot.get_my_commands(scope) == ()


async def test_in_a_group_members_are_not_offered_the_settings(talk: Talk) -> None:
    group = await talk.group()
    await english(talk, group)
    bot = talk.application.bot
    members = await bot.get_my_commands(BotCommandScopeChat(group.id))
    administrators = await bot.get_my_commands(BotCommandScopeChatAdministrators(group.id))
    assert "settings" not in {one.command for one in members}
    assert "settings" in {one.command for one in administrators}


# ------------------------------------------------------------ the first words


@pytest.mark.parametrize(
    ("tag", "offered"),
    [
        ("en-GB", "🌐 English: /settings language English"),
        ("fr", "🌐 English: /settings language English"),
        ("zh-hant", "🌐 繁體中文：/settings 語言 繁體"),
        ("zh-TW", "🌐 繁體中文：/settings 語言 繁體"),
        ("zh-hans", ""),
        ("zh", ""),
    ],
)
async def test_who_reads_another_language_is_told_how_to_choose_it(
    talk: Talk, tag: str, offered: str
) -> None:
    person = talk.telegram.user("Kim", language_code=tag)
    answer = await talk.answer("/start", talk.telegram.private(person), person)
    assert [line for line in answer.text.split("\n") if "🌐" in line] == [offered][: bool(offered)]


async def test_who_is_forgotten_leaves_no_menu_behind(talk: Talk) -> None:
    await english(talk)
    question = await talk.answer("/forget")
    await talk.press(question, "Yes, forget me")
    assert question.text.startswith("✅ You are forgotten")
    scope = BotCommandScopeChat(talk.private.id)
    assert await talk.application.bot.get_my_commands(scope) == ()
    assert await talk.store.spoken(talk.private.id) == (Language.SIMPLIFIED, Script.PRINTED)


async def test_the_menus_of_all_chats_are_chinese_and_english_for_english_people(
    talk: Talk,
) -> None:
    bot = talk.application.bot
    await register.show_menus(bot)
    (chinese, *_rest) = await bot.get_my_commands()
    (in_english, *_rest) = await bot.get_my_commands(language_code="en")
    assert chinese.description == "查论述和文章：/search 新质生产力"
    assert in_english.description == "Search quotations and articles: /search 新质生产力"
