"""Reading together: from the first wish to the last part, in a group and in private."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from bot.chat.boards import Boards
from bot.delivery.parts import Parts
from bot.delivery.plan import tick
from bot.delivery.worker import Worker
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import (
    Corpus,
    DayRule,
    Days,
    DeliveryKind,
    Pace,
    PlanState,
    ReadingPlan,
    ScheduleKind,
)
from bot.search.index import Index
from tests.chat.conftest import NOON, Talk, labels

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVENING = NOON + 8 * HOUR  # 20:00 in Shanghai
TITLE = "加快推进人工智能赋能新型工业化"  # of four sections
DONE = "✅ 我读完了"


@dataclass
class Club:
    """A group that reads together, and the worker that sends it its parts."""

    talk: Talk
    group: LocalChat
    worker: Worker
    boards: Boards

    async def at(self, moment: datetime) -> None:
        """Let the clock be there, plan what is due and deliver it."""
        self.talk.clock.at = moment
        await tick(self.talk.store)
        await self.worker.drain()

    async def run(self, until: datetime) -> None:
        """Live through the hours until then."""
        while self.talk.clock.at < until:
            await self.at(min(self.talk.clock.at + HOUR, until))

    def parts(self, chat: LocalChat | None = None) -> list[LocalMessage]:
        """The messages of parts that were delivered there."""
        sent = self.talk.telegram.sent(chat or self.group)
        return [one for one in sent if one.text.startswith("📖 共读 · 第") and "星期" in one.text]

    async def begin(self, line: str = f"《{TITLE}》 2周") -> LocalMessage:
        """Ask for a plan and confirm it; the message that shows it."""
        sent = await self.talk.answer(f"/readplan {line}", self.group)
        await self.talk.press(sent, "✅ 确认")
        return sent

    async def plan(self) -> ReadingPlan:
        found = await self.talk.store.standing_plan(self.group.id)
        assert found is not None
        return found

    async def link(self, message: LocalMessage, label: str, by: LocalUser) -> list[LocalMessage]:
        """Press what opens the private chat, and what the bot says there."""
        press = await self.talk.only_press(message, label, by)
        assert press.answer is not None
        url = str(press.answer["url"])
        assert url.startswith(f"https://t.me/{self.talk.bot_name}?start=")
        payload = url.partition("=")[2]
        private = self.talk.telegram.private(by)
        return await self.talk.say(f"/start {payload}", private, by)


@pytest.fixture
async def club(talk: Talk, corpus: Corpus, index: Index) -> AsyncIterator[Club]:
    async def tell_owner(text: str) -> None:
        raise AssertionError(text)

    async def sleep(seconds: float) -> None:
        talk.clock.move(timedelta(seconds=seconds))

    worker = Worker(
        talk.store,
        talk.application.bot,
        {DeliveryKind.PART: Parts(talk.store, lambda: corpus).prepare},
        owner="reading",
        pace=Pace(),
        tell_owner=tell_owner,
        random=Random(1),
        sleep=sleep,
    )
    boards = Boards(
        talk.store, talk.application.bot, lambda _theme: None, lambda: corpus, sleep=sleep
    )
    yield Club(talk, await talk.group(), worker, boards)
    await boards.stop()


# -------------------------------------------------------------------------- beginning


async def test_what_was_understood_is_read_back_and_nothing_has_begun(club: Club) -> None:
    sent = await club.talk.answer(f"/readplan 《{TITLE}》 2周 每天 20:00 工作日", club.group)
    assert f"《{TITLE}》" in sent.text
    assert "分成 4 部分" in sent.text
    assert "工作日 20:00（北京时间）一部分" in sent.text
    assert "第一部分：11月24日 星期二" in sent.text
    assert "最后一部分：11月27日 星期五" in sent.text
    assert "可能用不了 2 周" in sent.text
    assert await club.talk.store.standing_plan(club.group.id) is None
    await club.run(EVENING + HOUR)
    assert club.parts() == []


async def test_the_newest_booklet_is_read_when_no_article_is_named(
    club: Club, corpus: Corpus
) -> None:
    await club.begin("4周 工作日")
    plan = await club.plan()
    assert plan.title == corpus.compilations[-1].title
    assert len(plan.parts) == 20
    assert [one for part in plan.parts for one in part] == [one.id for one in corpus.readings]


async def test_chinese_words_do_the_same(club: Club) -> None:
    sent = await club.talk.answer("共读 4周")
    assert "我是这样理解的" in sent.text
    assert "读书计划怎么" not in sent.text
    usage = await club.talk.answer("读书计划")
    assert "/readplan 4周" in usage.text


@pytest.mark.parametrize("text", ["读书计划 企业家精神", "共读 什么是新质生产力"])
async def test_words_that_go_on_otherwise_are_a_query(club: Club, text: str) -> None:
    sent = await club.talk.say(text)
    assert all("读书计划" not in one.text or "没有找到" in one.text for one in sent)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"《{TITLE}》", "还没说几周读完"),
        ("《没有这篇》 2周", "没有找到《没有这篇》"),
        ("99周", "1 到 52 周"),
        ("随便 4周", "没看懂“随便”"),
        ("暂停", "现在没有读书计划"),
    ],
)
async def test_what_is_refused_is_refused_with_an_example(club: Club, line: str, said: str) -> None:
    sent = await club.talk.answer(f"/readplan {line}", club.group)
    assert said in sent.text
    assert "/readplan 4周" in sent.text


async def test_a_line_to_be_edited_is_understood_as_it_stands(club: Club) -> None:
    sent = await club.talk.answer(f"/readplan 《{TITLE}》 2周 周一三五 7:30", club.group)
    (edited,) = await club.talk.press(sent, "✏️ 修改")
    line = edited.text.partition("\n")[2]
    again = await club.talk.answer(line, club.group)
    assert again.text == sent.text


async def test_only_administrators_begin_change_pause_and_stop(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    refused = await talk.answer("/readplan 4周", club.group, member)
    assert "只有管理员" in refused.text
    panel = await club.begin()
    for label in ("⏸ 暂停", "结束"):
        press = await talk.only_press(panel, label, member)
        assert "只有管理员" in talk.notice(press)
    changed = await talk.answer("/readplan 21:00", club.group, member)
    assert "只有管理员" in changed.text
    assert (await club.plan()).at == time(20)
    shown = await talk.answer("/readplan", club.group, member)
    assert f"《{TITLE}》" in shown.text


# -------------------------------------------------------------------- from first to last


async def test_each_day_has_its_part_until_the_last(club: Club, corpus: Corpus) -> None:
    await club.begin()
    await club.run(EVENING + 6 * DAY)
    found = club.parts()
    assert [one.text.split("\n")[0] for one in found] == [
        "📖 共读 · 第1/4部分 · 11月24日 星期二",
        "📖 共读 · 第2/4部分 · 11月25日 星期三",
        "📖 共读 · 第3/4部分 · 11月26日 星期四",
        "📖 共读 · 第4/4部分 · 11月27日 星期五",
    ]
    article = next(one for one in corpus.articles if one.title == TITLE)
    for message, section in zip(found, article.sections, strict=True):
        assert section.digest[:20] in message.text
    assert "最后一部分" in found[-1].text
    panel = await club.talk.answer("/readplan", club.group)
    assert "第4/4部分 · 进度 ▓▓▓▓▓▓▓▓▓▓ 100%" in panel.text
    assert "全部都发完了" in panel.text


async def test_a_part_opens_the_section_to_be_read(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    (opened,) = await club.talk.press(message, "开始读 ›", club.talk.member)
    assert "编号：a-2026-04-02.0" in opened.text


async def test_a_pause_passes_over_no_part(club: Club) -> None:
    panel = await club.begin()
    await club.run(EVENING + DAY)
    await club.talk.press(panel, "⏸ 暂停")
    assert "暂停中" in panel.text
    await club.run(EVENING + 4 * DAY)
    assert len(club.parts()) == 2
    await club.talk.press(panel, "▶️ 恢复")
    assert "下一部分：明天（11月29日） 20:00" in panel.text
    await club.run(EVENING + 9 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts()] == [
        f"第{number}/4部分" for number in (1, 2, 3, 4)
    ]


async def test_a_new_time_on_the_same_day_sends_no_part_twice_and_loses_none(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    changed = await club.talk.answer("/readplan 22:00", club.group)
    assert "下一部分：明天（11月25日） 22:00" in changed.text
    await club.run(EVENING + 5 * DAY)
    assert len(club.parts()) == 4
    plan = await club.plan()
    assert (plan.at, plan.starts_on, plan.first_part) == (time(22), date(2026, 11, 25), 2)


async def test_a_second_plan_on_the_day_of_an_ended_one_loses_no_part(club: Club) -> None:
    panel = await club.begin()
    await club.at(EVENING)
    await club.talk.press(panel, "结束")
    await club.talk.press(panel, "确定")
    assert "结束了" in panel.text
    assert await club.talk.store.standing_plan(club.group.id) is None
    again = await club.talk.answer(f"/readplan 《{TITLE}》 2周 21:00", club.group)
    assert "第一部分：11月25日" in again.text
    await club.talk.press(again, "✅ 确认")
    await club.run(EVENING + 6 * DAY)
    assert len(club.parts()) == 5


async def test_a_stopped_plan_sends_nothing_more(club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    asked = await club.talk.answer("/readplan 结束", club.group)
    await club.talk.press(asked, "‹ 返回")
    assert "第1/4部分" in asked.text
    await club.talk.press(asked, "结束")
    await club.talk.press(asked, "确定")
    await club.run(EVENING + 3 * DAY)
    (only,) = club.parts()
    press = await club.talk.only_press(only, DONE)
    assert "已经结束" in club.talk.notice(press)


async def test_a_plan_confirmed_twice_begins_once(club: Club) -> None:
    talk = club.talk
    sent = await talk.answer(f"/readplan 《{TITLE}》 2周", club.group)
    (data,) = [one["callback_data"] for one in sent.buttons if one["text"] == "✅ 确认"]
    presses = [talk.telegram.press(club.group, sent.id, data, talk.xiaowang) for _ in range(2)]
    await talk.settle()
    assert [talk.notice(press) for press in presses] == ["开始了 ✅"] * 2
    await club.run(EVENING + HOUR)
    assert len(club.parts()) == 1


async def test_a_group_that_moves_goes_on_where_it_was(talk: Talk, club: Club) -> None:
    await club.begin()
    await club.at(EVENING)
    old_id = club.group.id
    club.group = talk.telegram.supergroup("学习组", talk.xiaowang, [talk.member])
    talk.telegram.add_bot(club.group, talk.xiaowang)
    await talk.settle()
    await talk.store.migrate_chat(old_id, club.group.id)
    await club.run(EVENING + 5 * DAY)
    assert [one.text.split(" · ")[1] for one in club.parts()] == [
        f"第{number}/4部分" for number in (2, 3, 4)
    ]


async def test_a_section_the_corpus_has_lost_is_said_to_be_gone(club: Club, corpus: Corpus) -> None:
    await club.begin()
    plan = await club.plan()
    lost = (("a-2026-04-02.0", "a-2020-01-01.1"), *plan.parts[1:])
    await club.talk.store.save_reading_plan(
        ReadingPlan(**{**{f: getattr(plan, f) for f in plan.__slots__}, "parts": lost})
    )
    await club.at(EVENING)
    (message,) = club.parts()
    assert "有 1 节已经不在了" in message.text


# ----------------------------------------------------------------------- who has read it


async def test_a_part_is_read_once_however_often_one_taps(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    notices = [talk.notice(await talk.only_press(message, DONE)) for _ in range(2)]
    notices.append(talk.notice(await talk.only_press(message, DONE, talk.member)))
    assert notices == ["第1/4部分读完 ✅", "第1/4部分已经记过了", "第1/4部分读完 ✅ 已有 2 人"]


async def test_the_message_counts_all_taps_with_one_edit(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    for by in (talk.xiaowang, talk.member):
        await talk.only_press(message, DONE, by)
    edits = len(talk.telegram.calls_of("editMessageText"))
    assert await club.boards.show() is None
    assert len(talk.telegram.calls_of("editMessageText")) == edits + 1
    assert "2 人读完" in message.text
    assert f"{DONE} 2" in labels(message)
    assert message.text.startswith("📖 共读 · 第1/4部分 · 11月24日 星期二")


async def test_what_one_has_missed_is_told_in_private_alone(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    await club.begin()
    await club.run(EVENING + 2 * DAY)
    first, second, _third = club.parts()
    await talk.only_press(second, DONE, member)
    before = len(talk.telegram.sent(club.group))
    (told,) = await club.link(first, "补课", member)
    assert "还有 2 部分可以补" in told.text
    assert labels(told) == ["第1部分", "第3部分"]
    assert len(talk.telegram.sent(club.group)) == before
    (part,) = await talk.press(told, "第1部分", member)
    assert part.text.startswith("📖 共读 · 第1/4部分")
    for number in (1, 3):
        (part,) = await talk.press(told, f"第{number}部分", member)
        await talk.only_press(part, DONE, member)
    press = await talk.only_press(first, "补课", member)
    assert "都读完了" in talk.notice(press)
    assert await talk.store.parts_read((await club.plan()).id) == {1: 1, 2: 1, 3: 1}


async def test_in_the_group_catching_up_names_parts_and_nobody(club: Club) -> None:
    await club.begin()
    await club.run(EVENING + DAY)
    sent = await club.talk.answer("/readplan 补课", club.group, club.talk.member)
    assert labels(sent) == ["第1部分", "第2部分"]
    assert "小" not in sent.text


async def test_a_plans_buttons_do_nothing_for_who_has_nothing_to_do_with_it(club: Club) -> None:
    talk = club.talk
    await club.begin()
    await club.at(EVENING)
    plan = await club.plan()
    stranger = talk.telegram.user("路人")
    other = await talk.answer("/readplan 4周", talk.telegram.private(stranger), stranger)
    for button in other.buttons:
        button["callback_data"] = f"R:d:{plan.id}:1"
    press = await talk.only_press(other, "✏️ 修改", stranger)
    assert "没有这个读书计划" in talk.notice(press)
    assert await talk.store.parts_read(plan.id) == {}


# --------------------------------------------------------------------- following along


async def test_a_member_follows_in_private_at_a_time_of_their_own(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    await club.begin()
    await club.at(EVENING)
    (message,) = club.parts()
    (told,) = await club.link(message, "🔔 到私聊跟读", member)
    assert "这是你自己的跟读" in told.text
    changed = await talk.answer("/readplan 21:30", private, member)
    assert "每天 21:30" in changed.text
    await club.run(EVENING + HOUR + HOUR / 2)
    (mine,) = club.parts(private)
    assert mine.text.startswith("📖 共读 · 第1/4部分")
    press = await talk.only_press(mine, DONE, member)
    assert "第1/4部分读完" in talk.notice(press)
    panel = await talk.answer("/readplan", club.group)
    assert "这一部分已有 1 人读完" in panel.text
    await club.run(EVENING + 5 * DAY)
    assert len(club.parts(private)) == 4
    assert len(club.parts()) == 4


async def test_who_is_in_the_roster_is_offered_the_groups_plan_in_private(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    assert "随便" not in (await talk.answer("/readplan", private, member)).text
    await club.begin()
    await club.at(EVENING)
    await talk.only_press(club.parts()[0], DONE, member)
    offered = await talk.answer("/readplan", private, member)
    assert "学习组" in offered.text
    followed = await talk.answer("/readplan 21:30", private, member)
    assert "每天 21:30" in followed.text
    schedule = await talk.store.schedule(private.id, ScheduleKind.PART)
    assert schedule is not None
    assert schedule.at == time(21, 30)


async def test_a_followers_pause_is_their_own_and_the_groups_is_everybodys(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    await club.link(panel, "🔔 到私聊跟读", member)
    await club.run(EVENING)
    assert (len(club.parts()), len(club.parts(private))) == (1, 1)
    paused = await talk.answer("/readplan 暂停", private, member)
    assert "暂停中" in paused.text
    await club.run(EVENING + DAY)
    assert (len(club.parts()), len(club.parts(private))) == (2, 1)
    await talk.answer("/readplan 恢复", private, member)
    await talk.answer("/readplan 暂停", club.group)
    await club.run(EVENING + 3 * DAY)
    held = len(club.parts(private))
    assert len(club.parts()) == 2
    await talk.answer("/readplan 恢复", club.group)
    await club.run(EVENING + 8 * DAY)
    assert len(club.parts()) == 4
    assert len(club.parts(private)) == held + 2


async def test_who_leaves_gets_nothing_more_and_the_group_goes_on(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    (followed,) = await club.link(panel, "🔔 到私聊跟读", member)
    await talk.press(followed, "不再跟读", member)
    await talk.press(followed, "确定", member)
    assert "已经不再跟读" in followed.text
    await club.run(EVENING + DAY)
    assert (len(club.parts()), club.parts(private)) == (2, [])


async def test_a_plan_that_ends_ends_for_who_follows(club: Club) -> None:
    talk, member = club.talk, club.talk.member
    private = talk.telegram.private(member)
    panel = await club.begin()
    await club.link(panel, "🔔 到私聊跟读", member)
    await talk.press(panel, "结束")
    await talk.press(panel, "确定")
    await club.run(EVENING + DAY)
    assert club.parts(private) == []
    assert "/readplan 4周" in (await talk.answer("/readplan", private, member)).text


async def test_a_person_reads_by_a_plan_of_their_own_in_private(club: Club) -> None:
    talk = club.talk
    sent = await talk.answer(f"/readplan 《{TITLE}》 1周 工作日")
    await talk.press(sent, "✅ 确认")
    await club.run(EVENING + DAY)
    first, second = club.parts(talk.private)
    await talk.only_press(second, DONE)
    panel = await talk.answer("/readplan")
    assert "你读完了 1 部分" in panel.text
    told = await talk.answer("/readplan 补课")
    assert labels(told) == ["第1部分"]
    assert "🔔 到私聊跟读" not in labels(first)
    await club.begin()
    (refused,) = await club.link(
        await talk.answer("/readplan", club.group), "🔔 到私聊跟读", talk.xiaowang
    )
    assert "你自己正在读" in refused.text


@pytest.mark.parametrize("payload", ["follow_1-00000000", "catchup_99-00000000", "nonsense"])
async def test_a_link_that_nobody_gave_opens_nothing(club: Club, payload: str) -> None:
    await club.begin()
    (sent,) = await club.talk.say(f"/start {payload}")
    assert TITLE not in sent.text
    assert await club.talk.store.followed_plan(club.talk.private.id) is None


async def test_working_days_are_the_groups_rule(club: Club) -> None:
    await club.begin(f"《{TITLE}》 2周 工作日")
    plan = await club.plan()
    assert plan.days == Days(DayRule.WORKDAYS)
    assert plan.state is PlanState.ACTIVE
