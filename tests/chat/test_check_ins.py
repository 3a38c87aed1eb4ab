"""Checking in for the day: under the push, by a word, around midnight, and all at once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chat.boards import Boards
from bot.chat.context import Services
from bot.chat.limits import Limits
from bot.chat.order import OneAtATimeInAChat
from bot.delivery.choose import Pushes
from bot.delivery.plan import tick
from bot.delivery.weekly import WeeklyBoards
from bot.delivery.worker import Worker
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import Corpus, DeliveryKind, Pace
from bot.search.index import Index
from tests.chat.conftest import Talk
from tests.chat.test_records import file_of
from tests.pressing import labels

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass
class Morning:
    """A bot whose pushes are sent when the clock is moved, and what people do under them."""

    talk: Talk
    boards: Boards
    worker: Worker
    called: list[bool]  # how often a tap had the messages brought up to date

    async def go_to(self, moment: datetime) -> None:
        """The clock is there, and what is due has been sent."""
        self.talk.clock.at = moment.astimezone(UTC)
        await tick(self.talk.store)
        await self.worker.drain()

    async def subscribe(self, chat: LocalChat, words: str = "08:00") -> None:
        await self.talk.say(f"/subscribe {words}", chat)

    def push(self, chat: LocalChat) -> LocalMessage:
        """The newest message with the button."""
        return next(
            one
            for one in reversed(self.talk.telegram.sent(chat))
            if any(label.startswith("今天打卡") for label in labels(one))
        )

    async def tap(self, message: LocalMessage, by: LocalUser | None = None) -> str:
        (label,) = [one for one in labels(message) if one.startswith("今天打卡")]
        press = await self.talk.only_press(message, label, by)
        return self.talk.notice(press)

    def edits(self) -> int:
        return len(self.talk.telegram.calls_of("editMessageReplyMarkup"))


@pytest.fixture(name="morning")
async def make_morning(talk: Talk, corpus: Corpus, index: Index) -> Morning:
    called: list[bool] = []

    async def skip(seconds: float) -> None:
        talk.clock.move(timedelta(seconds=seconds))

    async def tell_owner(text: str) -> None:
        raise AssertionError(text)

    data = talk.application.bot_data
    services = data["services"]
    assert isinstance(services, Services)
    data["services"] = replace(services, wake_boards=lambda: called.append(True))
    bot = talk.application.bot
    worker = Worker(
        talk.store,
        bot,
        {
            DeliveryKind.PUSH: Pushes(talk.store, lambda: (corpus, index.nearest)).prepare,
            DeliveryKind.BOARD: WeeklyBoards(talk.store).prepare,
        },
        owner="morning",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=skip,
    )
    boards = Boards(talk.store, bot, lambda *_: None, lambda: corpus)
    return Morning(talk, boards, worker, called)


def at(day: int, hour: int, minute: int = 0, zone: str = "Asia/Shanghai") -> datetime:
    """A moment of November 2026 in a zone; day 32 is in December."""
    first = datetime(2026, 11, 1, hour, minute, tzinfo=ZoneInfo(zone))
    return first + (day - 1) * DAY


# ------------------------------------------------------------------------ the button


async def test_a_push_has_the_button_beside_the_others(morning: Morning) -> None:
    await morning.subscribe(morning.talk.private)
    await morning.go_to(at(25, 8))
    assert labels(morning.push(morning.talk.private)) == ["继续阅读", "相关论述", "今天打卡"]


async def test_a_tap_counts_the_day_and_says_the_streak(morning: Morning) -> None:
    await morning.subscribe(morning.talk.private)
    for day, streak in ((25, 1), (26, 2), (27, 3)):
        await morning.go_to(at(day, 8))
        notice = await morning.tap(morning.push(morning.talk.private))
        assert notice == f"打卡成功，连续 {streak} 天 🔥"


async def test_a_second_tap_changes_nothing_and_says_so(morning: Morning) -> None:
    await morning.subscribe(morning.talk.private)
    await morning.go_to(at(25, 8))
    message = morning.push(morning.talk.private)
    await morning.tap(message)
    assert await morning.tap(message) == "今天已经打过卡了，连续 1 天"
    assert morning.called == [True]


async def test_in_private_the_message_is_left_as_it_is(morning: Morning) -> None:
    await morning.subscribe(morning.talk.private)
    await morning.go_to(at(25, 8))
    await morning.tap(morning.push(morning.talk.private))
    assert await morning.boards.show() is None
    assert morning.edits() == 0


async def test_in_a_group_the_button_counts(morning: Morning) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    message = morning.push(group)
    await morning.tap(message, morning.talk.member)
    await morning.boards.show()
    assert labels(message) == ["继续阅读", "相关论述", "今天打卡 · 1"]
    await morning.tap(message)
    assert await morning.boards.show() == 3 * SECOND
    morning.talk.clock.move(3 * SECOND)
    await morning.boards.show()
    assert labels(message)[-1] == "今天打卡 · 2"
    assert morning.edits() == 2


async def test_the_button_speaks_the_language_of_the_chat(morning: Morning) -> None:
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group)
    await talk.say("/settings language English", group)
    await morning.go_to(at(25, 8))
    message = talk.telegram.sent(group)[-1]
    label = labels(message)[-1]
    notice = talk.notice(await talk.only_press(message, label))
    await morning.boards.show()
    assert labels(message)[-1] == f"{label} · 1"
    assert (label + notice).replace("🔥", "").isascii()


async def test_the_other_buttons_still_lead_where_they_did(morning: Morning) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    message = morning.push(group)
    before = [one["callback_data"] for one in message.buttons]
    await morning.tap(message)
    await morning.boards.show()
    assert [one["callback_data"] for one in message.buttons] == before


async def test_fifty_taps_at_once_all_count_in_one_edit_and_one_more(
    morning: Morning, corpus: Corpus
) -> None:
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    people = [talk.telegram.user(f"组员{number}") for number in range(50)]
    for one in people:
        talk.telegram.join(group, one)
    await talk.settle()
    go_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert 0 < seconds <= 3
        await go_on.wait()

    boards = Boards(talk.store, talk.application.bot, lambda *_: None, lambda: corpus, sleep)
    data = talk.application.bot_data
    data["services"] = replace(data["services"], wake_boards=boards.wake)
    message = morning.push(group)
    (pressed,) = [one["callback_data"] for one in message.buttons if one["text"] == "今天打卡"]
    presses = [talk.telegram.press(group, message.id, pressed, one) for one in people * 2]
    updates = await talk.application.bot.get_updates(offset=talk._next_update, timeout=0)
    talk._next_update = updates[-1].update_id + 1
    order = OneAtATimeInAChat(talk.store)
    await asyncio.gather(
        *(order.process_update(one, talk.application.process_update(one)) for one in updates)
    )
    said = [talk.notice(press) for press in presses]
    assert said.count("打卡成功，连续 1 天 🔥") == 50
    assert said.count("今天已经打过卡了，连续 1 天") == 50
    await talk.telegram.until(lambda: morning.edits() > 0)
    assert morning.edits() == 1
    talk.clock.move(3 * SECOND)
    go_on.set()
    await talk.telegram.until(lambda: labels(message)[-1] == "今天打卡 · 50")
    assert morning.edits() == 2
    assert len(await talk.store.members(group.id)) == 50
    await boards.stop()


async def test_a_whole_group_may_tap_within_a_minute(morning: Morning) -> None:
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    data = talk.application.bot_data
    data["services"] = replace(data["services"], limits=Limits(20, 40))
    for number in range(50):
        person = talk.telegram.user(f"组员{number}")
        talk.telegram.join(group, person)
        assert "打卡成功" in await morning.tap(morning.push(group), person)


async def test_a_replayed_update_changes_nothing(morning: Morning) -> None:
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    message = morning.push(group)
    talk.telegram.press(group, message.id, message.buttons[-1]["callback_data"], talk.member)
    (update,) = await talk.application.bot.get_updates(offset=talk._next_update, timeout=0)
    talk._next_update = update.update_id + 1
    for _ in range(3):
        await talk.application.process_update(update)
    today = at(25, 8).date()
    assert await talk.store.check_in_counts(group.id, today, today) == {today: 1}
    assert morning.called == [True]


async def test_what_is_not_shown_before_a_restart_is_shown_after_it(
    morning: Morning, corpus: Corpus
) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    await morning.tap(morning.push(group))
    bot = morning.talk.application.bot
    await Boards(morning.talk.store, bot, lambda *_: None, lambda: corpus).show()
    assert labels(morning.push(group))[-1] == "今天打卡 · 1"


async def test_a_push_whose_passages_left_the_corpus_still_counts(morning: Morning) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    message = morning.push(group)
    await morning.tap(message)
    bot = morning.talk.application.bot
    empty = Corpus((), "empty")
    await Boards(morning.talk.store, bot, lambda *_: None, lambda: empty).show()
    assert labels(message) == ["今天打卡 · 1"]


async def test_the_switch_takes_the_button_away(morning: Morning) -> None:
    talk = morning.talk
    await morning.subscribe(talk.private)
    panel = await talk.answer("/settings")
    await talk.press(panel, "打卡按钮")
    await talk.press(panel, "不放")
    assert "打卡：不放" in panel.text
    await morning.go_to(at(25, 8))
    assert labels(talk.telegram.sent(talk.private)[-1]) == ["继续阅读", "相关论述"]


# ------------------------------------------------------------------ days and clocks


async def test_under_yesterdays_push_today_counts_and_the_notice_says_so(
    morning: Morning,
) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    yesterdays = morning.push(group)
    await morning.go_to(at(26, 8))
    assert await morning.tap(yesterdays) == "打卡成功，算今天（11月26日）的，连续 1 天 🔥"
    assert await morning.tap(yesterdays) == "今天（11月26日）已经打过卡了，连续 1 天"
    await morning.boards.show()
    assert labels(yesterdays)[-1] == "今天打卡"
    assert labels(morning.push(group))[-1] == "今天打卡 · 1"


async def test_whoever_was_earlier_than_the_push_is_counted_on_it(morning: Morning) -> None:
    group = await morning.talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    yesterdays = morning.push(group)
    morning.talk.clock.at = at(26, 7).astimezone(UTC)
    await morning.tap(yesterdays)
    await morning.go_to(at(26, 8))
    assert labels(morning.push(group))[-1] == "今天打卡 · 1"


async def test_a_second_before_midnight_and_a_second_after_are_two_days(
    morning: Morning,
) -> None:
    await morning.subscribe(morning.talk.private)
    await morning.go_to(at(25, 8))
    message = morning.push(morning.talk.private)
    morning.talk.clock.at = at(26, 0).astimezone(UTC) - SECOND
    assert "连续 1 天" in await morning.tap(message)
    morning.talk.clock.move(SECOND)
    assert "算今天（11月26日）的，连续 2 天" in await morning.tap(message)


async def test_a_command_sent_before_midnight_is_for_that_day(morning: Morning) -> None:
    talk = morning.talk
    talk.clock.at = at(25, 23, 59).astimezone(UTC)
    talk.telegram.say(talk.private, talk.xiaowang, "/checkin")
    talk.clock.move(timedelta(minutes=2))
    await talk.settle()
    dates = await talk.store.check_ins_of(talk.private.id, talk.xiaowang.id)
    assert dates == (at(25, 0).date(),)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 28, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("hour", [0, 2, 23])
async def test_a_streak_goes_over_a_clock_change(
    talk: Talk, zone: str, change: datetime, hour: int
) -> None:
    """Every day at the same wall time, also at one that comes twice or not at all."""
    talk.clock.at = change - 10 * DAY
    await talk.say(f"/settings 时区 {zone}")
    for number in range(-2, 3):
        on = (change + number * DAY).date()
        wall = datetime.combine(on, time(hour, 30), ZoneInfo(zone))
        talk.clock.at = wall.astimezone(UTC)
        answer = await talk.answer("/checkin")
        assert f"连续 {number + 3} 天" in answer.text
    assert len(await talk.store.check_ins_of(talk.private.id, talk.xiaowang.id)) == 5


async def test_a_chat_that_moves_east_and_back_counts_no_date_twice(talk: Talk) -> None:
    talk.clock.at = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    await talk.say("/settings 时区 纽约")  # 22:00 on the 23rd
    assert "连续 1 天" in (await talk.answer("/checkin")).text
    await talk.say("/settings 时区 上海")  # 11:00 on the 24th
    assert "连续 2 天" in (await talk.answer("/checkin")).text
    await talk.say("/settings 时区 纽约")  # the 23rd again
    assert "今天已经打过卡了，连续 2 天" in (await talk.answer("/checkin")).text


async def test_days_without_a_push_break_no_streak(morning: Morning) -> None:
    """On working days alone, over a weekend: nobody is asked on Saturday or Sunday."""
    group = await morning.talk.group()
    await morning.subscribe(group, "08:00 工作日")
    streaks = []
    for day in range(25, 34):  # Wednesday to Thursday
        await morning.go_to(at(day, 8))
        push = morning.push(group)
        if push.sent_at == morning.talk.clock.at:
            streaks.append(await morning.tap(push))
    assert len(streaks) == 7
    assert streaks[-1] == "打卡成功，连续 7 天 🔥"


async def test_two_missed_days_are_forgiven_and_a_third_is_not(morning: Morning) -> None:
    await morning.subscribe(morning.talk.private)
    said = {}
    for day in range(25, 36):
        await morning.go_to(at(day, 8))
        if day not in (26, 28, 33):
            said[day] = await morning.tap(morning.push(morning.talk.private))
    assert said[29] == "打卡成功，连续 3 天 🔥"
    assert said[32] == "打卡成功，连续 6 天 🔥"
    # With the third missed day, what stands before the first of them is given up.
    assert said[34] == "打卡成功，连续 6 天 🔥"


# ------------------------------------------------------------------------- by words


async def test_a_word_checks_in_and_tells_the_numbers(talk: Talk) -> None:
    for number in range(5):
        talk.clock.at = at(24 + number, 12).astimezone(UTC)
        answer = await talk.answer("打卡" if number % 2 else "/checkin")
    assert answer.text.startswith("✅ 打卡成功，连续 5 天 🔥\n最长 5 天，这个月 5 天")
    assert "现在还可以缺 2 天" in answer.text
    again = await talk.answer("/checkin")
    assert again.text.startswith("今天已经打过卡了，连续 5 天 🔥")


async def test_in_a_group_the_answer_is_short_and_says_who(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/checkin", group, talk.member)
    assert answer.text == "✅ 小李 打卡成功，连续 1 天 🔥\n最长 1 天，这个月 1 天"


async def test_a_group_and_a_private_chat_count_for_themselves(talk: Talk) -> None:
    group = await talk.group()
    await talk.answer("/checkin", group)
    assert "打卡成功，连续 1 天" in (await talk.answer("/checkin")).text


async def test_who_writes_as_the_group_is_told_what_to_do(talk: Talk) -> None:
    group = await talk.group()
    answer = await talk.answer("/checkin", group, as_anonymous_admin=True)
    assert "匿名发言认不出是谁" in answer.text
    assert await talk.store.members(group.id) == ()


async def test_a_question_about_checking_in_stays_a_question(talk: Talk) -> None:
    answer = await talk.answer("打卡 新质生产力")
    assert answer.text.startswith("🔎")


@pytest.mark.parametrize("text", ["什么", "明年", "x" * 60])
async def test_words_not_understood_are_told_what_works(talk: Talk, text: str) -> None:
    assert "/checkin 周榜 周日 20:00" in (await talk.answer(f"/checkin {text}")).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/checkin 2026年2月30日", "2026年2月只有28天，没有30日"),
        ("/checkin 2026年13月", "一年只有12个月，没有13月"),
        ("打卡 2月30日", "2月最多29天，没有30日"),
    ],
)
async def test_an_impossible_date_is_told_and_the_example_works(
    talk: Talk, typed: str, said: str
) -> None:
    answer = await talk.answer(typed)
    assert answer.text == f"🤔 {said}。可以这样写：/checkin 11月"
    assert "11月" in (await talk.answer("/checkin 11月")).text


# ------------------------------------------------------------------ moving and leaving


async def test_taps_go_on_after_the_group_became_a_supergroup(morning: Morning) -> None:
    talk = morning.talk
    group = talk.telegram.group("读书会", talk.xiaowang)
    talk.telegram.add_bot(group, talk.xiaowang)
    await talk.settle()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    await morning.tap(morning.push(group))
    moved = talk.telegram.migrate(group, talk.xiaowang)
    await talk.settle()
    assert await talk.store.boards_behind(10) == ()
    await morning.go_to(at(26, 8))
    assert await morning.tap(morning.push(moved)) == "打卡成功，连续 2 天 🔥"
    await morning.boards.show()
    assert labels(morning.push(moved))[-1] == "今天打卡 · 1"


async def test_whoever_is_forgotten_is_counted_no_more(morning: Morning) -> None:
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group)
    await morning.go_to(at(25, 8))
    message = morning.push(group)
    for person in (talk.member, talk.xiaowang):
        await morning.tap(message, person)
    await morning.boards.show()
    assert labels(message)[-1] == "今天打卡 · 2"
    asked = await talk.answer("/forget", group, talk.member)
    assert "打卡记录（1天）" in asked.text
    await talk.press(asked, "确定，忘记我", talk.member)
    assert await talk.store.check_ins_of(group.id, talk.member.id) == ()
    talk.clock.move(3 * SECOND)
    await morning.boards.show()
    assert labels(message)[-1] == "今天打卡 · 1"


async def test_streaks_go_on_with_another_bot(morning: Morning) -> None:
    """Also over a weekend without pushes, of which the other bot's ledger knows nothing."""
    talk = morning.talk
    group = await talk.group()
    await morning.subscribe(group, "08:00 工作日")
    for day in (26, 27, 30):  # Thursday, Friday, Monday
        await morning.go_to(at(day, 8))
        await morning.tap(morning.push(group), talk.member)
    sent = await talk.answer("/export", group)
    content = file_of(talk, sent)
    other = await talk.group()
    talk.telegram.send_file(other, talk.xiaowang, "export.json", content, caption="/import")
    await talk.settle()
    assert "打卡 3 次" in talk.telegram.sent(other)[-1].text
    await morning.go_to(at(31, 8))
    assert await morning.tap(morning.push(other), talk.member) == "打卡成功，连续 4 天 🔥"


async def test_an_archive_with_impossible_check_ins_is_refused(talk: Talk) -> None:
    group = await talk.group()
    await talk.answer("/checkin", group)
    sent = await talk.answer("/export", group)
    content = file_of(talk, sent)
    data: dict[str, Any] = json.loads(content)
    data["check_ins"][0]["moments"] = {"0001-01-01": "2026-11-24T04:00:00Z"}
    other = await talk.group()
    bad = json.dumps(data).encode()
    talk.telegram.send_file(other, talk.xiaowang, "export.json", bad, caption="/import")
    await talk.settle()
    assert "有的打卡不对，什么都没有导入" in talk.telegram.sent(other)[-1].text


@pytest.mark.parametrize("words", ["打卡 昨天", "/checkin 昨天", "/checkin 11月20日"])
async def test_another_day_than_today_cannot_be_checked_in_for(talk: Talk, words: str) -> None:
    answer = await talk.answer(words)
    assert answer.text.startswith("只能给今天打卡，别的日子补不了")


@pytest.mark.parametrize("words", ["打卡 今天", "/checkin 11月24日"])
async def test_today_may_be_named(talk: Talk, words: str) -> None:
    assert "打卡成功" in (await talk.answer(words)).text
