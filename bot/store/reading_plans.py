"""Reading plans: what chats read together, who has read which part, and who follows along.

Here live the rows of `reading_plans`, `parts_read` and `reading_follows`. Which part which day
has is `study.reading_plan`; when a message is due stands with the schedules. Each method bears
being done twice: a replayed tap changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from bot.errors import StoreError
from bot.model import (
    ArchivedPlan,
    Chat,
    ChatKind,
    Days,
    DeliveryKind,
    Member,
    PartRead,
    PlanState,
    ReadingPlan,
    Schedule,
    ScheduleKind,
    SkipReason,
    State,
)
from bot.store.attendance import join
from bot.store.boards import is_numbered_here, mark_board
from bot.store.chats import find_chat, find_chats
from bot.store.engine import Part, add_new, insert, reads, writes
from bot.store.ledger import skip_waiting
from bot.store.schedules import find_schedules, keep_schedule
from bot.store.schema import deliveries
from bot.store.study_tables import members, parts_read, reading_follows, reading_plans, schedules

_STANDING = (PlanState.ACTIVE, PlanState.PAUSED)


@dataclass(frozen=True, slots=True)
class PartBriefing:
    """What the message of a part depends on: to whom it goes, and which plan it is of.

    `chat` is the plan's own, or one that follows it; `read` says how many have read which part,
    `missed_on` the dates whose part could not be sent to it.
    """

    chat: Chat
    schedule: Schedule
    plan: ReadingPlan
    read: Mapping[int, int]
    missed_on: frozenset[date] = frozenset()


class ReadingPlans(Part):
    """The store's share that knows reading plans."""

    @reads
    def reading_plan(self, connection: Connection, plan_id: int) -> ReadingPlan | None:
        """The plan of this id, whatever its state; None when there never was one."""
        found = find_plans(connection, reading_plans.c.id == plan_id)
        return found[0] if found else None

    @reads
    def standing_plan(self, connection: Connection, chat_id: int) -> ReadingPlan | None:
        """The chat's own plan that is active or paused; None where there is none."""
        return _standing(connection, chat_id)

    @reads
    def followed_plan(self, connection: Connection, chat_id: int) -> ReadingPlan | None:
        """The group's plan that this private chat follows; None where it follows none."""
        plan_id = connection.scalar(
            select(reading_follows.c.plan_id).where(reading_follows.c.chat_id == chat_id)
        )
        found = find_plans(connection, reading_plans.c.id == plan_id)
        return found[0] if found else None

    @reads
    def plans_open_to(
        self, connection: Connection, user_id: int
    ) -> tuple[tuple[Chat, ReadingPlan], ...]:
        """The standing plans of the groups whose roster this person is in, newest first."""
        of_person = select(members.c.chat_id).where(members.c.user_id == user_id)
        found = find_plans(
            connection,
            reading_plans.c.chat_id.in_(of_person),
            reading_plans.c.state.in_(_STANDING),
        )
        met = find_chats(connection, [one.chat_id for one in found])
        return tuple((met[one.chat_id], one) for one in reversed(found))

    @writes
    def save_reading_plan(
        self,
        connection: Connection,
        plan: ReadingPlan,
        its_schedules: Sequence[Schedule] = (),
    ) -> ReadingPlan:
        """Store the plan and what is due of it so, at once; returns it with its id.

        `its_schedules` are the chat's own and those of who follows the plan. A new draft takes
        the place of the chat's older ones. A plan made active ends the chat's other one; an
        ended one is followed by nobody. Raises StoreError when the chat was never met.
        """
        if find_chat(connection, plan.chat_id) is None:
            raise StoreError("A chat must be met before it can read together.")
        if not plan.id:
            connection.execute(
                delete(reading_plans).where(
                    reading_plans.c.chat_id == plan.chat_id,
                    reading_plans.c.state == PlanState.DRAFT,
                )
            )
            return insert_plan(connection, plan)
        if plan.state in _STANDING:
            self._end(
                connection,
                reading_plans.c.chat_id == plan.chat_id,
                reading_plans.c.state.in_(_STANDING),
                reading_plans.c.id != plan.id,
            )
        connection.execute(
            update(reading_plans).where(reading_plans.c.id == plan.id).values(**_fields(plan))
        )
        for schedule in its_schedules:
            keep_schedule(connection, schedule, self._database.now())
        if plan.state is PlanState.ENDED:
            self._end(connection, reading_plans.c.id == plan.id)
        return plan

    def _end(self, connection: Connection, *where: Any) -> None:
        """End these plans, and let go who follows them."""
        ended = select(reading_plans.c.id).where(*where)
        ids = connection.scalars(ended).all()
        connection.execute(
            update(reading_plans).where(reading_plans.c.id.in_(ids)).values(state=PlanState.ENDED)
        )
        following = select(reading_follows.c.chat_id).where(reading_follows.c.plan_id.in_(ids))
        for chat_id in connection.scalars(following).all():
            self._stop_following(connection, chat_id)

    def _stop_following(self, connection: Connection, chat_id: int) -> None:
        """The schedule stays, switched off: its id is never another's."""
        connection.execute(delete(reading_follows).where(reading_follows.c.chat_id == chat_id))
        stopped = connection.scalars(
            update(schedules)
            .where(schedules.c.chat_id == chat_id, schedules.c.kind == ScheduleKind.PART)
            .values(is_active=False, next_due_at=None)
            .returning(schedules.c.id)
        )
        ids, reason = stopped.all(), SkipReason.UNSUBSCRIBED
        skip_waiting(connection, DeliveryKind.PART, ids, reason, self._database.now())

    @writes
    def follow_plan(
        self, connection: Connection, plan: ReadingPlan, member: Member, schedule: Schedule
    ) -> None:
        """Have a private chat follow the group's plan by this schedule, and no other plan.

        The person is in the group's roster from now on. Raises StoreError when the private
        chat was never met.
        """
        keep_schedule(connection, schedule, self._database.now())
        fields = {"plan_id": plan.id, "followed_at": self._database.now()}
        connection.execute(
            insert(connection, reading_follows)
            .values(chat_id=schedule.chat_id, **fields)
            .on_conflict_do_update(index_elements=["chat_id"], set_=fields)
        )
        join(connection, plan.chat_id, member, self._database.now())

    @writes
    def leave_plan(self, connection: Connection, chat_id: int) -> None:
        """Have the private chat follow no plan any more."""
        self._stop_following(connection, chat_id)

    @writes
    def join_reading(self, connection: Connection, plan: ReadingPlan, member: Member) -> None:
        """Have the person in the roster of the group that reads this."""
        join(connection, plan.chat_id, member, self._database.now())

    @reads
    def following(self, connection: Connection, plan_id: int) -> tuple[Schedule, ...]:
        """The schedules of the private chats that follow the plan."""
        chat_ids = select(reading_follows.c.chat_id).where(reading_follows.c.plan_id == plan_id)
        return find_schedules(
            connection,
            schedules.c.chat_id.in_(chat_ids),
            schedules.c.kind == ScheduleKind.PART,
        )

    @writes
    def note_part_read(
        self,
        connection: Connection,
        plan: ReadingPlan,
        part: int,
        member: Member,
    ) -> bool:
        """Note that a person has read a part; false when that was noted before.

        In a group the person is in the roster from now on, and the messages of that part
        show one more as soon as they may be edited.
        """
        chat = find_chat(connection, plan.chat_id)
        is_group = chat is not None and chat.kind is not ChatKind.PRIVATE
        if is_group:
            join(connection, plan.chat_id, member, self._database.now())
        noted = connection.execute(
            insert(connection, parts_read)
            .values(
                plan_id=plan.id,
                part=part,
                user_id=member.user_id,
                read_at=self._database.now(),
            )
            .on_conflict_do_nothing(index_elements=["plan_id", "part", "user_id"])
            .returning(parts_read.c.part)
        )
        if noted.one_or_none() is None:
            return False
        if is_group:
            self._mark_board(connection, plan, part)
        return True

    def _mark_board(self, connection: Connection, plan: ReadingPlan, part: int) -> None:
        """Have the newest message with that part show how many have read it."""
        row = connection.execute(
            select(deliveries.c.message_id, deliveries.c.local_on)
            .where(
                deliveries.c.chat_id == plan.chat_id,
                deliveries.c.kind == DeliveryKind.PART,
                deliveries.c.section_id == plan.parts[part - 1][0],
                deliveries.c.state == State.SENT,
                deliveries.c.message_id.is_not(None),
                is_numbered_here(plan.chat_id),
            )
            .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
            .limit(1)
        ).one_or_none()
        if row is not None:
            mark_board(
                connection,
                plan.chat_id,
                row.message_id,
                self._database.now(),
                pushed_on=row.local_on,
                plan_id=plan.id,
                part=part,
            )

    @reads
    def parts_read(self, connection: Connection, plan_id: int) -> Mapping[int, int]:
        """How many people have read which part; those that nobody has are not in it."""
        return _counts(connection, [plan_id]).get(plan_id, {})

    @reads
    def parts_read_by(self, connection: Connection, plan_id: int, user_id: int) -> frozenset[int]:
        """Which parts this person has read."""
        found = connection.scalars(
            select(parts_read.c.part).where(
                parts_read.c.plan_id == plan_id, parts_read.c.user_id == user_id
            )
        )
        return frozenset(found)

    @reads
    def part_briefings(
        self, connection: Connection, schedule_ids: Sequence[int]
    ) -> Mapping[int, PartBriefing]:
        """What the next parts by these schedules depend on, at one moment, by their ids."""
        wanted = find_schedules(connection, schedules.c.id.in_(schedule_ids))
        met = find_chats(connection, [one.chat_id for one in wanted])
        followed = {
            row.chat_id: row.plan_id
            for row in connection.execute(
                select(reading_follows).where(reading_follows.c.chat_id.in_(met))
            )
        }
        found = find_plans(
            connection,
            or_(reading_plans.c.chat_id.in_(met), reading_plans.c.id.in_(followed.values())),
            reading_plans.c.state.in_(_STANDING),
        )
        by_id = {one.id: one for one in found}
        by_chat = {one.chat_id: one for one in found}
        counts, missed = _counts(connection, list(by_id)), _missed(connection, list(met))
        briefings = {}
        for one in wanted:
            followed_id = followed.get(one.chat_id)
            plan = by_chat.get(one.chat_id) if followed_id is None else by_id.get(followed_id)
            if plan is not None:
                chat, read = met[one.chat_id], counts.get(plan.id, {})
                missed_on = missed.get(one.chat_id, frozenset())
                briefings[one.id] = PartBriefing(chat, one, plan, read, missed_on)
        return briefings

    @reads
    def parts_missed(self, connection: Connection, chat_id: int) -> frozenset[date]:
        """The dates whose part of a plan could not be sent to the chat."""
        return _missed(connection, [chat_id]).get(chat_id, frozenset())


def _missed(connection: Connection, chat_ids: Sequence[int]) -> dict[int, frozenset[date]]:
    """By chat, the dates whose part came too late or not at all."""
    found: dict[int, set[date]] = {}
    for row in connection.execute(
        select(deliveries.c.chat_id, deliveries.c.local_on).where(
            deliveries.c.chat_id.in_(chat_ids),
            deliveries.c.kind == DeliveryKind.PART,
            deliveries.c.part == 1,
            or_(
                deliveries.c.state == State.DEAD,
                and_(
                    deliveries.c.state == State.SKIPPED,
                    deliveries.c.reason.startswith(SkipReason.TOO_LATE),
                ),
            ),
        )
    ):
        found.setdefault(row.chat_id, set()).add(row.local_on)
    return {chat_id: frozenset(dates) for chat_id, dates in found.items()}


def find_plans(connection: Connection, *where: Any) -> tuple[ReadingPlan, ...]:
    """Within a transaction: the plans for which all of this holds, oldest first."""
    found = connection.execute(select(reading_plans).where(*where).order_by(reading_plans.c.id))
    return tuple(map(_plan, found))


def insert_plan(connection: Connection, plan: ReadingPlan) -> ReadingPlan:
    """Within a transaction: a new plan of the chat; returns it with its id."""
    plan = replace(plan, uid=plan.uid or secrets.token_hex(16))
    made = connection.execute(
        insert(connection, reading_plans).values(**_fields(plan)).returning(reading_plans.c.id)
    )
    return replace(plan, id=made.scalar_one())


def find_archived_plans(connection: Connection, chat_id: int) -> tuple[ArchivedPlan, ...]:
    """Within a transaction: all that the chat has read together, and who read what."""
    plans = find_plans(
        connection, reading_plans.c.chat_id == chat_id, reading_plans.c.state != PlanState.DRAFT
    )
    read: dict[int, list[PartRead]] = {one.id: [] for one in plans}
    for row in connection.execute(
        select(parts_read)
        .where(parts_read.c.plan_id.in_(read))
        .order_by(parts_read.c.part, parts_read.c.user_id)
    ):
        read[row.plan_id].append(PartRead(row.user_id, row.part, row.read_at))
    return tuple(ArchivedPlan(one, tuple(read[one.id])) for one in plans)


def take_plans(
    connection: Connection,
    chat_id: int,
    taken: Sequence[tuple[ArchivedPlan, Schedule | None]],
    now: Any,
) -> int:
    """Within a transaction: add the plans that the chat does not have; how many.

    One comes with its schedule when it goes on, unless something is read here already: then
    it has ended. What is known of who read which part is added to.
    """
    known = {one.uid: one for one in find_plans(connection, reading_plans.c.chat_id == chat_id)}
    added = 0
    for archived, schedule in taken:
        plan = known.get(archived.plan.uid)
        if plan is None:
            is_free = _standing(connection, chat_id) is None
            state = archived.plan.state if is_free else PlanState.ENDED
            plan = insert_plan(connection, archived.plan.in_state(state))
            if schedule is not None and is_free:
                keep_schedule(connection, schedule, now)
            added += 1
        rows = [
            {"plan_id": plan.id, "part": one.part, "user_id": one.user_id, "read_at": one.read_at}
            for one in archived.read
        ]
        add_new(connection, parts_read, rows)
    return added


def _standing(connection: Connection, chat_id: int) -> ReadingPlan | None:
    found = find_plans(
        connection, reading_plans.c.chat_id == chat_id, reading_plans.c.state.in_(_STANDING)
    )
    return found[-1] if found else None


def _counts(connection: Connection, plan_ids: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """How many people have read which part, by plan."""
    counts: dict[int, dict[int, int]] = {}
    for row in connection.execute(
        select(parts_read.c.plan_id, parts_read.c.part, func.count().label("people"))
        .where(parts_read.c.plan_id.in_(plan_ids))
        .group_by(parts_read.c.plan_id, parts_read.c.part)
    ):
        counts.setdefault(row.plan_id, {})[row.part] = row.people
    return counts


def _fields(plan: ReadingPlan) -> dict[str, Any]:
    return {
        "chat_id": plan.chat_id,
        "uid": plan.uid,
        "title": plan.title,
        "parts": "\n".join(" ".join(part) for part in plan.parts),
        "weeks": plan.weeks,
        "at": plan.at,
        "day_rule": plan.days.rule,
        "weekdays": plan.days.weekdays,
        "starts_on": plan.starts_on,
        "first_part": plan.first_part,
        "thread_id": plan.thread_id,
        "state": plan.state,
        "edited_at": plan.edited_at,
    }


def _plan(row: Row[Any]) -> ReadingPlan:
    return ReadingPlan(
        id=row.id,
        chat_id=row.chat_id,
        uid=row.uid,
        title=row.title,
        parts=tuple(tuple(line.split(" ")) for line in row.parts.split("\n")),
        weeks=row.weeks,
        at=row.at,
        days=Days(row.day_rule, row.weekdays),
        starts_on=row.starts_on,
        first_part=row.first_part,
        thread_id=row.thread_id,
        state=row.state,
        edited_at=row.edited_at,
    )
