"""What happens in March: a group in Berlin and one in Shanghai, fifty people each.

Here live the people, their habits and the order of events. What must come of it is told in the
tests; whatever they need that does not stand in the chats in the end is in `Record`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.local.world import LocalChat, LocalMessage, LocalUser
from tests.month.stage import Clock, Stage, at, stage

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
MEMBERS = 50
DAYS = range(1, 32)
SUNDAYS = (1, 8, 15, 22, 29)  # the clocks change on the last of them
FRIDAYS = (6, 13, 20, 27)
CROWDED = (1, 22, 29)
EVERYBODY = (1, 30)  # they all check in
MOVED, MOVED_UNHEARD = 14, 13  # Berlin, Shanghai
PLANNED = 8  # in the evening
DROPPED_ASKING, DROPPED_TAPPING = 6, 21
ASKED = (
    "/attendance 3月",
    "/checkin 本月",
    "/readplan",
    "/settings",
    "/reminders",
    "/plan 7",
    "/why 3月29日",
    "/checkin 周榜",
)

PUSH = "每日一语"
BOARD = "一周打卡榜"
PART = "📖 共读 · 第"


@dataclass
class March:
    """The month, as it goes on."""

    on: Stage
    organiser: LocalUser
    people: list[LocalUser]
    berlin: LocalChat
    shanghai: LocalChat
    told: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, LocalMessage] = field(default_factory=dict)

    async def until(self, day: int, hour: int, minute: int = 0) -> None:
        """Let it be that time in Berlin."""
        await self.on.at(at(BERLIN, 3, 1, hour, minute) + timedelta(days=day - 1))

    async def begin(self) -> None:
        """The evening before: both groups are set up by their organiser."""
        for chat in (self.berlin, self.shanghai):
            self.on.telegram.add_bot(chat, self.organiser)
        await self.on.hear()
        for line in (
            "/settings 时区 柏林",
            "/subscribe 08:00",
            "/checkin 周榜 周日 20:00",
            "/quiz 每周五 20:00 3题",
        ):
            (self.said[line],) = await self.on.say(self.berlin, self.organiser, line)
        await self.confirm("/remind 每周日 10:00 学习会 提前1天 30分钟 主题 人工智能 @三楼会议室")
        line = "/subscribe 08:00 图文"
        (self.said[line],) = await self.on.say(self.shanghai, self.organiser, line)

    async def confirm(self, line: str) -> None:
        """The organiser wants something that is read back, and says yes to it."""
        (asked,) = await self.on.say(self.berlin, self.organiser, line)
        self.said[line] = asked
        await self.on.press_all(asked, "✅ 确认", [self.organiser])

    async def live(self) -> None:
        """From the first of March to the last, in whose afternoon they look back."""
        for day in DAYS:
            if day == MOVED_UNHEARD:
                await self.move_shanghai()
            await self.on.at(at(SHANGHAI, 3, day, 8))  # in Berlin it is night
            await self.until(day, 7, 59)
            await self.until(day, 8)
            await self.check_in(day)
            if day in SUNDAYS:
                await self.meet(day)
            if day + 1 in SUNDAYS:
                await self.sign_up(day)
            if day == DAYS[-1]:
                break
            await self.until(day, 19)
            await self.read(day)
            if day == DROPPED_ASKING:
                await self.drop_asking(day)
            await self.until(day, 20, 2 * (day == DROPPED_ASKING))
            if day in FRIDAYS:
                await self.be_quizzed(day)
            if day == MOVED:
                self.berlin = self.on.telegram.migrate(self.berlin, self.organiser)
                await self.on.settle()
            if day == PLANNED:
                await self.confirm("/readplan 4周 工作日 19:00")

    # ------------------------------------------------------------------ check-ins

    async def check_in(self, day: int) -> None:
        """On the 1st and the 30th everybody at once, else a few, each with a habit."""
        await self.until(day, 8, 30)
        push = self.on.last(self.berlin, PUSH)
        everyday, graceful, careless = self.people[:3]
        some = [everyday]
        some += [graceful] if day not in (10, 20) else []
        some += [careless] if day not in (5, 10, 15) else []
        who = self.people if day in EVERYBODY else some
        told = await self.on.press_all(push, "今天打卡", who)
        for one, words in zip(who, told, strict=True):
            self.told.setdefault(f"打卡 {one.name}", []).append(words)

    # ------------------------------------------------------------------ sessions

    async def sign_up(self, day: int) -> None:
        """On Saturdays. Once the process is dropped while they tap."""
        await self.until(day, 10)
        lead = self.on.last(self.berlin, "⏰ 学习会")
        come, away, unsure = crowd(self.people, day + 1)
        presses = [self.on.press(lead, "🙋", one) for one in come]
        presses += [self.on.press(lead, "🙅", one) for one in away]
        presses += [self.on.press(lead, "🤔", one) for one in unsure]
        if day == DROPPED_TAPPING:
            await self.on.telegram.until(lambda: presses[5].answer)
            await self.on.drop()
            await self.on.start()
        await self.on.settle()
        self.told[f"报名 {day}"] = [str((one.answer or {}).get("text")) for one in presses]

    async def meet(self, day: int) -> None:
        """On Sundays: two in three are in time, one who did not know comes too, one is late."""
        await self.until(day, 9, 30)
        lead = self.on.last(self.berlin, "⏰ 学习会")
        come, _away, unsure = crowd(self.people, day)
        if day == SUNDAYS[0]:  # there was no Saturday to say so
            await self.on.press_all(lead, "🙋", come)
        self.told[f"太早 {day}"] = await self.on.press_all(lead, "✅ 签到", come[:1])
        await self.until(day, 9, 50)
        here = come[: len(come) * 2 // 3] + unsure[:1]
        self.told[f"签到 {day}"] = await self.on.press_all(lead, "✅ 签到", here)
        await self.until(day, 10, 10)
        nudge = self.on.last(self.berlin, "📣")
        self.told[f"迟到 {day}"] = await self.on.press_all(nudge, "✅ 签到", come[-1:])
        await self.until(day, 11)

    # ------------------------------------------------------------------ reading

    async def read(self, day: int) -> None:
        """Everybody reads the first part at once; after that, one person reads every part."""
        parts = self.parts()
        if parts and parts[-1].sent_at.date() == self.on.clock().date():
            who = self.people if day == PLANNED + 1 else self.people[:1]
            self.told[f"读完 {day}"] = await self.on.press_all(parts[-1], "✅ 我读完了", who)

    def parts(self) -> list[LocalMessage]:
        return [one for one in self.on.telegram.sent(self.berlin) if one.text.startswith(PART)]

    # ------------------------------------------------------------------ quizzes

    async def be_quizzed(self, day: int) -> None:
        """All answer all three at once; the first question of the month goes wrong."""
        is_first = day == FRIDAYS[0]
        asked = self.polls()[-3:]
        for number, message in enumerate(asked):
            poll: dict[str, Any] = message.extra["poll"]
            (right,) = poll["correct_option_ids"]
            chosen = (right + (is_first and number == 0)) % len(poll["options"])
            for one in self.people if is_first else self.people[:5]:
                self.on.telegram.vote(self.berlin, message.id, chosen, one)
        await self.on.settle()
        if is_first:
            line = "/quiz 成绩"
            (self.said[line],) = await self.on.say(self.berlin, self.people[0], line)

    async def drop_asking(self, day: int) -> None:
        """The process is dropped when one question is out."""
        await self.on.settle()
        self.on.clock.move(at(BERLIN, 3, day, 20))
        asking = asyncio.create_task(self.on.studybot.catch_up())
        await self.on.telegram.until(self.polls)
        await self.on.drop()
        assert asking.cancelled()
        await self.on.start()

    def polls(self) -> list[LocalMessage]:
        return [one for one in self.on.telegram.sent(self.berlin) if "poll" in one.extra]

    # ------------------------------------------------------------------ moving

    async def move_shanghai(self) -> None:
        """The group becomes a supergroup while nobody polls: the next push meets the error."""
        await self.on.drop()
        self.shanghai = self.on.telegram.migrate(self.shanghai, self.organiser)
        await self.on.start(polls=False)
        await self.on.at(at(SHANGHAI, 3, MOVED_UNHEARD, 8))
        await self.on.drop()
        await self.on.start()

    # ------------------------------------------------------------------ the end

    async def look_back(self) -> None:
        """They look at what they did, and take it with them."""
        await self.until(31, 17, 30)
        for line in ASKED:
            (self.said[line],) = await self.on.say(self.berlin, self.people[0], line)
        for number, line in ((0, "/checkin 本月"), (1, "/readplan 补课")):
            one = self.people[number]
            private = self.on.telegram.private(one)
            await self.on.say(private, one, "/start")
            self.said[f"私聊 {line}"] = (await self.on.say(private, one, line))[-1]
        (self.said["/export"],) = await self.on.say(self.berlin, self.organiser, "/export")
        leaving = self.people[-1]
        (asked,) = await self.on.say(self.berlin, leaving, "/forget")
        self.said["/forget"] = asked
        await self.on.press_all(asked, "确定", [leaving])


def crowd(
    people: list[LocalUser], sunday: int
) -> tuple[list[LocalUser], list[LocalUser], list[LocalUser]]:
    """Who will come, who will not, and who does not know: many on three Sundays, else few."""
    if sunday in CROWDED:
        return people[:30], people[30:45], people[45:]
    return people[:6], people[6:9], people[9:11]


@dataclass
class Record:
    """What is left of the month. `berlin` and `shanghai` are the groups as they began."""

    stage: Stage
    people: list[LocalUser]
    berlin: LocalChat
    shanghai: LocalChat
    month: March
    taken: list[LocalMessage] = field(default_factory=list)  # what /import said, done twice
    told_later: list[str] = field(default_factory=list)
    later: list[LocalMessage] = field(default_factory=list)  # all in the other bot's group
    settings_later: LocalMessage | None = None

    @property
    def in_berlin(self) -> list[LocalMessage]:
        """What the bot said there, before and after the move, oldest first."""
        return self._sent(self.berlin, self.month.berlin)

    @property
    def in_shanghai(self) -> list[LocalMessage]:
        return self._sent(self.shanghai, self.month.shanghai)

    def _sent(self, *chats: LocalChat) -> list[LocalMessage]:
        return [one for chat in chats for one in self.stage.telegram.sent(chat)]


async def march(home: Path, corpus: Path) -> Record:
    """Live through the month; what is left of it when everything has come to rest.

    `home` has a directory for each of the two bots, `first` and `second`.
    """
    clock = Clock(at(BERLIN, 2, 28, 21))
    async with stage(home / "first", corpus, clock, number=600_000_001) as on:
        organiser, people = gathered(on)
        berlin = on.telegram.group("柏林读书会", organiser, people)
        shanghai = on.telegram.group("上海读书会", organiser, people)
        month = March(on, organiser, people, berlin, shanghai)
        await month.begin()
        await month.live()
        await month.look_back()
        record = Record(on, people, berlin, shanghai, month)
    async with stage(home / "second", corpus, clock, number=600_000_002) as elsewhere:
        await go_on(elsewhere, record)
    return record


def gathered(on: Stage) -> tuple[LocalUser, list[LocalUser]]:
    """The organiser and the members: the same people, whichever bot they talk to."""
    organiser = on.telegram.user("王芳")
    return organiser, [on.telegram.user(f"组员{number:02}") for number in range(MEMBERS)]


async def go_on(on: Stage, record: Record) -> None:
    """The first days of April, with another bot in another group that took it all in."""
    organiser, people = gathered(on)
    group = on.telegram.supergroup("柏林读书会", organiser, people)
    on.telegram.add_bot(group, organiser)
    await on.hear()
    document = record.month.said["/export"].extra["document"]
    content = record.stage.telegram.files["document", document["file_id"]].content
    for _ in range(2):
        before = len(on.telegram.sent(group))
        on.telegram.send_file(group, organiser, "studybot.json", content, caption="/import")
        await on.hear()
        record.taken += on.telegram.sent(group)[before:]
    (record.settings_later,) = await on.say(group, organiser, "/settings")
    await on.at(at(BERLIN, 3, 31, 19))
    for day in range(1, 6):
        await on.at(at(BERLIN, 4, day, 8))
        push = on.last(group, PUSH)
        record.told_later += await on.press_all(push, "今天打卡", people[:1])
        for hour, minute in ((9, 30), (10, 0), (19, 0), (20, 0)):
            await on.at(at(BERLIN, 4, day, hour, minute))
    record.later = on.telegram.sent(group)
