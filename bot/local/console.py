"""The person at a terminal: talks to the bot, presses its buttons, moves the clock.

Here live the console's own commands and what is printed after each. The bot behind it is the
real one; it is reached through LocalTelegram's updates and answers through LocalTelegram's
calls, so that nothing here knows what it can do.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console as Terminal
from rich.text import Text

from bot.local.clock import MovableClock
from bot.local.people import InlineQuestion
from bot.local.screen import WIDTH, message_lines, wrap
from bot.local.telegram import Call, LocalTelegram
from bot.local.world import LocalChat, LocalMessage, LocalUser

HELP = """\
直接打字就是对机器人说话；/start 这样的命令也照常发给它。下面这些是控制台自己的：
  3、#3、/press 3、/press 继续阅读    按最近一条消息的按钮
  /vote 2                             答最近一道测验的第 2 项
  /in private、/in group、/in topic   换到私聊、群、群里的话题
  /as member、/as admin、/as anonymous  换成成员、管理员、匿名管理员
  /inline 关键词、/choose 2            在任何聊天里打 @机器人 关键词，选一条发出去
  /clock、/clock +1d、/clock +2h30m、/clock 08:00、/clock 2026-12-01 08:00
                                    看时间、拨时钟（到点的推送会马上出现）
  /where  现在是谁、在哪里、几点      /quit  离开      /?  这份说明"""

_DURATION = re.compile(r"\+(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:\s+(\d{1,2})[:：](\d{2}))?")
_PLACES = {"private": "私聊", "group": "群", "topic": "话题"}
_ROLES = {"member": "成员", "admin": "管理员", "anonymous": "匿名管理员"}
_SHOWN = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendPoll"})
_EDITS = frozenset({"editMessageText", "editMessageReplyMarkup"})


class ConsoleError(Exception):
    """What was typed means nothing; `str()` says so in a sentence with an example."""


@dataclass(frozen=True, slots=True)
class _Place:
    chat: LocalChat
    thread_id: int | None
    name: str


class Console:
    """One person's terminal. Members, an administrator, a group and a forum stand ready.

    `handle` gives one update to the bot and returns when it was handled; `tick` lets what the
    clock has made due happen, and returns when nothing is left to do. `out` is where it prints,
    at most 64 columns wide. Wall times are of `zone`.
    """

    def __init__(
        self,
        telegram: LocalTelegram,
        handle: Callable[[dict[str, Any]], Awaitable[None]],
        tick: Callable[[], Awaitable[None]],
        clock: MovableClock,
        out: Terminal,
        *,
        zone: str = "Asia/Shanghai",
    ) -> None:
        self.clock = clock
        self.zone = ZoneInfo(zone)
        self._telegram = telegram
        self._handle = handle
        self._tick = tick
        self._out = out
        self._width = min(out.width, WIDTH)
        self._seen = len(telegram.calls)
        self._member = telegram.user("李明", username="liming")
        self._admin = telegram.user("王芳", username="wangfang")
        self._places: dict[str, _Place] = {}
        self._role = "member"
        self._where = "private"
        self._question: InlineQuestion | None = None
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "/as": self._become,
            "/in": self._go,
            "/press": self._press,
            "/vote": self._vote,
            "/inline": self._ask_inline,
            "/choose": self._choose,
            "/clock": self._set_clock,
            "/where": self._tell_where,
            "/?": self._tell_help,
        }

    async def run(self, lines: AsyncIterator[str], *, echo: bool = False) -> None:
        """Take lines until they end or one is /quit; with `echo` each is printed, as no
        terminal does it, and there is no prompt.
        """
        self.say(f"打字就是对机器人说话，/? 看说明，/quit 离开。{self._whereabouts()}")
        if not echo:
            self.prompt()
        async for line in lines:
            if line.strip() == "/quit":
                break
            await self.enter(line, echo=echo)
            if not echo:
                self.prompt()

    async def enter(self, line: str, *, echo: bool = False) -> None:
        """Take one line as typed, let everything follow from it, and print that."""
        typed = line.strip()
        if echo:
            self._print(Text(f"{self._person_name()} › {typed}", style="bold yellow"))
        if not typed:
            return
        try:
            await self._take(typed)
            await self._follow()
        except ConsoleError as error:
            self._print(Text(str(error), style="red"))

    def prompt(self) -> None:
        """Show who speaks, for the next line."""
        prompt = Text(f"{self._person_name()}@{_PLACES[self._where]} › ", style="bold yellow")
        self._out.print(prompt, end="", soft_wrap=True)

    def say(self, text: str) -> None:
        """Print a sentence of the console's own (a caption of the tour, a hint)."""
        self._print(Text(text, style="dim"))

    def caption(self, text: str) -> None:
        """Print the heading of a step of the tour."""
        self._out.print()
        self._print(Text(f"● {text}", style="bold magenta"))

    # ------------------------------------------------------------------- what was typed

    async def _take(self, typed: str) -> None:
        word, _, rest = typed.partition(" ")
        command = self._commands.get(word.lower())
        if command:
            await command(rest.strip())
        elif typed.startswith("#") and typed[1:].isdecimal():
            await self._press(typed[1:])
        elif typed.isdecimal() and self._has_button(int(typed)):
            await self._press(typed)
        else:
            self._speak(typed)

    def _speak(self, text: str) -> None:
        place = self._place()
        before = len(self._telegram.updates.pending)
        self._telegram.say(
            place.chat,
            self._person(),
            text,
            thread_id=place.thread_id,
            as_anonymous_admin=self._role == "anonymous",
        )
        if len(self._telegram.updates.pending) == before:
            name = self._telegram.bot.username
            self.say(f"（机器人看不到这句：在群里它只理会命令、回复和 @{name}）")

    async def _become(self, role: str) -> None:
        if role not in _ROLES:
            raise ConsoleError(f"没有“{role}”这个身份，可以是 {'、'.join(_ROLES)}，例如 /as admin")
        if role == "anonymous" and self._where == "private":
            raise ConsoleError("私聊里没有匿名管理员，先到群里去：/in group")
        self._role = role
        self.say(self._whereabouts())

    async def _go(self, where: str) -> None:
        if where not in _PLACES:
            raise ConsoleError(
                f"没有“{where}”这个地方，可以是 {'、'.join(_PLACES)}，例如 /in group"
            )
        self._where = where
        if where == "private" and self._role == "anonymous":
            self._role = "admin"
        self._place()
        self.say(self._whereabouts())

    async def _press(self, which: str) -> None:
        message = self._newest_with_buttons()
        if message is None:
            raise ConsoleError("这里还没有带按钮的消息，先问点什么，例如 /start")
        labels = [button["text"] for button in message.buttons]
        number = self._number(which, labels)
        button = message.buttons[number - 1]
        if "callback_data" not in button:
            address = button.get("url") or button.get("switch_inline_query", "")
            self.say(f"（这个按钮会打开：{address}）")
            return
        self._telegram.press(message.chat, message.id, number - 1, self._person())

    def _number(self, which: str, labels: list[str]) -> int:
        named = [at for at, label in enumerate(labels, 1) if which and which in label]
        if which.isdecimal() and 1 <= int(which) <= len(labels):
            return int(which)
        if named and not which.isdecimal():
            return named[0]
        choices = "、".join(f"{at} {label}" for at, label in enumerate(labels, 1))
        raise ConsoleError(f"没有按钮“{which}”，有的是：{choices}。例如 /press 1")

    async def _vote(self, which: str) -> None:
        place = self._place()
        polls = [
            one
            for one in self._telegram.sent(place.chat)
            if "poll" in one.extra and one.thread_id == place.thread_id
        ]
        if not polls:
            raise ConsoleError("这里还没有测验，先出一题，例如 /quiz")
        try:
            self._telegram.vote(place.chat, polls[-1].id, int(which or "0") - 1, self._person())
        except ValueError:
            raise ConsoleError(
                f"不能选“{which}”：没有这一项，或者已经答过了。例如 /vote 2"
            ) from None
        self._show_message(polls[-1], is_edit=False)

    async def _ask_inline(self, text: str) -> None:
        self._question = self._telegram.inline(self._person(), text)

    async def _choose(self, which: str) -> None:
        if self._question is None:
            raise ConsoleError("还没有可选的，先问，例如 /inline 新质生产力")
        try:
            chosen = self._telegram.choose(
                self._question, int(which or "1") - 1, self._place().chat
            )
        except ValueError:
            raise ConsoleError(f"没有第“{which}”条，例如 /choose 1") from None
        self._show_message(chosen, is_edit=False)

    async def _set_clock(self, to: str) -> None:
        if to:
            self.clock.set(self._moment(to))
        now = self._local_now()
        self.say(f"🕗 现在是 {now:%Y-%m-%d} {'周' + '一二三四五六日'[now.weekday()]} {now:%H:%M}")

    def _moment(self, to: str) -> datetime:
        """The moment a person means by `+1d`, `08:00` or `2026-12-01 08:00`."""
        now = self._local_now()
        found = _DURATION.fullmatch(to)
        if found and any(found.groups()):
            days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
            return self.clock() + timedelta(
                days=days, hours=hours, minutes=minutes, seconds=seconds
            )
        if found := _TIME.fullmatch(to):
            at = time(int(found[1]), int(found[2]))
            today = datetime.combine(now.date(), at, self.zone)
            return today if today > now else datetime.combine(_after(now.date()), at, self.zone)
        if found := _MOMENT.fullmatch(to):
            year, month, day, hour, minute = (int(group or 0) for group in found.groups())
            try:
                return datetime(year, month, day, hour, minute, tzinfo=self.zone)
            except ValueError:
                raise ConsoleError(f"没有“{to}”这个时刻，例如 /clock 2026-12-01 08:00") from None
        raise ConsoleError(f"看不懂时间“{to}”，例如 /clock +1d、/clock 08:00")

    async def _tell_where(self, _: str) -> None:
        self.say(self._whereabouts())

    async def _tell_help(self, _: str) -> None:
        self._out.print(Text(HELP), soft_wrap=True)

    # ---------------------------------------------------------------- what follows of it

    async def _follow(self) -> None:
        """Let the bot handle what happened and what is due, then print what it did."""
        while updates := self._telegram.updates.collect():
            for update in updates:
                await self._handle(update)
        await self._tick()
        calls = self._telegram.calls[self._seen :]
        self._seen += len(calls)
        self._show(calls)

    def _show(self, calls: list[Call]) -> None:
        """Print what came of the calls; a message that changed meanwhile once, as it is now."""
        messages = {id(one): call for call in calls if (one := self._message_of(call))}
        sent = {id(self._message_of(call)) for call in calls if call.method in _SHOWN}
        for call in calls:
            message = self._message_of(call)
            if not call.ok:
                why = call.response["description"]
                self._print(Text(f"（Telegram 拒绝了 {call.method}：{why}）", style="red"))
            elif message and messages[id(message)] is call and not message.is_deleted:
                self._show_message(message, is_edit=id(message) not in sent)
            elif call.method == "answerInlineQuery":
                self._show_offer()
            elif call.method == "answerCallbackQuery" and call.params.get("text"):
                self._print(Text(f"💬 {call.params['text']}", style="bold"))
            elif call.method == "answerCallbackQuery" and call.params.get("url"):
                _, _, payload = call.params["url"].partition("?start=")
                self._print(Text(f"🔗 打开私聊，发送 /start {payload}", style="bold"))
            elif call.method == "deleteMessage":
                self.say("（删去了一条消息）")

    def _message_of(self, call: Call) -> LocalMessage | None:
        if call.method in _SHOWN or call.method in _EDITS:
            return self._telegram.message_of(call)
        return None

    def _show_offer(self) -> None:
        """The list above the message field, as it is while somebody types `@bot …`."""
        answer = self._question.answer if self._question else None
        if not answer:
            return
        if "button" in answer:
            self._print(Text(f"［{answer['button']['text']}］", style="cyan"))
        for number, result in enumerate(answer["results"], 1):
            self._print(Text(f"{number}. {result['title']}", style="bold"))
            self._print(Text(f"   {result.get('description', '')}", style="dim"))
        if not answer["results"]:
            self.say("（没有可选的）")

    def _show_message(self, message: LocalMessage, *, is_edit: bool) -> None:
        at = (message.edited_at or message.sent_at).astimezone(self.zone)
        via_bot = message.sender != self._telegram.bot and "via_bot" in message.extra
        name = f"{self._person_name()} 经由 " if via_bot else ""
        head = Text(name + self._telegram.bot.first_name, style="bold green")
        place = self._place()
        if message.chat is not place.chat or message.thread_id != place.thread_id:
            head.append(f" → {self._name_of(message)}", style="green")
        head.append(f"  {at:%H:%M}{'（改）' if is_edit else ''}", style="dim")
        self._print(head)
        for line in message_lines(message, self._width - 2):
            self._out.print(Text("  ") + line if line else line, soft_wrap=True)

    def _print(self, text: Text) -> None:
        for row in text.split("\n", allow_blank=True):
            for line in wrap(row, self._width):
                self._out.print(line, soft_wrap=True)

    # -------------------------------------------------------------------- who and where

    def _person(self) -> LocalUser:
        return self._member if self._role == "member" else self._admin

    def _person_name(self) -> str:
        return "匿名管理员" if self._role == "anonymous" else self._person().name

    def _place(self) -> _Place:
        """Where the person is now; groups come into being when they are first entered."""
        if self._where == "private":
            chat = self._telegram.private(self._person())
            return _Place(chat, None, "私聊")
        if self._where not in self._places:
            self._places[self._where] = self._found_group(is_forum=self._where == "topic")
        return self._places[self._where]

    def _found_group(self, *, is_forum: bool) -> _Place:
        title = "读书会·话题群" if is_forum else "党支部学习群"
        chat = self._telegram.supergroup(title, self._admin, [self._member], is_forum=is_forum)
        self._telegram.add_bot(chat, self._admin)
        if not is_forum:
            return _Place(chat, None, title)
        name = "每日一语"
        return _Place(chat, self._telegram.topic(chat, name, self._admin), f"{title} # {name}")

    def _name_of(self, message: LocalMessage) -> str:
        for place in self._places.values():
            if place.chat is message.chat and place.thread_id == message.thread_id:
                return place.name
        return (
            message.chat.title or f"与{message.chat.user.name if message.chat.user else ''}的私聊"
        )

    def _whereabouts(self) -> str:
        role = _ROLES[self._role]
        who = (
            self._person_name() if self._role == "anonymous" else f"{self._person().name}（{role}）"
        )
        return f"你是{who}，在{self._place().name}；{self._local_now():%m月%d日 %H:%M}。"

    def _local_now(self) -> datetime:
        return self.clock().astimezone(self.zone)

    def _has_button(self, number: int) -> bool:
        message = self._newest_with_buttons()
        return message is not None and 1 <= number <= len(message.buttons)

    def _newest_with_buttons(self) -> LocalMessage | None:
        place = self._place()
        here = [
            one
            for one in self._telegram.sent(place.chat)
            if one.buttons and one.thread_id == place.thread_id
        ]
        return here[-1] if here else None


async def typed_lines() -> AsyncIterator[str]:
    """The lines of standard input as they are typed, until it ends."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        line = "start"
        while line:
            line = sys.stdin.readline()
            loop.call_soon_threadsafe(queue.put_nowait, line)

    # A daemon: a thread that waits for a line must not keep the program from ending.
    threading.Thread(target=read, name="typed-lines", daemon=True).start()
    while line := await queue.get():
        yield line.rstrip("\n")


def _after(on: date) -> date:
    return on + timedelta(days=1)
