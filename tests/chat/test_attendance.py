"""Taking part in a session: taps, what the message shows of them, and being forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.app.agendas import agendas
from bot.chat.boards import Boards
from bot.chat.context import Services
from bot.chat.order import OneAtATimeInAChat
from bot.delivery.plan import tick
from bot.delivery.remind import Reminding
from bot.delivery.worker import Worker
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import Coming, Corpus, DeliveryKind, Pace, Reminder
from bot.search.index import Index
from bot.store.schema import metadata
from tests.chat.conftest import Talk
from tests.chat.test_reminders import FRIDAY, remind

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
CONFIRMING = 1  # the edit of the message that was confirmed


@dataclass
class Class:
    """A group that meets on Friday, with the message that says so."""

    talk: Talk
    boards: Boards
    worker: Worker
    group: LocalChat
    reminder: Reminder
    called: list[bool]  # how often a tap had the messages brought up to date

    async def go_to(self, moment: Any) -> None:
        """The clock is there, and what is due has been sent."""
        self.talk.clock.at = moment
        await tick(self.talk.store)
        await self.worker.drain()

    @property
    def message(self) -> LocalMessage:
        """The newest message of the bot."""
        return self.talk.telegram.sent(self.group)[-1]

    def edits(self) -> int:
        return len(self.talk.telegram.calls_of("editMessageText"))

    async def tap(self, label: str, by: LocalUser, message: LocalMessage | None = None) -> str:
        """Tap, and let the message be brought up to date; the notice."""
        press = await self.talk.only_press(message or self.message, label, by)
        return self.talk.notice(press)

    def gated(self) -> tuple[Boards, asyncio.Event]:
        """The one task as it runs, whose waiting ends with the event."""
        go_on = asyncio.Event()

        async def sleep(seconds: float) -> None:
            assert 0 < seconds <= 3
            await go_on.wait()

        bot, corpus = self.talk.application.bot, lambda: Corpus((), "")
        boards = Boards(self.talk.store, bot, lambda *_: None, corpus, sleep)
        data = self.talk.application.bot_data
        data["services"] = replace(data["services"], wake_boards=boards.wake)
        return boards, go_on


@pytest.fixture(name="lesson")
async def make_lesson(talk: Talk, index: Index) -> Class:
    called: list[bool] = []

    async def skip(seconds: float) -> None:
        talk.clock.move(timedelta(seconds=seconds))

    services = talk.application.bot_data["services"]
    assert isinstance(services, Services)
    make = agendas(services.library)
    bot = talk.application.bot
    boards = Boards(talk.store, bot, make, lambda: services.library()[0])
    talk.application.bot_data["services"] = replace(
        services, wake_boards=lambda: called.append(True)
    )

    async def tell_owner(text: str) -> None:
        raise AssertionError(text)

    worker = Worker(
        talk.store,
        bot,
        {DeliveryKind.REMINDER: Reminding(talk.store, make).prepare},
        owner="lesson",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=skip,
    )
    group = await talk.group()
    reminder = await remind(talk, group, "每周五 15:00 学习会 提前30分钟")
    made = Class(talk, boards, worker, group, reminder, called)
    await made.go_to(FRIDAY - 30 * MINUTE)
    return made


async def attendees(lesson: Class) -> dict[str, tuple[Coming, bool]]:
    ((_, who),) = await lesson.talk.store.sessions(
        lesson.group.id, FRIDAY - 60 * MINUTE, FRIDAY + MINUTE
    )
    return {one.member.name: (one.coming, one.has_come) for one in who}


async def test_a_tap_is_acknowledged_counted_and_shown_by_name(lesson: Class) -> None:
    assert "参加 0" in lesson.message.text
    assert "记上了：参加" in await lesson.tap("🙋 参加", lesson.talk.member)
    await lesson.boards.show()
    assert "🙋 参加 1　🙅 请假 0　🤔 不确定 0\n参加：小李" in lesson.message.text


async def test_what_is_shown_later_says_how_long_it_is_from_then(lesson: Class) -> None:
    headings = [lesson.message.text.split("\n")[0]]
    for moment in (FRIDAY - 10 * MINUTE, FRIDAY + 5 * MINUTE):
        lesson.talk.clock.at = moment
        await lesson.tap("✅ 签到", lesson.talk.telegram.user("后来的人"))
        await lesson.boards.show()
        headings.append(lesson.message.text.split("\n")[0])
    assert headings == ["⏰ 学习会 · 30分钟后开始", "⏰ 学习会 · 10分钟后开始", "⏰ 学习会"]


async def test_who_changes_their_mind_counts_once(lesson: Class) -> None:
    for label in ("🙋 参加", "🤔 不确定", "🙅 请假"):
        await lesson.tap(label, lesson.talk.member)
    await lesson.boards.show()
    assert await attendees(lesson) == {"小李": (Coming.NO, False)}


async def test_a_second_tap_on_the_same_changes_nothing(lesson: Class) -> None:
    await lesson.tap("🙋 参加", lesson.talk.member)
    await lesson.boards.show()
    before = lesson.edits()
    assert "已经记着你参加了" in await lesson.tap("🙋 参加", lesson.talk.member)
    lesson.talk.clock.move(10 * SECOND)
    assert await lesson.boards.show() is None
    assert lesson.edits() == before


async def test_fifty_taps_at_once_are_one_edit_and_one_more_after_three_seconds(
    lesson: Class,
) -> None:
    talk, boards, go_on = lesson.talk, *lesson.gated()
    people = [talk.telegram.user(f"组员{number}") for number in range(50)]
    for one in people:
        talk.telegram.join(lesson.group, one)
    await talk.settle()
    before, message = lesson.edits(), lesson.message
    data = message.buttons[0]["callback_data"]
    presses = [talk.telegram.press(lesson.group, message.id, data, one) for one in people]
    order = OneAtATimeInAChat(talk.store)
    updates = await talk.application.bot.get_updates(offset=talk._next_update, timeout=0)
    talk._next_update = updates[-1].update_id + 1
    await asyncio.gather(
        *(order.process_update(one, talk.application.process_update(one)) for one in updates)
    )
    assert all(press.answer is not None for press in presses)
    await talk.telegram.until(lambda: lesson.edits() > before)
    assert lesson.edits() - before == 1
    talk.clock.move(3 * SECOND)
    go_on.set()
    await talk.telegram.until(lambda: "🙋 参加 50" in message.text)
    assert lesson.edits() - before == 2
    assert "等50人" in message.text
    await boards.stop()


async def test_edits_of_a_message_are_three_seconds_apart(lesson: Class) -> None:
    await lesson.tap("🙋 参加", lesson.talk.member)
    await lesson.boards.show()
    before = lesson.edits()
    await lesson.tap("🙅 请假", lesson.talk.member)
    assert await lesson.boards.show() == 3 * SECOND
    assert lesson.edits() == before
    lesson.talk.clock.move(3 * SECOND)
    assert await lesson.boards.show() is None
    assert lesson.edits() == before + 1


async def test_one_task_shows_all_taps_and_waits_in_between(lesson: Class) -> None:
    talk, boards, go_on = lesson.talk, *lesson.gated()
    await lesson.tap("🙋 参加", talk.member)
    await talk.telegram.until(lambda: "小李" in lesson.message.text)
    await lesson.tap("🙋 参加", talk.xiaowang)
    await lesson.tap("🙅 请假", talk.xiaowang)
    talk.clock.move(3 * SECOND)
    go_on.set()
    await talk.telegram.until(lambda: "请假：小王" in lesson.message.text)
    assert lesson.edits() == 1 + 1 + CONFIRMING
    await boards.stop()


async def test_a_tap_not_shown_before_a_restart_is_shown_after_it(lesson: Class) -> None:
    await lesson.tap("🙋 参加", lesson.talk.member)
    assert lesson.called == [True]
    bot, corpus = lesson.talk.application.bot, lambda: Corpus((), "")
    after = Boards(lesson.talk.store, bot, lambda *_: None, corpus)
    await after.show()
    assert "参加：小李" in lesson.message.text


async def test_checking_in_is_open_around_the_beginning_only(lesson: Class) -> None:
    early = await lesson.tap("✅ 签到", lesson.talk.member)
    assert early == "签到时间是 11月27日 星期五 14:45 到 15:30，到时候再点"
    await lesson.go_to(FRIDAY - 15 * MINUTE)
    assert await lesson.tap("✅ 签到", lesson.talk.member) == "签到成功 ✅"
    assert "已经签过到" in (await lesson.tap("✅ 签到", lesson.talk.member)).replace("你", "")
    lesson.talk.clock.at = FRIDAY + 31 * MINUTE
    late = await lesson.tap("✅ 签到", lesson.talk.xiaowang)
    assert late == "这一次的签到时间已经过了，下次早点来"
    assert await attendees(lesson) == {"小李": (Coming.UNSAID, True)}


async def test_a_tap_after_the_end_says_so(lesson: Class) -> None:
    lesson.talk.clock.at = FRIDAY + timedelta(hours=2)
    assert "已经结束" in await lesson.tap("🙋 参加", lesson.talk.member)


async def test_a_tap_on_a_session_that_was_skipped_says_so(lesson: Class) -> None:
    listed = await lesson.talk.answer("/reminders", lesson.group)
    message = lesson.talk.telegram.sent(lesson.group)[-2]
    await lesson.talk.press(listed, f"#{lesson.reminder.id} 学习会")
    await lesson.talk.press(listed, "跳过下一次")
    assert "取消或改期" in await lesson.tap("🙋 参加", lesson.talk.member, message)


async def test_names_are_escaped(lesson: Class) -> None:
    rude = lesson.talk.telegram.user("<b>&小白")
    lesson.talk.telegram.join(lesson.group, rude)
    await lesson.tap("🙋 参加", rude)
    await lesson.boards.show()
    assert "参加：<b>&小白" in lesson.message.text


async def test_the_roster_is_whoever_tapped_once(lesson: Class) -> None:
    await lesson.tap("🙅 请假", lesson.talk.member)
    lesson.talk.clock.move(SECOND)
    await lesson.tap("🙋 参加", lesson.talk.xiaowang)
    names = [one.name for one in await lesson.talk.store.members(lesson.group.id)]
    assert names == ["小李", "小王"]


async def test_after_the_group_became_a_supergroup_taps_go_on(talk: Talk, lesson: Class) -> None:
    await lesson.tap("🙋 参加", talk.member)
    await talk.store.migrate_chat(lesson.group.id, -100999)
    assert [one.name for one in await talk.store.members(-100999)] == ["小李"]
    assert await talk.store.boards_behind(10) == ()
    assert len(await talk.store.reminders(-100999)) == 1


# ------------------------------------------------------------------ being forgotten


async def held_of(talk: Talk, user_id: int) -> set[str]:
    """Every column of every table that holds the person's id."""

    def look(connection: Connection) -> set[str]:
        found = set()
        for table in metadata.sorted_tables:
            for column in table.c:
                if column.type.python_type is int:
                    rows = connection.execute(select(column).where(column == user_id))
                    found |= {f"{table.name}.{column.name}"} if rows.first() else set()
        return found

    return await talk.store._database.read(look)


async def test_whoever_wants_it_is_forgotten_in_every_table(talk: Talk, lesson: Class) -> None:
    private = talk.telegram.private(talk.member)
    await talk.say("/subscribe 08:00", private, talk.member)
    await talk.say("/read", private, talk.member)
    mine = await talk.answer("/remind 每天 9:00 晨读", private, talk.member)
    await talk.press(mine, "✅ 确认", talk.member)
    await lesson.go_to(FRIDAY - 15 * MINUTE)
    await lesson.tap("🙋 参加", talk.member)
    await lesson.tap("✅ 签到", talk.member)
    await tick(talk.store)
    held = await held_of(talk, talk.member.id)
    assert {"members.user_id", "attendances.user_id", "chats.id", "reminders.chat_id"} <= held

    asked = await talk.answer("/forget", lesson.group, talk.member)
    assert "名册里你的名字（1个群）" in asked.text
    assert "报名和签到记录（1次学习）" in asked.text
    assert "私聊里的一切" in asked.text
    await talk.press(asked, "确定，忘记我", talk.member)
    assert asked.text.startswith("✅ 已经忘记你了")
    assert await held_of(talk, talk.member.id) == set()


async def test_the_name_of_who_was_forgotten_leaves_the_message(talk: Talk, lesson: Class) -> None:
    await lesson.tap("🙋 参加", talk.member)
    await lesson.boards.show()
    message = lesson.message
    asked = await talk.answer("忘记我", talk.telegram.private(talk.member), talk.member)
    await talk.press(asked, "确定，忘记我", talk.member)
    talk.clock.move(3 * SECOND)
    await lesson.boards.show()
    assert "小李" not in message.text


async def test_nobody_can_have_another_forgotten(talk: Talk, lesson: Class) -> None:
    await lesson.tap("🙋 参加", talk.member)
    asked = await talk.answer("/forget", lesson.group, talk.member)
    press = await talk.only_press(asked, "确定，忘记我", talk.xiaowang)
    assert "只有本人能点" in talk.notice(press)
    assert len(await talk.store.members(lesson.group.id)) == 1


async def test_about_a_stranger_nothing_is_known(talk: Talk) -> None:
    group = await talk.group()
    assert "没有关于你的任何记录" in (await talk.answer("/forget", group, talk.member)).text
