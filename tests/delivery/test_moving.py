"""A group that another bot takes over is not shown again what it was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.local.world import LocalChat
from bot.model import Archive, Choice, Corpus
from bot.store import open_store
from bot.study import archive
from bot.study.choice import Nearest
from tests.clock import Clock
from tests.conftest import NewDatabase
from tests.delivery.conftest import Scene, scene_on
from tests.delivery.test_foresight import foretold

DAY = timedelta(days=1)
START = date(2026, 9, 1)


@pytest.fixture(name="second")
async def open_second(
    clock: Clock, corpus: Corpus, nearest: Nearest, tmp_path: Path, new_database: NewDatabase
) -> AsyncIterator[Scene]:
    """Another bot, in the same time, with a ledger of its own and another seed."""
    store = await open_store(
        new_database(tmp_path / "second.sqlite3"), clock=clock, draw_seed=lambda: 5
    )
    async with scene_on(store, clock, corpus, nearest) as made:
        yield made
    await store.close()


async def live(scene: Scene, days: int) -> None:
    """Days of pushes at eight in the morning, the first of them tomorrow's."""
    worker = scene.worker()
    for _ in range(days):
        scene.clock.move(DAY)
        await scene.push(worker)


async def shown(scene: Scene, chat: LocalChat) -> list[Choice]:
    """What the bot itself showed there, oldest first."""
    told = await scene.store.history(chat.id)
    return [replace(one.choice, spoken="") for one in told if one.is_ours]


async def moved(first: Scene, group: LocalChat, second: Scene, other: LocalChat) -> Archive:
    """The group's data as the file that the second bot took in."""
    told = archive.read(archive.write(await first.store.export_chat(group.id)))
    await second.store.import_chat(other.id, told, None, [])
    return told


@pytest.mark.parametrize("days", [1, 11, 30, 37])
async def test_the_other_bot_shows_the_others_in_the_order_of_the_first(
    scene: Scene, second: Scene, days: int
) -> None:
    """Quotations, and the readings with them: `days` of pushes here, a round and more there."""
    scene.clock.at = scene.midnight(START)
    group, other = scene.group(), second.group()
    subscription = await scene.subscribe(group)
    await live(scene, days)
    expected = [one.choice for one in (await foretold(scene, subscription, 41))[1:]]
    for _ in range(2):
        await second.subscribe(other)
        await moved(scene, group, second, other)
    await live(second, 40)
    assert await shown(second, other) == expected
    left = len(scene.corpus.quotes) - len({one.quote_id for one in await shown(scene, group)})
    before = {one.quote_id for one in await shown(scene, group)}
    assert not before & {one.quote_id for one in (await shown(second, other))[:left]}


async def test_a_bot_that_knows_a_part_of_the_corpus_goes_on_when_it_has_the_rest(
    scene: Scene, second: Scene
) -> None:
    scene.clock.at = scene.midnight(START)
    group, other = scene.group(), second.group()
    await scene.subscribe(group)
    await live(scene, 10)
    before = {one.quote_id for one in await shown(scene, group)}
    (compilation,) = second.corpus.compilations
    whole, known = second.corpus, compilation.quotes[:18]
    second.corpus = Corpus((replace(compilation, quotes=known),), "a part")
    await second.subscribe(other)
    await moved(scene, group, second, other)
    left = len({one.id for one in known} - before)
    await live(second, left)
    second.corpus = whole
    await live(second, len(whole.quotes) - 10 - left)
    after = [one.quote_id for one in await shown(second, other)]
    assert {*after} == {one.id for one in whole.quotes} - before
    assert len({*after}) == len(after)


async def test_a_group_that_both_bots_pushed_to_is_shown_what_neither_showed(
    scene: Scene, second: Scene
) -> None:
    scene.clock.at = scene.midnight(START)
    group, other = scene.group(), second.group()
    await scene.subscribe(group)
    await second.subscribe(other)
    await live(scene, 9)
    scene.clock.move(-8 * DAY)
    await live(second, 8)
    await moved(scene, group, second, other)
    before = {one.quote_id for one in await shown(scene, group) + await shown(second, other)}
    assert len(before) > 9
    left = len(scene.corpus.quotes) - len(before)
    await live(second, left)
    after = {one.quote_id for one in (await shown(second, other))[8:]}
    assert after == {one.id for one in scene.corpus.quotes} - before


async def test_the_file_tells_what_was_shown(scene: Scene, second: Scene) -> None:
    group, other = scene.group(), second.group()
    await scene.subscribe(group)
    await live(scene, 3)
    await second.subscribe(other)
    told = await moved(scene, group, second, other)
    assert [one.quote_id for one in told.shown] == [
        one.quote_id for one in await shown(scene, group)
    ]
    assert told.seed is not None
