"""The bot: its parts put together, and running them until they are told to stop.

Here live the wiring of one process and its life from start to signal. What a handler, a
worker or an engine does is in its own room.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken, NetworkError
from telegram.ext import Application, ContextTypes
from telegram.request import BaseRequest

from bot.app.agendas import agendas
from bot.app.clock import StoreClock
from bot.app.fonts import chinese_font, chinese_serif
from bot.app.library import Library, open_library
from bot.app.listener import Listener
from bot.app.quizzes import questions_of
from bot.app.reloading import LibraryInForce, Reloading, open_settled
from bot.app.rivals import Rivals
from bot.app.staging import Staging
from bot.app.updates import (
    Elected,
    Insistent,
    Polling,
    Unhurried,
    forgetting,
    keeping_webhook,
    webhook_of,
)
from bot.app.watching import Watch, telling_deaf, watching
from bot.chat import errors, register
from bot.chat.boards import Boards
from bot.chat.context import App, Context, Services, install
from bot.chat.limits import Limits
from bot.chat.order import OneAtATimeInAChat
from bot.config import Settings, choose_durations, read_settings
from bot.delivery import plan
from bot.delivery.answers import AnswersInTurn
from bot.delivery.cards import Cards
from bot.delivery.choose import Pushes
from bot.delivery.embedded import Embedded
from bot.delivery.engine import Engine
from bot.delivery.parts import Parts
from bot.delivery.quiz import Quizzing
from bot.delivery.remind import Reminding
from bot.delivery.transport import AiohttpRequest
from bot.delivery.weekly import WeeklyBoards
from bot.delivery.worker import Worker
from bot.errors import ConfigError, StudybotError
from bot.logs import ChatNames, start_logging
from bot.model import Corpus, DeliveryKind, Pace
from bot.store import BOT_OFFICE, Office, Store, open_store
from bot.study.choice import Nearest
from bot.study.quiz import Questions
from bot.watch.watchman import Watchman

_log = logging.getLogger(__name__)

# A thread that only computes (preparing loose queries, drawing) may keep the others waiting
# this long. A transaction runs in a thread of the store, and Python's usual 5 ms would make what
# was sent wait to be noted several times as long as it should.
_SWITCH_SECONDS = 0.0005

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
# Longer than a call to Telegram may take; the rest of ten seconds is the interpreter's.
_STOP_SECONDS = 6.5

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Studybot:
    """One bot, wired. `application` answers people, `worker` delivers what `store` holds.

    `watch` looks after both, `reloading` takes up a changed corpus, `boards` shows what
    people tap, `insistent` carries the polling by `rivals`.
    """

    store: Store
    application: App
    worker: Worker
    watch: Watch
    reloading: Reloading
    boards: Boards
    rivals: Rivals
    insistent: Insistent

    async def handle(self, update: dict[str, object]) -> None:
        """Answer one update, given as the Bot API's JSON; returns when it has been handled."""
        read = Update.de_json(update, self.application.bot)
        await self.application.process_update(read)

    async def catch_up(self) -> None:
        """Plan what is due by the store's clock and deliver it all."""
        while await plan.tick(self.store) or await self.worker.drain():
            pass


@asynccontextmanager
async def wired(
    settings: Settings,
    *,
    token: str,
    requests: tuple[BaseRequest, BaseRequest],
    store_url: str,
    library: Library | None = None,
    clock: Clock | None = None,
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Studybot]:
    """The bot of these settings; its store is closed afterwards.

    `requests` carry the calls and the long polling. All go by one clock: by `clock`, or
    without one by the store's own. Raises CorpusError and StoreError.
    """
    choose_durations()
    in_force = LibraryInForce(library or open_library(settings), lambda: open_settled(settings))
    store = await open_store(store_url, clock=clock)
    store_clock = StoreClock(store)
    try:
        pace = _pace(settings)
        in_turn = AnswersInTurn(store, pace, sleep)
        if clock is None:
            await store_clock.start()
        now = clock or store_clock
        rivals = Rivals(requests[1], are_replicas=store.is_shared, sleep=sleep)
        insistent = Insistent(rivals, now, sleep)
        application = _application(settings, token, (requests[0], insistent), store, in_turn)
        watch = watching(settings, store, application, insistent, in_force.current, now)
        reloading = Reloading(settings, store, in_force, watch.troubles)
        boards = Boards(
            store,
            application.bot,
            agendas(in_force.current),
            lambda: in_force.current()[0],
            sleep,
        )
        services = _services(settings, store, in_force, now, watch, reloading)
        show_menu = partial(register.show_menu, application.bot)
        services = replace(services, wake_boards=boards.wake, show_menu=show_menu)
        install(application, services)
        # What the worker sends has its turn already, so its bot asks nobody for one.
        bot = Bot(
            token,
            settings.telegram.base_url,
            request=requests[0],
            get_updates_request=requests[1],
        )
        worker = _worker(store, in_force, bot, pace, sleep, in_turn, watch, services.questions)
        try:
            yield Studybot(store, application, worker, watch, reloading, boards, rivals, insistent)
        finally:
            await boards.stop()
    finally:
        await store_clock.stop()
        await store.close()


def _pace(settings: Settings) -> Pace:
    pacing = settings.pacing
    return Pace(
        overall_per_second=pacing.overall_per_second,
        private_interval=timedelta(seconds=pacing.private_interval_seconds),
        group_interval=timedelta(seconds=pacing.group_interval_seconds),
    )


def _application(
    settings: Settings,
    token: str,
    requests: tuple[BaseRequest, BaseRequest],
    store: Store,
    in_turn: AnswersInTurn,
) -> App:
    calls, polling = requests
    waiting: asyncio.Queue[object] = asyncio.Queue()
    application: App = (
        Application.builder()
        .token(token)
        .base_url(settings.telegram.base_url)
        .base_file_url(f"{settings.telegram.base_url.removesuffix('/bot')}/file/bot")
        .rate_limiter(in_turn)
        .request(calls)
        .get_updates_request(Unhurried(polling, waiting.join))
        .update_queue(waiting)
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(OneAtATimeInAChat(store))
        .build()
    )
    application.add_handlers(register.handlers())
    application.add_error_handler(errors.tell)
    return application


def _services(
    settings: Settings,
    store: Store,
    in_force: LibraryInForce,
    clock: Clock,
    watch: Watch,
    reloading: Reloading,
) -> Services:
    return Services(
        store=store,
        library=in_force.current,
        clock=clock,
        default_zone=settings.zone,
        default_push_at=settings.push.at,
        grace=timedelta(hours=settings.push.grace_hours),
        owner_id=settings.owner_id,
        font=chinese_font(),
        limits=Limits(
            person_per_minute=settings.limits.person_per_minute,
            chat_per_minute=settings.limits.chat_per_minute,
            owner_id=settings.owner_id,
        ),
        answered=watch.metrics.answered,
        reload=reloading.reload,
        questions=questions_of(in_force.current),
        booklets=Staging(settings, reloading.reload).booklets,
    )


def _worker(
    store: Store,
    in_force: LibraryInForce,
    bot: Bot,
    pace: Pace,
    sleep: Sleep,
    in_turn: AnswersInTurn,
    watch: Watch,
    questions: Callable[[], Questions],
) -> Worker:
    def near() -> tuple[Corpus, Nearest]:
        corpus, index = in_force.current()
        return corpus, index.nearest

    cards = Cards(store, chinese_serif())
    pushes = Pushes(store, near, cards)
    reminding = Reminding(store, agendas(in_force.current))
    weekly_boards = WeeklyBoards(store)
    parts = Parts(store, lambda: in_force.current()[0])
    return Worker(
        store,
        bot,
        {
            DeliveryKind.PUSH: pushes.prepare,
            DeliveryKind.REMINDER: reminding.prepare,
            DeliveryKind.QUIZ: Quizzing(store, questions).prepare,
            DeliveryKind.BOARD: weekly_boards.prepare,
            DeliveryKind.PART: parts.prepare,
        },
        owner=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}",
        pace=pace,
        tell_owner=watch.owner.tell_soon,
        owner_speaks=watch.owner.speaks,
        random=SystemRandom(),
        sleep=sleep,
        answers_first=in_turn.first,
        observer=watch.metrics,
        cards=cards,
    )


# ------------------------------------------------------------------------ running


def run(config: Path | None) -> None:
    """Run the bot until SIGINT or SIGTERM. Raises StudybotError when it cannot go on."""
    settings = read_settings(config)
    token = settings.telegram.token.get_secret_value()
    if not token:
        raise ConfigError(
            "there is no bot token; get one from @BotFather and set TELEGRAM_BOT_TOKEN, "
            "or TELEGRAM_BOT_TOKEN_FILE with the path of a file that holds it. "
            "To try studybot without one: studybot chat"
        )
    names = ChatNames()
    start_logging(settings.logging.level, settings.logging.format, names=names)
    sys.setswitchinterval(_SWITCH_SECONDS)
    asyncio.run(_run(settings, token, names))


async def _run(settings: Settings, token: str, names: ChatNames) -> None:
    requests = (AiohttpRequest(), AiohttpRequest(connection_pool_size=1))
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    # Until there is something to reload, the signal must not end the process.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: None)
    library = open_library(settings)
    async with (
        wired(
            settings, token=token, requests=requests, store_url=settings.store_url, library=library
        ) as studybot,
        _office(studybot.store) as office,
    ):
        names.use(await studybot.store.installation_key())
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, studybot.reloading.ask)
        warming = asyncio.create_task(asyncio.to_thread(library[1].warm))
        warming.add_done_callback(_log_failure)
        warming.add_done_callback(lambda _: gc.freeze())
        gc.collect()
        gc.freeze()  # all this stays: to look through it for garbage takes 80 ms each time
        # Before Telegram is reached, for who asks in the meantime why nothing is answered.
        async with _listening(settings, studybot) as listener:
            if not await _reach_telegram(studybot.application, stop):
                return
            try:
                await _serve(settings, studybot, office, stop, listener)
            finally:
                if not studybot.application.running:  # else it was not finished in time
                    await studybot.application.shutdown()


@asynccontextmanager
async def _listening(settings: Settings, studybot: Studybot) -> AsyncIterator[Listener]:
    """The listener with all that is asked over HTTP; it listens if the settings say so."""
    listener = Listener(settings.listen.host, settings.listen.port)
    listener.add_routes(studybot.watch.routes)
    if settings.updates == "webhook":
        listener.add_routes(webhook_of(settings, studybot.application).routes())
    try:
        if settings.listen.port:
            await listener.start()
        yield listener
    finally:
        await listener.stop()


@asynccontextmanager
async def _office(store: Store) -> AsyncIterator[Office]:
    """The office of seeing to the updates; on SQLite also that of running at all."""
    office = store.office(BOT_OFFICE)
    if not store.is_shared and not await office.take():
        raise StudybotError(
            "another studybot is running on this database; stop it first, or give this one "
            "a data_dir of its own (several can share a PostgreSQL database)"
        )
    try:
        yield office
    finally:
        await office.leave()


def _log_failure(warming: asyncio.Task[None]) -> None:
    if not warming.cancelled() and (error := warming.exception()):
        _log.error("loose queries could not be prepared", exc_info=error)


async def _reach_telegram(application: App, stop: asyncio.Event) -> bool:
    """Connect, however long the network is away; false when stopped meanwhile."""
    pause = _FIRST_PAUSE_SECONDS
    while not stop.is_set():
        try:
            await application.initialize()
            return True
        except InvalidToken:
            raise StudybotError(
                "Telegram refuses the bot token; compare TELEGRAM_BOT_TOKEN with what "
                "@BotFather shows under API Token"
            ) from None
        except NetworkError as error:
            _log.warning("Telegram cannot be reached: %s; next try in %.0f s", error, pause)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    return False


async def _serve(
    settings: Settings,
    studybot: Studybot,
    office: Office,
    stop: asyncio.Event,
    listener: Listener,
) -> None:
    application = studybot.application
    if settings.updates == "webhook":
        duty = keeping_webhook(settings, studybot.store, application)
    else:
        duty = Polling(
            application,
            settings.telegram.poll_seconds,
            studybot.rivals,
            studybot.insistent,
            telling_deaf(settings, studybot.watch.owner),
        ).do
    elected = Elected(office, duty, forgetting(studybot.store))
    engine = await _engine(settings, studybot)
    watchman, reloading = studybot.watch.watchman, studybot.reloading

    await register.show_menus(application.bot)
    try:
        await application.start()
        studybot.boards.wake()
        elected.start()
        await engine.start()
        watchman.start()
        reloading.start()
        _log.info("ready", extra={"bot": application.bot.username})
        await _stopped(stop, engine, elected, studybot.rivals)
    finally:
        _log.info("stopping")
        studybot.store.hurry()
        await _wind_down(application, listener, elected, engine, watchman, reloading)


async def _engine(settings: Settings, studybot: Studybot) -> Engine:
    if settings.engine == "embedded":
        return Embedded(studybot.store, studybot.worker)
    await studybot.store.upgrade_jobs()
    # Only here: one process on SQLite has no Procrastinate, and needs none.
    from bot.delivery.distributed import Distributed

    return Distributed(studybot.store, studybot.worker)


async def _stopped(stop: asyncio.Event, *parts: Engine | Elected | Rivals) -> None:
    """Return when told to stop, or raise what stopped a part."""
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
    waits += [asyncio.create_task(part.wait()) for part in parts]
    done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    for task in done:
        task.result()


async def _wind_down(
    application: App, *parts: Listener | Elected | Engine | Watchman | Reloading
) -> None:
    """Take nothing new, let what is begun finish, give back what is not: within 10 s.

    What is cut off then is known to the ledger, or is given out again by Telegram.
    """
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await asyncio.gather(*(part.stop() for part in parts))
            if application.running:
                await application.stop()
    except TimeoutError:
        _log.warning("not everything was finished in time")
