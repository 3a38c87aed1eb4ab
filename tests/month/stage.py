"""A bot wired as in production over real HTTP, in a time that stands until a test moves it.

Here live the clock, one bot's Telegram with what can be done in it, and the processes of that
bot, which can be dropped and started anew. What happens in a month is `march`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app.library import Library, open_library
from bot.app.service import Studybot, wired
from bot.chat import register
from bot.config import Settings
from bot.delivery.transport import AiohttpRequest
from bot.local.flood import FloodRule
from bot.local.people import Press
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage, LocalUser
from tests.bot_api_server import BotApiServer

_POLL_SECONDS = 20
_BREATH = timedelta(seconds=3)
_RESTART = timedelta(seconds=10)
_PROCESS = "the process of the bot"


class Clock:
    """The time of a month. Whoever sleeps in it wakes when it has been moved that far."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._sleepers: dict[asyncio.Task[None], tuple[datetime, asyncio.Event]] = {}
        self._lain_down = asyncio.Event()

    def __call__(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        me = asyncio.current_task()
        assert me is not None
        woken = asyncio.Event()
        self._sleepers[me] = self.at + timedelta(seconds=seconds), woken
        self._lain_down.set()
        try:
            await woken.wait()
        finally:
            self._sleepers.pop(me, None)

    def sleeps(self, task: asyncio.Task[None]) -> bool:
        return task in self._sleepers

    def next_alarm(self, *, unless: Iterable[asyncio.Task[None]] = ()) -> datetime | None:
        """When the first wakes of those who sleep and are not named."""
        asleep = self._sleepers.keys() - set(unless)
        return min((self._sleepers[one][0] for one in asleep), default=None)

    def somebody_sleeps(self) -> asyncio.Task[bool]:
        """Done when somebody lies down after this moment, however many sleep already."""
        self._lain_down.clear()
        return asyncio.create_task(self._lain_down.wait())

    def move(self, to: datetime) -> None:
        """To this moment (aware); back as well."""
        self.at = to
        for task, (at, woken) in list(self._sleepers.items()):
            if at <= to:
                del self._sleepers[task]
                woken.set()


@dataclass
class Stage:
    """One bot and its Telegram. `studybot` is its process of the moment."""

    clock: Clock
    telegram: LocalTelegram
    server: BotApiServer
    settings: Settings
    store_url: str
    library: Library
    drops: int = 0
    _polls: bool = True
    _studybot: Studybot | None = None
    _life: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def studybot(self) -> Studybot:
        assert self._studybot is not None, "a process runs"
        return self._studybot

    # ------------------------------------------------------------------ processes

    async def start(self, *, polls: bool = True) -> None:
        """A process of the bot begins; without `polls` it only delivers."""
        self._polls = polls
        begun = asyncio.Event()
        self._life = asyncio.create_task(self._live(begun, polls=polls), name=_PROCESS)
        waits = {self._life, asyncio.create_task(begun.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if self._life.done():
            self._life.result()

    async def drop(self) -> None:
        """The process ends where it stands: nothing is finished, confirmed or given back."""
        assert self._life is not None
        for task in (mine := {one for one in asyncio.all_tasks() if _is_of_bot(one)}):
            task.cancel()
        await asyncio.wait(mine | {self._life})
        self._studybot = None
        self.drops += 1
        # The next begins a little later; what this one had begun is then given up.
        self.clock.move(self.clock.at + _RESTART)

    async def _live(self, begun: asyncio.Event, *, polls: bool) -> None:
        requests = (AiohttpRequest(), AiohttpRequest(connection_pool_size=1))
        try:
            async with wired(
                self.settings,
                token=self.telegram.token,
                requests=requests,
                store_url=self.store_url,
                library=self.library,
                clock=self.clock,
                sleep=self.clock.sleep,
            ) as self._studybot:
                application = self._studybot.application
                await application.initialize()
                await application.start()
                self._studybot.boards.wake()
                if polls:
                    assert application.updater is not None
                    await application.updater.start_polling(
                        timeout=_POLL_SECONDS, allowed_updates=register.ALLOWED_UPDATES
                    )
                begun.set()
                await asyncio.Event().wait()
        finally:
            # Not a dying process's doing, but this one goes on.
            for request in requests:
                await request.shutdown()

    # ------------------------------------------------------------------ time

    async def at(self, moment: datetime) -> None:
        """Let it be this moment: all that is due by then has been sent and shown."""
        await self.settle()
        self.clock.move(max(moment, self.clock.at))
        await self.through(self.studybot.catch_up())
        await self.settle()

    async def settle(self) -> None:
        """Let the bot handle every update there is, and show every tap."""
        await self.hear()
        while any(not task.done() for task in _of_boards()):
            await self._boards_rest()
            alarm = self.clock.next_alarm()
            if alarm is not None:
                self.clock.move(max(alarm, self.clock.at))
            await asyncio.sleep(0)

    async def hear(self) -> None:
        """Let the bot handle every update there is, if it asks for any.

        Time passes only as answers wait for their turn.
        """
        if self._polls:
            await self._through(self._heard(), unless=_of_boards)

    async def _heard(self) -> None:
        updates = self.telegram.updates
        await self.telegram.until(lambda: not updates.pending)
        await self.studybot.application.update_queue.join()

    async def through(self, doing: Coroutine[None, None, None]) -> None:
        """Let time pass as long as that needs: who waits for a turn sleeps in our clock."""
        await self._through(doing, unless=lambda: ())

    async def _through(
        self,
        doing: Coroutine[None, None, None],
        *,
        unless: Callable[[], Iterable[asyncio.Task[None]]],
    ) -> None:
        task = asyncio.create_task(doing)
        while not task.done():
            if self.clock.next_alarm(unless=unless()) is None:
                lying_down = self.clock.somebody_sleeps()
                await asyncio.wait({task, lying_down}, return_when=asyncio.FIRST_COMPLETED)
                await _given_up(lying_down)
            await self._boards_rest()
            alarm = self.clock.next_alarm(unless=unless())
            if not task.done() and alarm is not None:
                self.clock.move(max(alarm, self.clock.at))
                await asyncio.sleep(0)  # whoever was woken gets up
        await task

    async def _boards_rest(self) -> None:
        """Wait until no message is just being edited."""
        while working := {
            one for one in _of_boards() if not one.done() and not self.clock.sleeps(one)
        }:
            lying_down = self.clock.somebody_sleeps()
            await asyncio.wait({*working, lying_down}, return_when=asyncio.FIRST_COMPLETED)
            await _given_up(lying_down)

    # ------------------------------------------------------------------ people

    async def say(self, chat: LocalChat, who: LocalUser, text: str) -> list[LocalMessage]:
        """Somebody takes a breath and writes; what comes back."""
        self.clock.move(self.clock.at + _BREATH)
        before = len(self.telegram.sent(chat))
        self.telegram.say(chat, who, text)
        await self.hear()
        return self.telegram.sent(chat)[before:]

    def press(self, message: LocalMessage, label: str, who: LocalUser) -> Press:
        """Somebody presses the first button whose label begins so; nobody has answered yet."""
        data = next(
            one["callback_data"] for one in message.buttons if one["text"].startswith(label)
        )
        return self.telegram.press(message.chat, message.id, data, who)

    async def press_all(
        self, message: LocalMessage, label: str, people: list[LocalUser]
    ) -> list[str]:
        """All of them press at once; what each is told."""
        presses = [self.press(message, label, one) for one in people]
        await self.settle()
        return [str((one.answer or {}).get("text", "(never)")) for one in presses]

    def last(self, chat: LocalChat, words: str) -> LocalMessage:
        """The bot's newest message there with these words."""
        found = [one for one in self.telegram.sent(chat) if words in one.text]
        assert found, f"nothing there says {words}"
        return found[-1]


async def _given_up(task: asyncio.Task[bool]) -> None:
    task.cancel()
    await asyncio.wait({task})


def _is_of_bot(task: asyncio.Task[object]) -> bool:
    """True for every task of the bot, or of the library under it, but not of its Telegram."""
    code = getattr(task.get_coro(), "cr_code", None)
    file = code.co_filename if code is not None else ""
    is_ours = "/bot/" in file and "/bot/local/" not in file
    return is_ours or "/telegram/" in file or task.get_name() == _PROCESS


def _of_boards() -> Iterator[asyncio.Task[None]]:
    for task in asyncio.all_tasks():
        coroutine = task.get_coro()
        if getattr(coroutine, "__qualname__", "") == "Boards._run":
            yield task


@asynccontextmanager
async def stage(
    home: Path, corpus: Path, clock: Clock, *, number: int, store_url: str = ""
) -> AsyncIterator[Stage]:
    """A Telegram over HTTP and a bot in it, with settings as an operator writes them."""
    telegram = LocalTelegram(
        f"{number}:{'month' * 7}",
        clock=clock,
        time=lambda: clock.at.timestamp(),
        flood=FloodRule(),
    )
    async with BotApiServer(telegram) as server:
        settings = Settings.model_validate(
            {
                "data_dir": home,
                "corpus_dirs": [corpus],
                "telegram": {"base_url": server.base_url},
            }
        )
        url = store_url or f"sqlite:///{home / 'studybot.sqlite3'}"
        made = Stage(clock, telegram, server, settings, url, open_library(settings))
        await made.start()
        try:
            yield made
        finally:
            await made.drop()


def at(zone: str, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 by the clocks of this zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))
