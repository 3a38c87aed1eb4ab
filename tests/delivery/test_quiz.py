"""The weekly quiz: asked once whatever goes wrong, the same questions in every attempt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from bot.delivery.plan import tick
from bot.delivery.quiz import Quizzing
from bot.delivery.worker import LEASE
from bot.model import Cause, Script, State
from bot.store import Store
from bot.study.quiz import Questions
from tests.bot_api_server import Fault, FaultKind
from tests.delivery.conftest import MINUTE, Scene
from tests.delivery.quizzing import (
    ask,
    deliver,
    die_while_sending,
    fail,
    polls,
    question,
    schedule,
    worker_of,
)

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


async def test_a_quiz_comes_at_its_time_and_its_answers_count(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat)

    (asked,) = await ask(scene, chat)

    assert asked.extra["poll"]["type"] == "quiz"
    assert not asked.is_silent
    (tally,) = await scene.store.quiz_tallies(chat.id, scene.clock() - WEEK)
    assert tally.quiz.poll_id == asked.extra["poll"]["id"]
    assert tally.quiz.message_id == asked.id
    assert [tally.quiz.correct] == asked.extra["poll"]["correct_option_ids"]
    assert list(await scene.store.quiz_cards(chat.id)) == [tally.quiz.key]


async def test_each_question_is_a_row_of_its_own(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 3)

    asked = await ask(scene, chat)

    rows = await scene.rows(chat)
    assert [(row.part, row.state) for row in rows] == [(part, State.SENT) for part in (1, 2, 3)]
    assert [row.message_id for row in rows] == [one.id for one in asked]
    assert [question(one).split("\n")[0] for one in asked] == ["测验 1/3", "测验 2/3", "测验 3/3"]
    assert len({row.choice.quote_reason for row in rows}) == 3
    assert [len(one.buttons) for one in asked] == [0, 0, 1]


async def test_a_tick_done_again_asks_nothing_again(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 2)
    await ask(scene, chat)

    await deliver(scene)

    assert len(polls(scene, chat)) == 2


async def test_the_next_day_asks_others(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 2)
    await ask(scene, chat)

    scene.clock.move(timedelta(days=1))
    await deliver(scene)

    assert len({question(one).split("\n", 1)[1] for one in polls(scene, chat)}) == 4


async def test_a_worker_that_dies_while_sending_has_the_same_question_asked_once_more_marked(
    scene: Scene,
) -> None:
    chat = scene.private()
    await schedule(scene, chat)
    scene.clock.move(15 * MINUTE)
    await tick(scene.store)
    await die_while_sending(scene, worker_of(scene).run_once())

    scene.clock.move(LEASE + MINUTE)
    await deliver(scene)
    scene.clock.move(LEASE + MINUTE)
    await deliver(scene)

    first, again = polls(scene, chat)
    mark, _, rest = question(again).partition("\n")
    assert mark == "（网络不稳，这题可能与刚才的重复）"
    assert rest == question(first)
    assert again.is_silent
    for name in ("options", "correct_option_ids", "explanation"):
        shown = [poll.extra["poll"][name] for poll in (first, again)]
        assert str(shown[0]) == str(shown[1])


async def test_a_worker_that_dies_before_sending_loses_nothing_and_repeats_nothing(
    scene: Scene,
) -> None:
    chat = scene.private()
    await schedule(scene, chat)
    scene.clock.move(15 * MINUTE)
    await tick(scene.store)
    assert len(await scene.store.claim("gone", 10, LEASE)) == 1

    scene.clock.move(LEASE + MINUTE)
    await deliver(scene)

    (asked,) = polls(scene, chat)
    assert "重复" not in question(asked)


async def test_a_lost_reply_is_in_doubt_and_asked_once_more(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat)
    fail(scene, Fault(FaultKind.LOSE_REPLY))

    await ask(scene, chat)
    scene.clock.move(MINUTE)
    await deliver(scene)

    first, again = polls(scene, chat)
    assert question(again).endswith(question(first))
    assert (await scene.row(chat)).may_be_duplicate
    (tally,) = await scene.store.quiz_tallies(chat.id, scene.clock() - WEEK)
    assert tally.quiz.message_id == again.id


async def test_what_was_refused_for_a_while_is_asked_again_unmarked(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat)
    fail(scene, Fault(FaultKind.STATUS, status=502))

    await ask(scene, chat)
    scene.clock.move(MINUTE)
    await deliver(scene)

    (asked,) = polls(scene, chat)
    assert "重复" not in question(asked)
    assert not asked.is_silent


async def test_a_retry_asks_the_same_though_somebody_answered_meanwhile(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 2)
    fail(scene, None, Fault(FaultKind.STATUS, status=502))
    await ask(scene, chat)
    chosen = [row.choice.section_reason for row in await scene.rows(chat)]

    scene.clock.move(MINUTE)
    await deliver(scene)

    rows = await scene.rows(chat)
    assert [row.state for row in rows] == [State.SENT, State.SENT]
    assert {row.choice.section_reason for row in rows} == set(chosen)
    assert "\n".join(row.choice.quote_reason for row in rows) == rows[0].choice.section_reason


async def test_a_closed_topic_sends_it_to_the_general_one_and_says_so(scene: Scene) -> None:
    forum = scene.group(is_forum=True)
    thread = scene.telegram.topic(forum, "测验", by=scene.owner)
    await schedule(scene, forum, thread_id=thread)
    scene.telegram.close_topic(forum, thread, scene.owner)

    await ask(scene, forum)
    scene.clock.move(MINUTE)
    await deliver(scene)

    (asked,) = polls(scene, forum)
    assert asked.thread_id is None
    assert question(asked).startswith("（原来的话题关了，测验改发到这里）\n")


async def test_it_is_sent_to_its_topic(scene: Scene) -> None:
    forum = scene.group(is_forum=True)
    thread = scene.telegram.topic(forum, "测验", by=scene.owner)
    await schedule(scene, forum, thread_id=thread)

    (asked,) = await ask(scene, forum)

    assert asked.thread_id == thread


async def test_a_group_that_became_a_supergroup_is_asked_there(scene: Scene) -> None:
    group = scene.group(is_basic=True)
    await schedule(scene, group)
    moved = scene.telegram.migrate(group, scene.owner)

    await ask(scene, group)
    await deliver(scene)

    (asked,) = polls(scene, moved)
    (tally,) = await scene.store.quiz_tallies(moved.id, scene.clock() - WEEK)
    assert tally.quiz.message_id == asked.id


async def test_what_was_stopped_since_is_not_asked(scene: Scene) -> None:
    chat = scene.private()
    made = await schedule(scene, chat)
    scene.clock.move(15 * MINUTE)
    await tick(scene.store)
    await scene.store.save_schedule(replace(made, is_active=False, next_due_at=None))

    await worker_of(scene).drain()

    assert polls(scene, chat) == []
    assert (await scene.row(chat)).state is State.SKIPPED


async def test_a_question_that_left_the_corpus_is_skipped(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 2)
    fail(scene, Fault(FaultKind.STATUS, status=502))
    await ask(scene, chat)
    scene.corpus = replace(scene.corpus, compilations=(), fingerprint="empty")

    scene.clock.move(MINUTE)
    await deliver(scene)

    first, *_others = await scene.rows(chat)
    assert (first.state, first.reason) == (State.SKIPPED, Cause.NOTHING)


async def test_a_channel_gets_it_anonymously(scene: Scene) -> None:
    channel = scene.telegram.channel("频道", scene.owner)
    scene.telegram.add_bot(channel, scene.owner)
    await schedule(scene, channel)

    scene.clock.move(15 * MINUTE)
    await deliver(scene)

    (asked,) = [one for one in scene.telegram.messages(channel) if "poll" in one.extra]
    assert asked.extra["poll"]["is_anonymous"] is True


async def test_the_corpus_is_read_in_the_script_of_the_chat(scene: Scene) -> None:
    chat = scene.private()
    await schedule(scene, chat, 8)
    met = await scene.store.chat(chat.id)
    assert met is not None
    await scene.store.save_chat(replace(met, script=Script.TRADITIONAL))

    asked = await ask(scene, chat)

    shown = " ".join(str(one.extra["poll"]) for one in asked)
    assert len(asked) == 8
    assert "產業" in shown
    assert "产业" not in shown


async def test_however_many_quizzes_are_due_as_much_is_read_at_once(scene: Scene) -> None:
    told = []
    for count in (1, 5):
        groups = [scene.group() for _ in range(count)]
        for group in groups:
            await schedule(scene, group)
        scene.clock.move(15 * MINUTE if count == 1 else ONE_DAY)
        await tick(scene.store)
        claimed = await scene.store.claim("reader", 10, ONE_DAY)
        with statements(scene.store) as run:
            await Quizzing(scene.store, lambda: Questions(scene.corpus)).prepare(claimed)
        told.append((len(claimed), len(run)))
    (few, once), (many, again) = told
    assert few < many
    assert once == again


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    engine = store._database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield run
    event.remove(engine, "before_cursor_execute", note)
