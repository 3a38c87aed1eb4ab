"""Messages that show what people tapped, and how far behind they are.

Here live the rows of `boards`, whatever such a message shows: who takes part in a session
(`store.attendance`), how many have checked in under a push (`store.check_ins`), or how many
have read a part (`store.reading_plans`). What may be edited when is decided in
`study.attendance`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from bot.model import Board
from bot.store.engine import Part, insert, reads, writes
from bot.store.schema import chat_moves, deliveries
from bot.store.study_tables import boards


class Boards(Part):
    """The store's share that knows which messages do not show all yet."""

    @reads
    def boards_behind(self, connection: Connection, limit: int) -> tuple[Board, ...]:
        """Messages that do not show all yet, those that may be edited first in front."""
        found = connection.execute(
            select(boards)
            .where(boards.c.shown < boards.c.changes)
            .order_by(boards.c.not_before_at, boards.c.chat_id, boards.c.message_id)
            .limit(limit)
        )
        return tuple(map(_board, found))

    @writes
    def take_board(self, connection: Connection, board: Board, rest: timedelta) -> Board | None:
        """Take the right to edit this message now, for nobody else to have within `rest`.

        Returns the board as it is now; None when it may not be edited yet, by whoever was
        quicker, or is up to date. Whoever dies meanwhile leaves it behind, for the next.
        """
        now = self._database.now()
        taken = connection.execute(
            update(boards)
            .where(*_is(board), boards.c.shown < boards.c.changes, boards.c.not_before_at <= now)
            .values(not_before_at=self._database.now(rest))
            .returning(boards)
        )
        row = taken.one_or_none()
        return None if row is None else _board(row)

    @writes
    def settle_board(self, connection: Connection, board: Board, rest: timedelta) -> None:
        """Note that the message shows `board.changes` of what happened, and may rest now.

        It is not to be edited within `rest` from here: an edit that took long has only just
        been made.
        """
        connection.execute(
            update(boards)
            .where(*_is(board), boards.c.shown < board.changes)
            .values(shown=board.changes, not_before_at=self._database.now(rest))
        )

    @writes
    def put_off_board(self, connection: Connection, board: Board, rest: timedelta) -> None:
        """Have nobody edit the message within `rest`, since Telegram asks for it."""
        connection.execute(
            update(boards).where(*_is(board)).values(not_before_at=self._database.now(rest))
        )

    @writes
    def drop_board(self, connection: Connection, board: Board) -> None:
        """Forget a message that cannot be edited any more; a tap on it brings it back."""
        connection.execute(delete(boards).where(*_is(board)))


def mark_board(
    connection: Connection,
    chat_id: int,
    message_id: int,
    now: ColumnElement[Any],
    *,
    session_id: int | None = None,
    notice_id: int = 0,
    pushed_on: date | None = None,
    plan_id: int | None = None,
    part: int | None = None,
) -> None:
    """Within a transaction: have the message edited, to show this session or this date."""
    shows = {"session_id": session_id, "pushed_on": pushed_on, "plan_id": plan_id, "part": part}
    connection.execute(
        insert(connection, boards)
        .values(
            chat_id=chat_id,
            message_id=message_id,
            notice_id=notice_id,
            changes=1,
            shown=0,
            not_before_at=now,
            **shows,
        )
        .on_conflict_do_update(
            index_elements=["chat_id", "message_id"],
            set_={"changes": boards.c.changes + 1, **shows},
        )
    )


def is_numbered_here(chat_id: int) -> ColumnElement[bool]:
    """Of deliveries: none from before the chat's move.

    A group that became a supergroup numbers its messages anew.
    """
    moved_at = (
        select(func.max(chat_moves.c.moved_at, type_=chat_moves.c.moved_at.type))
        .where(chat_moves.c.new_id == chat_id)
        .scalar_subquery()
    )
    return func.coalesce(deliveries.c.settled_at > moved_at, True)


def _is(board: Board) -> tuple[ColumnElement[bool], ...]:
    return boards.c.chat_id == board.chat_id, boards.c.message_id == board.message_id


def _board(row: Row[Any]) -> Board:
    return Board(
        row.chat_id,
        row.message_id,
        row.session_id,
        row.notice_id,
        row.pushed_on,
        row.changes,
        row.shown,
        row.not_before_at,
        row.plan_id,
        row.part,
    )
