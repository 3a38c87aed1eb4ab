"""From claim to settlement: what happens to a row of the ledger that is to be sent.

Here lives the order of things, which is the whole promise: compose, wait for a turn, write
`sending` with the choice, send once, settle what the answer means. What a row says is
composed elsewhere; what an answer means is read elsewhere; no clock is read here but the
store's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery import send
from bot.delivery.breaker import Breaker
from bot.delivery.cards import Cards
from bot.delivery.choose import Compose, Composed, Note, Skip
from bot.delivery.observer import NOBODY, Observer
from bot.delivery.pace import SHORT_PAUSE, Gate, GiveWay, Go, Sleep
from bot.delivery.together import Together
from bot.errors import StoreError
from bot.model import Cause, Delivery, DeliveryKind, Language, Pace, Script, State
from bot.render import notes
from bot.render.language import speaking
from bot.store import Ready, Store

_log = logging.getLogger(__name__)

TellOwner = Callable[[str], Awaitable[None]]
OwnerSpeaks = Callable[[], Awaitable[tuple[Language, Script]]]
Prepare = Callable[[Sequence[Delivery]], Awaitable[Compose]]

# A lease is renewed while its worker runs, three times before it ends, so its length is
# how long the rows of a dead replica wait. Alone on its database nobody waits for leases (a
# restart takes them over), and a long one bears a database that is locked for a while.
LEASE: Final = timedelta(seconds=60)
LEASE_SHARED: Final = timedelta(seconds=30)
CONCURRENCY: Final = 32
CONCURRENCY_PAID: Final = 100  # as many as the transport has connections

# How long a claimed row waits for its turn here; whoever must wait longer goes back.
_PATIENCE: Final = timedelta(seconds=4)
# Held up for so long between its turn and its sending (the process was stopped, the machine
# slept), a row may be another worker's by now. Far less than a lease.
_STALE_SECONDS: Final = 10.0
_AT_ONCE: Final = timedelta()
# Of a row that a worker began to send and did not live to settle.
_ENDED: Final = Cause.IN_DOUBT.of("the process ended")
_POLL_SECONDS: Final = 1.0
_FINISH_SECONDS: Final = 6.0
_SETTLE_PAUSES_SECONDS: Final = (0.5, 1.0, 2.0)


async def _simplified() -> tuple[Language, Script]:
    return Language.SIMPLIFIED, Script.PRINTED


async def _at_once() -> None:
    """There are no answers to give way to."""


class Worker:
    """Delivers what the ledger holds. Any number may work on one ledger.

    `owner` names this worker in leases, unique among all that ever run at once. `prepare`
    says how each kind of delivery becomes a message. `tell_owner` takes plain text for the
    operator, in the language that `owner_speaks` says (it raises nothing); it may fail with a
    TelegramError, which is logged. `sleep` takes seconds. `answers_first` returns when no answer
    to a person waits for its turn.
    `observer` is told what became of each row, and of each tick by the engine. `cards` sends
    the pictures of what is composed; without it all goes out in words.
    """

    def __init__(
        self,
        store: Store,
        bot: Bot,
        prepare: Mapping[DeliveryKind, Prepare],
        *,
        owner: str,
        pace: Pace,
        tell_owner: TellOwner,
        random: Random,
        sleep: Sleep = asyncio.sleep,
        answers_first: GiveWay = _at_once,
        observer: Observer = NOBODY,
        cards: Cards | None = None,
        owner_speaks: OwnerSpeaks = _simplified,
        concurrency: int | None = None,
        lease: timedelta | None = None,
    ) -> None:
        self.observer = observer
        self._store = store
        self._bot = bot
        self._breaker = Breaker(bot, store.now)
        self._prepare = prepare
        self._cards = cards or Cards(store, None)
        self._owner = owner
        self._pace = pace
        self._gate = Gate(
            store, pace, sleep, answers_first=answers_first, is_closed=lambda: self._is_closed
        )
        self._settling: Together[tuple[Delivery, int], bool] = Together(self._settle_sent)
        self._composing = asyncio.Lock()
        self._handled: set[int] = set()  # ids of the rows in hand
        self._tell_owner = tell_owner
        self._owner_speaks = owner_speaks
        self._random = random
        self._sleep = sleep
        self._concurrency = concurrency or (CONCURRENCY_PAID if pace.is_paid else CONCURRENCY)
        self._lease = lease or (LEASE_SHARED if store.is_shared else LEASE)
        self._is_stopping = False
        # Claimed, and in nobody's hand since the database was away or the gate was closed.
        self._has_left_rows = False

    @property
    def _is_closed(self) -> bool:
        """While nothing more is to be begun."""
        return self._is_stopping or self._breaker.is_open

    # ------------------------------------------------------------------ the loop

    async def run_once(self) -> int:
        """Claim a batch, deliver it, settle it; returns how many rows that were.

        Raises StoreError, and whatever a defect raised in composing (the row is then left
        to its lease, and comes back).
        """
        claimed = await self._claim(self._concurrency)
        tasks = [self._deliver(*one) for one in await self._prepared(claimed)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return len(claimed)

    async def drain(self) -> int:
        """`run_once` until there is nothing to claim; returns how many rows that were."""
        handled = 0
        while rows := await self.run_once():
            handled += rows
        return handled

    async def run(self, stop: asyncio.Event, wake: asyncio.Event) -> None:
        """Deliver until `stop` is set; look at once when `wake` is, else every second.

        Then: nothing more is claimed, what is being sent may finish (6 s at the most), and
        what was claimed and not begun goes back. What is cut off stays `sending`: in doubt.

        On a database that several cannot share, whoever runs is alone (see `Store.office`):
        then what its predecessor held when it died is taken over at once.
        """
        self._is_stopping = False
        if not self._store.is_shared:
            await self._take_over()
        in_flight: set[asyncio.Task[None]] = set()
        stopped = asyncio.create_task(stop.wait())
        renewing = asyncio.create_task(self._renew_leases())
        try:
            while not stop.is_set():
                wake.clear()
                # Claiming by the half keeps the claims few and the line filled.
                if len(in_flight) <= self._concurrency // 2:
                    in_flight |= await self._start(self._concurrency - len(in_flight))
                in_flight = await self._wait(in_flight, stopped, wake)
        finally:
            stopped.cancel()
            await self._finish(in_flight)
            renewing.cancel()

    async def _take_over(self) -> None:
        try:
            if ended := await self._store.take_over(self._owner):
                _log.warning("taking over what another left", extra={"deliveries": ended})
        except StoreError:
            _log.exception("nothing could be taken over; leases will run out")

    async def _renew_leases(self) -> None:
        """Until cancelled, those of the rows that are being handled.

        Those that have run out stay so, as the rows may be others' by now; so do those of rows
        whose handling failed, which come back that way.
        """
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self._store.renew(self._owner, self._lease, tuple(self._handled))
            except StoreError:
                _log.exception("leases were not renewed")

    async def _start(self, free: int) -> set[asyncio.Task[None]]:
        try:
            prepared = await self._prepared(await self._claim(free))
        except StoreError as error:
            # Nothing is sent; the ledger waits for the database.
            _log.error("claiming failed: %s", error)
            self._has_left_rows = True
            return set()
        return {asyncio.create_task(self._deliver(*one)) for one in prepared}

    async def _wait(
        self,
        in_flight: set[asyncio.Task[None]],
        stopped: asyncio.Task[bool],
        wake: asyncio.Event,
    ) -> set[asyncio.Task[None]]:
        """Wait until there may be something to do; returns what is still in flight."""
        woken = asyncio.create_task(wake.wait())
        try:
            done, _ = await asyncio.wait(
                {*in_flight, stopped, woken},
                timeout=_POLL_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            woken.cancel()
        self._see_failures(in_flight & done)
        return in_flight - done

    async def _finish(self, in_flight: set[asyncio.Task[None]]) -> None:
        self._is_stopping = True
        if in_flight:
            done, late = await asyncio.wait(in_flight, timeout=_FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            self._see_failures(done)
        try:
            await self._store.release(self._owner)
        except StoreError:
            _log.exception("leases were not released; they will run out")

    def _see_failures(self, done: set[asyncio.Task[None]]) -> None:
        """A failure is not left unsaid, nor are the rows for which the database was away.

        One whose handling failed otherwise is left to its lease: it would fail again at once.
        """
        for task in done:
            error = None if task.cancelled() else task.exception()
            if isinstance(error, StoreError):
                _log.error("a delivery waits for the database: %s", error)
                self._has_left_rows = True
            elif error is not None:
                _log.error("a delivery failed", exc_info=error)

    async def _claim(self, limit: int) -> Sequence[Delivery]:
        """Rows that are not in hand yet.

        One that is may come back: its lease ran out while this process was stopped, or the
        clock jumped. Who has it in hand goes on with it under the new lease.
        """
        if self._has_left_rows:
            await self._store.release(self._owner)
            self._has_left_rows = False
        if self._breaker.is_open and not await self._breaker.may_close():
            return ()
        if self._breaker.is_on_trial:
            if self._handled:
                return ()
            limit = 1
        claimed = await self._store.claim(self._owner, limit, self._lease)
        mine = [one for one in claimed if one.id not in self._handled]
        for one in mine:
            if one.was_sending and one.state is State.CLAIMED:  # else it is buried, and told then
                self.observer.settled(one, State.RETRY, _ENDED)
        return mine

    # ------------------------------------------------------------------ one row

    async def _prepared(self, claimed: Sequence[Delivery]) -> list[tuple[Delivery, Compose]]:
        """Each row with what composes it."""
        kinds = {one.kind for one in claimed}
        prepared = {
            kind: await self._prepare[kind]([one for one in claimed if one.kind is kind])
            for kind in kinds
        }
        return [(one, prepared[one.kind]) for one in claimed]

    async def _composed(self, delivery: Delivery, compose: Compose) -> Composed | Skip:
        """One at a time: an answer of Telegram that waits to be settled goes first."""
        async with self._composing:
            await asyncio.sleep(0)
            return compose(delivery)

    async def _deliver(self, delivery: Delivery, compose: Compose) -> None:
        self._handled.add(delivery.id)
        try:
            await self._handle(delivery, compose)
        finally:
            self._handled.discard(delivery.id)

    async def _handle(self, delivery: Delivery, compose: Compose) -> None:
        if delivery.state is State.SENDING:
            await self._bury(delivery, _ENDED)
            return
        composed = await self._composed(delivery, compose)
        if isinstance(composed, Skip):
            if await self._store.settle_skipped(delivery, composed.reason):
                self.observer.settled(delivery, State.SKIPPED, composed.reason)
            return
        await self._cards.prepare(composed.part, self._bot)
        ready = Ready(delivery, composed.choice, composed.parts)
        answer = await self._gate.begin(ready, _PATIENCE)
        if isinstance(answer, Go):
            await self._send(answer, composed)
        elif self._is_stopping:
            return  # claimed and not begun: released at the end
        elif self._is_closed:
            self._has_left_rows = True
        elif isinstance(answer, timedelta):
            await self._retry(delivery, answer, delivery.reason or Cause.THROTTLED)
        else:
            # The lease is lost, and then this does nothing; or the bot was thrown out, and
            # then the row is given out again when the chat is back.
            await self._retry(delivery, _AT_ONCE, delivery.reason)

    async def _send(self, go: Go, composed: Composed) -> None:
        begun = go.delivery
        if asyncio.get_running_loop().time() - go.asked_at > _STALE_SECONDS:
            await self._retry(begun, _AT_ONCE, begun.reason)  # not sent: no doubt about it
            return
        outcome = await self._cards.send(
            self._bot,
            composed.part,
            chat_id=begun.chat_id,
            thread_id=begun.thread_id,
            is_silent=begun.may_be_duplicate,
            is_paid=self._pace.is_paid,
        )
        if not isinstance(outcome, send.InDoubt | send.NotSent):
            self._breaker.heard()
        await self._settle(begun, outcome, composed.note)

    async def _settle(
        self, delivery: Delivery, outcome: send.Outcome, note: Note | None = None
    ) -> None:
        """Write what came of it, waiting a while for a database that is away.

        Where it stays away the row stays `sending`: in doubt, which is the truth.
        """
        for pause in _SETTLE_PAUSES_SECONDS:
            try:
                await self._note(delivery, outcome, note)
                return
            except StoreError:
                _log.exception("settling failed", extra={"delivery": delivery.id})
                await self._sleep(pause)
        await self._note(delivery, outcome, note)

    async def _note(self, delivery: Delivery, outcome: send.Outcome, note: Note | None) -> None:
        match outcome:
            case send.Sent():
                await self._sent(delivery, outcome, note)
            case send.NotSent(reason):
                await self._retry(delivery, self._backoff(delivery), Cause.NOT_SENT.of(reason))
            case send.InDoubt(reason):
                await self._doubt(delivery, Cause.IN_DOUBT.of(reason))
            case send.Throttled(retry_after):
                await self._throttle(delivery, retry_after)
            case send.Migrated(new_chat_id):
                await self._store.migrate_chat(delivery.chat_id, new_chat_id)
                has_just_moved = delivery.reason == Cause.MIGRATED
                wait = self._backoff(delivery) if has_just_moved else _AT_ONCE
                await self._retry(delivery, wait, Cause.MIGRATED)
            case send.ChatGone(reason):
                await self._store.deactivate_chat(delivery.chat_id, reason)
                # Open, and given out again only when the chat is back, if that is in time.
                await self._retry(delivery, _AT_ONCE, Cause.CHAT_GONE.of(reason))
            case send.TopicGone():
                assert delivery.thread_id is not None, "only what went to a topic can lose it"
                await self._store.leave_topic(delivery.chat_id, delivery.thread_id)
                await self._retry(delivery, _AT_ONCE, Cause.TOPIC_GONE)
            case send.Rejected(reason):
                await self._bury(delivery, Cause.REJECTED.of(reason))
            case send.Unauthorized(reason):
                await self._halt(delivery, reason)

    async def _sent(self, delivery: Delivery, sent: send.Sent, note: Note | None) -> None:
        if note is not None:
            await note(delivery, sent)
        if await self._settling.do((delivery, sent.message_id)):
            self.observer.settled(delivery, State.SENT, "")

    async def _settle_sent(self, sent: Sequence[tuple[Delivery, int]]) -> Mapping[int, bool]:
        noted = await self._store.settle_all_sent(sent)
        return {at: delivery.id in noted for at, (delivery, _) in enumerate(sent)}

    async def _retry(
        self, delivery: Delivery, wait: timedelta, reason: str, *, in_doubt: bool = False
    ) -> None:
        """Have it sent again, not before `wait` has passed."""
        if delivery.reason == Cause.TOPIC_GONE:
            reason = delivery.reason  # until a message has told it
        now = await self._store.now()
        if await self._store.settle_retry(delivery, now + wait, reason, in_doubt=in_doubt):
            self.observer.settled(delivery, State.RETRY, reason)

    def _backoff(self, delivery: Delivery) -> timedelta:
        return send.backoff(delivery.attempts, self._random)

    async def _doubt(self, delivery: Delivery, reason: str) -> None:
        """Have it sent again, once Telegram is known to answer.

        Else an outage of a few seconds would bring one row after the other in doubt. It is sent
        again once: an API that never replies must not fill a group with copies.
        """
        self._breaker.open_unheard()
        if delivery.may_be_duplicate:
            await self._bury(delivery, reason)
            return
        await self._retry(delivery, self._backoff(delivery), reason, in_doubt=True)

    async def _throttle(self, delivery: Delivery, retry_after: timedelta) -> None:
        """First the pause, which binds the other processes too, then this row."""
        until = await self._store.now() + retry_after
        is_short = retry_after <= SHORT_PAUSE
        await self._store.pause(until, None if is_short else delivery.chat_id)
        await self._retry(delivery, retry_after, Cause.THROTTLED)

    async def _bury(self, delivery: Delivery, reason: str) -> None:
        if not await self._store.settle_dead(delivery, reason):
            return  # another's by now, who tells of it
        self.observer.settled(delivery, State.DEAD, reason)
        _log.error(
            "a delivery is dead",
            extra={"delivery": delivery.id, "chat": delivery.chat_id, "reason": reason},
        )
        title = await self._title(delivery.chat_id)
        await self._tell(lambda: notes.owner_of_dead(delivery, reason, title))

    # ---------------------------------------------------------------- the alarms

    async def _title(self, chat_id: int) -> str:
        """How a group is called, as far as the store can say; of a person nothing is asked."""
        if chat_id > 0:
            return ""
        try:
            chat = await self._store.chat(chat_id)
        except StoreError as error:
            _log.warning("a chat is told by its number alone: %s", error)
            return ""
        return chat.title if chat else ""

    async def _halt(self, delivery: Delivery, reason: str) -> None:
        """Stop all sending: the token is refused. Everything due stays due."""
        is_news = await self._breaker.open_refused()
        try:
            await self._retry(delivery, _AT_ONCE, Cause.UNAUTHORIZED.of(reason))
            await self._store.release(self._owner)
        finally:  # told even if the database is away: what is tried again is no news
            if is_news:
                await self._tell(lambda: notes.owner_of_unauthorized(reason))

    async def _tell(self, write: Callable[[], str]) -> None:
        with speaking(*await self._owner_speaks()):
            text = write()
        try:
            await self._tell_owner(text)
        except TelegramError:
            _log.exception("the owner could not be told")
