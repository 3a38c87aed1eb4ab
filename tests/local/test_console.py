"""The person at a terminal: what is typed, what is shown, and the clock."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.text import Text

from bot.local.clock import MovableClock
from bot.local.console import Console
from bot.local.screen import message_lines, wrap
from bot.local.telegram import LocalTelegram
from bot.local.tour import steps
from tests.local.conftest import NOON

MARKUP = {
    "inline_keyboard": [
        [{"text": "继续阅读", "callback_data": "a"}, {"text": "相关论述", "callback_data": "b"}],
        [{"text": "官网", "url": "https://example.org/"}],
    ]
}
HTML = "<b>找到</b>\n<blockquote expandable>甲\n乙</blockquote>\n—— <i>出处</i>"


class Parrot:
    """A bot of four habits, behind a console whose output can be read."""

    def __init__(self) -> None:
        self.clock = MovableClock(NOON, is_frozen=True)
        self.telegram = LocalTelegram(clock=self.clock)
        self.out = io.StringIO()
        terminal = Terminal(file=self.out, width=100, color_system=None)
        self.console = Console(
            self.telegram, self.handle, self.tick, self.clock, terminal, zone="Asia/Shanghai"
        )
        self.pushes_at: datetime | None = None
        self.pressed: list[str] = []

    async def handle(self, update: dict[str, Any]) -> None:
        message = update.get("message", {})
        if "text" in message:
            await self.telegram.call(
                "sendMessage",
                {
                    "chat_id": message["chat"]["id"],
                    "message_thread_id": message.get("message_thread_id"),
                    "text": HTML if message["text"] == "/start" else message["text"],
                    "parse_mode": "HTML" if message["text"] == "/start" else None,
                    "reply_markup": MARKUP,
                },
            )
        if query := update.get("callback_query"):
            self.pressed.append(query["data"])
            here = query["message"]
            await self.telegram.call(
                "answerCallbackQuery", {"callback_query_id": query["id"], "text": "好的"}
            )
            where = {"chat_id": here["chat"]["id"], "message_id": here["message_id"]}
            await self.telegram.call("editMessageText", {**where, "text": "改过了"})

        if inline := update.get("inline_query"):
            result = {
                "type": "article",
                "id": "1",
                "title": "题目",
                "description": "说明",
                "input_message_content": {"message_text": inline["query"]},
            }
            await self.telegram.call(
                "answerInlineQuery", {"inline_query_id": inline["id"], "results": [result]}
            )

    async def tick(self) -> None:
        if self.pushes_at and self.clock() >= self.pushes_at:
            (chat,) = (one for one in self.telegram.chats.values() if one.user is None)
            await self.telegram.call("sendMessage", {"chat_id": chat.id, "text": "推送"})
            self.pushes_at = None

    async def type(self, *lines: str) -> str:
        """What the last of these lines made appear."""
        for line in lines:
            self.out.seek(0)
            self.out.truncate()
            await self.console.enter(line)
        return self.out.getvalue()


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


async def test_an_answer_is_shown_with_its_form(parrot: Parrot) -> None:
    assert await parrot.type("/start") == (
        "读书会  12:00\n"
        "  找到\n"
        "  ▎甲\n"
        "  ▎乙\n"
        "  ▎▾ 可展开\n"
        "  —— 出处\n"
        "  ［1 继续阅读］ ［2 相关论述］\n"
        "  ［3 官网］\n"
    )


async def test_a_button_named_as_its_number_shows_it_once(parrot: Parrot) -> None:
    buttons = [{"text": name, "callback_data": name} for name in ("1", "2", "下一页")]
    message = parrot.telegram.new_message(
        parrot.telegram.private(parrot.telegram.user("赵")),
        text="一\n\n二",
        reply_markup={"inline_keyboard": [buttons]},
    )
    shown = [line.plain for line in message_lines(message, 60)]
    assert shown == ["一", "", "二", "［1］ ［2］ ［3 下一页］"]


async def test_what_is_said_is_never_read_as_markup(parrot: Parrot) -> None:
    assert "  [bold]好[/bold] :smile:\n" in await parrot.type("[bold]好[/bold] :smile:")


@pytest.mark.parametrize("line", ["2", "#2", "/press 2", "/press 相关"])
async def test_a_button_is_pressed_by_number_or_name(parrot: Parrot, line: str) -> None:
    shown = await parrot.type("/start", line)
    assert parrot.pressed == ["b"]
    assert shown == "💬 好的\n读书会  12:00（改）\n  改过了\n"


async def test_a_quiz_is_answered_by_number_and_then_explained(parrot: Parrot) -> None:
    await parrot.type("你好")
    chat = next(one for one in parrot.telegram.chats.values() if one.user is not None)
    await parrot.telegram.call(
        "sendPoll",
        {
            "chat_id": chat.id,
            "question": "哪一年？\n“推动科技创新”",
            "options": ["2024年", "2025年"],
            "type": "quiz",
            "correct_option_ids": [1],
            "explanation": "—— 在福建考察时强调",
            "is_anonymous": False,
        },
    )

    shown = await parrot.type("/vote 1")

    assert "［测验］哪一年？" in shown
    assert "✗ 1 2024年（1）" in shown
    assert "✓ 2 2025年" in shown
    assert "💡 —— 在福建考察时强调" in shown


@pytest.mark.parametrize("line", ["/vote", "/vote 9", "/vote 一"])
async def test_a_vote_that_cannot_be_is_said_to_be_none(parrot: Parrot, line: str) -> None:
    assert "例如 /" in await parrot.type(line)


async def test_what_is_offered_inline_is_listed_and_one_is_chosen(parrot: Parrot) -> None:
    assert await parrot.type("/inline 甲乙") == "1. 题目\n   说明\n"
    shown = await parrot.type("/in group", "/choose 1")
    assert shown == "李明 经由 读书会  12:00\n  甲乙\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["/choose 1"], "还没有可选的，先问，例如 /inline 新质生产力\n"),
        (["/inline 甲", "/choose 2"], "没有第“2”条，例如 /choose 1\n"),
        (["/inline 甲", "/choose 甲"], "没有第“甲”条，例如 /choose 1\n"),
    ],
)
async def test_what_cannot_be_chosen_is_told(parrot: Parrot, lines: list[str], said: str) -> None:
    assert await parrot.type(*lines) == said


async def test_a_number_that_is_no_button_is_said(parrot: Parrot) -> None:
    assert "  2024\n" in await parrot.type("/start", "2024")


async def test_a_button_that_opens_an_address_shows_it(parrot: Parrot) -> None:
    assert await parrot.type("/start", "3") == "（这个按钮会打开：https://example.org/）\n"


async def test_in_a_group_the_bot_does_not_see_everything(parrot: Parrot) -> None:
    shown = await parrot.type("/in group", "随便说说")
    assert "看不到" in shown
    assert "读书会" in await parrot.type("/start")


async def test_a_topic_is_answered_in_the_topic(parrot: Parrot) -> None:
    await parrot.type("/in topic", "/start")
    (call,) = parrot.telegram.calls_of("sendMessage")
    assert call.response["result"]["is_topic_message"]


async def test_an_anonymous_administrator_writes_as_the_group(parrot: Parrot) -> None:
    shown = await parrot.type("/in group", "/as anonymous", "/where")
    assert shown == "你是匿名管理员，在党支部学习群；11月24日 12:00。\n"
    await parrot.type("/start")
    said = next(
        one
        for chat in parrot.telegram.chats.values()
        for one in parrot.telegram.messages(chat)
        if one.text == "/start"
    )
    assert said.sender_chat is said.chat


async def test_a_message_to_another_chat_names_it(parrot: Parrot) -> None:
    await parrot.type("/in group", "/in private")
    parrot.pushes_at = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert await parrot.type("/clock 08:00") == (
        "🕗 现在是 2026-11-25 周三 08:00\n读书会 → 党支部学习群  08:00\n  推送\n"
    )


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("/clock", "2026-11-24 12:00"),
        ("/clock +1d", "2026-11-25 12:00"),
        ("/clock +2h30m", "2026-11-24 14:30"),
        ("/clock 13:00", "2026-11-24 13:00"),
        ("/clock 12:00", "2026-11-25 12:00"),
        ("/clock 8:00", "2026-11-25 08:00"),
        ("/clock 2026-12-01 08:00", "2026-12-01 08:00"),
    ],
)
async def test_the_clock_is_moved(parrot: Parrot, line: str, moment: str) -> None:
    shown = await parrot.type(line)
    assert moment == f"{parrot.clock().astimezone(parrot.console.zone):%Y-%m-%d %H:%M}"
    assert moment[:10] in shown


@pytest.mark.parametrize(
    "line",
    [
        "/press 1",
        "/in moon",
        "/as god",
        "/as anonymous",
        "/clock soon",
        "/clock 2026-02-30 08:00",
        "/clock +",
    ],
)
async def test_what_means_nothing_gets_a_sentence_and_an_example(parrot: Parrot, line: str) -> None:
    shown = await parrot.type(line)
    assert "例如 /" in shown or "：/in group" in shown
    assert parrot.telegram.calls == []


async def test_a_button_out_of_reach_lists_those_there_are(parrot: Parrot) -> None:
    shown = (await parrot.type("/start", "#9")).replace("\n", "")
    assert "没有按钮“9”，有的是：1 继续阅读、2 相关论述、3 官网。" in shown


async def test_a_refused_call_is_shown(parrot: Parrot) -> None:
    async def handle(update: dict[str, Any]) -> None:
        await parrot.telegram.call("sendMessage", {"chat_id": 5, "text": "x"})

    parrot.console._handle = handle
    assert "Telegram 拒绝了 sendMessage" in await parrot.type("/start")


async def test_lines_are_taken_until_quit(parrot: Parrot) -> None:
    async def lines() -> AsyncIterator[str]:
        for line in ("/start", "/quit", "/start"):
            yield line

    await parrot.console.run(lines(), echo=True)
    assert len(parrot.telegram.calls_of("sendMessage")) == 1
    assert "李明 › /start" in parrot.out.getvalue()


def test_the_tour_ends_on_the_next_working_day() -> None:
    typed = [line for step in steps(date(2026, 2, 13)) for line in step.lines]
    assert "/clock 2026-02-14 08:00" in typed  # a Saturday worked before the Spring Festival
    typed = [line for step in steps(date(2026, 2, 14)) for line in step.lines]
    assert "/clock 2026-02-24 08:00" in typed


# -------------------------------------------------------------------------- lines and clock


@given(st.text(st.sampled_from("中文，。（《a b/1")), st.integers(4, 20))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = [line.plain for line in wrap(Text(text), width)]
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_line_never_starts_with_a_closing_mark() -> None:
    lines = [line.plain for line in wrap(Text("未来产业很好，（很好）。真的"), 14)]
    assert len(lines) > 1
    assert all(line[0] not in "，。）" and line[-1] != "（" for line in lines)


def test_a_word_is_kept_whole_where_it_fits() -> None:
    lines = [line.plain for line in wrap(Text("he said artificial"), 12)]
    assert lines == ["he said", "artificial"]


def test_a_clock_runs_on_from_where_it_was_set() -> None:
    seconds = iter([0.0, 0.0, 5.0, 5.0, 7.0])
    clock = MovableClock(NOON, time=lambda: next(seconds))
    assert clock() == NOON
    clock.move(timedelta(days=1))
    assert clock() == NOON + timedelta(days=1, seconds=7)


def test_a_frozen_clock_stands_still() -> None:
    clock = MovableClock(NOON, is_frozen=True)
    assert clock() == clock() == NOON
    assert clock.set(NOON + timedelta(hours=1)) == clock()
