"""A copy brought back: nothing that may have been sent since comes as if it were new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.delivery.plan import tick
from bot.model import State
from bot.store import open_store, restore
from tests.delivery.conftest import MORNING, Scene
from tests.delivery.quizzing import ask, polls, question, schedule

TWO_HOURS = timedelta(hours=2)
DAY = timedelta(days=1)


async def test_pushes_sent_after_the_copy_come_again_silently_and_marked(
    scene: Scene, tmp_path: Path
) -> None:
    """The morning of an operator: copied before the pushes, restored two hours after them."""
    groups = [scene.group() for _ in range(3)]
    for group in groups:
        await scene.subscribe(group)
    await tick(scene.store)
    copy, url = tmp_path / "copy.sqlite3", f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await scene.store.back_up(copy)
    scene.clock.at = MORNING
    await scene.push()
    await scene.store.close()

    scene.clock.at = MORNING + TWO_HOURS
    await restore(url, copy, clock=scene.clock)
    scene.store = await open_store(url, clock=scene.clock)
    for at in (scene.clock.at, MORNING + DAY):
        scene.clock.at = at
        await scene.push()
    for group in groups:
        first, again, next_day = scene.telegram.sent(group)
        assert again.text == f"（数据恢复过，这条可能与早先的重复）\n\n{first.text}"
        assert [one.is_silent for one in (first, again, next_day)] == [False, True, False]
        assert "恢复过" not in next_day.text
    await scene.store.close()


async def test_on_either_engine_what_other_tools_brought_back_is_marked(anywhere: Scene) -> None:
    scene, group = anywhere, anywhere.group()
    await scene.subscribe(group)
    scene.clock.at = MORNING + TWO_HOURS
    await scene.store.mark_restored()
    await scene.push()
    (sent,) = scene.telegram.sent(group)
    assert sent.is_silent
    assert "数据恢复过" in sent.text
    assert (await scene.row(group)).state is State.SENT


async def test_a_quiz_is_marked_as_well(scene: Scene) -> None:
    group = scene.group()
    await schedule(scene, group)
    scene.clock.at = MORNING + TWO_HOURS
    await scene.store.mark_restored()
    await ask(scene, group)
    first, *_ = polls(scene, group)
    assert first.is_silent
    assert question(first).startswith("（数据恢复过，这题可能与早先的重复）\n")
