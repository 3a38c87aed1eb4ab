"""Messages that show what people tap, edited as they do: all taps together, not each.

Those of sessions show who takes part; pushes show how many have checked in for the day.

Here lives the one task that edits them. What a message is behind with stands in the store,
so a tap that was noted is shown whatever becomes of this process; when it may be edited is
decided by `study.attendance`. Replicas share the work: each edit is taken first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import StoreError
from bot.model import Agenda, Answer, Board, Choice, Corpus, NoticeRole, ReminderState
from bot.render import parts, push
from bot.render import sessions as words
from bot.render.keyboard import markup
from bot.render.language import speaking
from bot.render.split import split
from bot.store import Store
from bot.study import recurrence, turns
from bot.study.attendance import BETWEEN_EDITS, count, editable, left
from bot.study.reading_plan import missed_before

_log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 50
_NETWORK_REST: Final = timedelta(seconds=30)


class Boards:
    """Keeps those messages up to date. `sleep` takes seconds; `agendas` a theme and a turn.

    `corpus` gives the one in force: a push's other buttons lead into it.
    """

    def __init__(
        self,
        store: Store,
        bot: Bot,
        agendas: Callable[[str, int], Agenda | None],
        corpus: Callable[[], Corpus],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._bot = bot
        self._agendas = agendas
        self._corpus = corpus
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        self._is_called = False

    def wake(self) -> None:
        """Have everything shown that is not; returns at once. To be called after a tap, and

        once at start, for what the process before this one left behind.
        """
        self._is_called = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Edit nothing more. What is not shown yet stays noted."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while self._is_called:
            self._is_called = False
            try:
                wait = await self.show()
            except StoreError:
                _log.exception("who takes part cannot be shown; the next tap tries again")
                return
            if wait is not None:
                self._is_called = True
                await self._sleep(wait.total_seconds())

    async def show(self) -> timedelta | None:
        """Edit what may be edited now; how long until more may be, None when all is shown."""
        while True:
            behind = await self._store.boards_behind(_MOST_AT_ONCE)
            ready, wait = editable(behind, await self._store.now())
            if not ready:
                return wait
            for board in ready:
                taken = await self._store.take_board(board, BETWEEN_EDITS)
                if taken is not None:
                    await self._show(taken)

    async def _show(self, board: Board) -> None:
        chat = await self._store.chat(board.chat_id)
        if chat is None:
            await self._store.drop_board(board)
            return
        try:
            with speaking(chat.language, chat.script):
                is_there = await self._edit(board)
        except TelegramError as error:
            await self._failed(board, error)
        else:
            if is_there:
                await self._store.settle_board(board, BETWEEN_EDITS)
            else:
                await self._store.drop_board(board)

    async def _edit(self, board: Board) -> bool:
        """Bring the message up to date; false when what it shows is no more."""
        if board.plan_id is None and board.pushed_on is not None:
            await self._edit_push(board, board.pushed_on)
            return True
        is_part = board.plan_id is not None
        answer = await self._part(board) if is_part else await self._answer(board)
        if answer is None:
            return False
        await self._bot.edit_message_text(
            split(answer.text)[0],
            chat_id=board.chat_id,
            message_id=board.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(answer.buttons),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return True

    async def _part(self, board: Board) -> Answer | None:
        """The message of a part of a reading plan; None when the plan is no more."""
        assert board.plan_id is not None, "the board of a part"
        plan = await self._store.reading_plan(board.plan_id)
        if plan is None or board.part is None:
            return None
        read = (await self._store.parts_read(plan.id)).get(board.part, 0)
        missed_on = await self._store.parts_missed(board.chat_id)
        return parts.part(
            plan,
            board.part,
            self._corpus(),
            on=board.pushed_on,
            read=read,
            is_group=True,
            missed=missed_before(plan, board.part, missed_on),
        )

    async def _edit_push(self, board: Board, on: date) -> None:
        """How many have checked in, on the button; the other buttons as they were."""
        counts = await self._store.check_in_counts(board.chat_id, on, on)
        sent = await self._store.push_of(board.chat_id, on)
        choice = sent.choice if sent is not None else Choice()
        corpus = self._corpus()
        quote, reading = corpus.quote(choice.quote_id), corpus.reading(choice.section_id)
        buttons = push.buttons(quote, reading, check_in_on=on, checked_in=counts.get(on, 0))
        await self._bot.edit_message_reply_markup(
            chat_id=board.chat_id, message_id=board.message_id, reply_markup=markup(buttons)
        )

    async def _failed(self, board: Board, error: TelegramError) -> None:
        _log.info("a message that shows taps was not edited: %s", error.message)
        match error:
            case RetryAfter():
                after = error.retry_after
                rest = after if isinstance(after, timedelta) else timedelta(seconds=after)
                await self._store.put_off_board(board, rest)
            case ChatMigrated():
                await self._store.migrate_chat(board.chat_id, error.new_chat_id)
            case BadRequest() if "not modified" in error.message.lower():
                await self._store.settle_board(board, BETWEEN_EDITS)
            case BadRequest() | Forbidden():
                await self._store.drop_board(board)
            case NetworkError() | _:
                await self._store.put_off_board(board, _NETWORK_REST)

    async def _answer(self, board: Board) -> Answer | None:
        """What the message says now; None when the session is not held any more."""
        if board.session_id is None:
            return None
        session = await self._store.session(board.session_id)
        reminder = await self._store.reminder(session.reminder_id) if session else None
        if session is None or reminder is None or reminder.state is ReminderState.DELETED:
            return None
        occurrence = recurrence.named(reminder, session.occurs_on)
        if occurrence is None:
            return None
        counted = count(await self._store.attendees(reminder.id, occurrence))
        notice = next((one for one in reminder.notices if one.id == board.notice_id), None)
        if notice is not None and notice.role is NoticeRole.NUDGE:
            return words.nudge(reminder, occurrence, counted.awaited)
        told = -notice.offset if notice is not None else None
        lead = left(occurrence, told, await self._store.now())
        agenda = self._agendas(reminder.theme, turns.turn(reminder, occurrence))
        return words.session(reminder, occurrence, counted, lead=lead, agenda=agenda)
