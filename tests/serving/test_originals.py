"""Originals, once they are imported: read piece by piece to the end, searched, pushed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.importing import drafted, installed
from bot.app.library import Library, open_library
from bot.app.service import wired
from bot.config import read_settings
from bot.local.request import LocalRequest
from bot.local.world import LocalMessage
from bot.model import Place, Reading
from bot.render.pieces import count_of, pieces_of
from tests.pressing import labels
from tests.search.test_completeness import check
from tests.serving.conftest import SHIPPED, Serving, settings_of

LONG = "a-2026-04-02.1"  # a section of several pieces
ENDS = "。！？!?…”’」』）)】》〉：:"


@pytest.fixture
async def reader(serving: Serving, shared: Path) -> Serving:
    """The bot with the printed booklet imported."""
    config = settings_of(serving.files, serving.owner.id)
    booklet = shared / "data" / "compilation-2026-04.md"
    installed(config, drafted(config, booklet).compilation)
    assert not (await serving.studybot.reloading.reload()).is_refused
    return serving


def reading_of(serving: Serving, section_id: str) -> Reading:
    found = serving.corpus.reading(section_id)
    assert found is not None
    return found


def body(message: LocalMessage) -> str:
    """The original's text in a message."""
    found = re.search(r"【原文(?: \d+/\d+)?】\n(.*)\n\n作者：", message.text, re.DOTALL)
    return found[1] if found else ""


async def test_going_on_reads_every_original_whole_and_in_order(reader: Serving) -> None:
    read: list[str] = []
    while "全部文章都读完了" not in (page := await reader.answer("继续")).text:
        assert len(page.text) < 1500
        assert ("原文" in page.text) or ("导读" in page.text)
        read.append(body(page))
    every = [one.section.original for one in reader.corpus.readings]
    assert "".join("".join(read).split()) == "".join("".join(map("".join, every)).split())
    pieces = [one for one in read if one]
    assert len(pieces) == sum(len(pieces_of(one.section)) for one in reader.corpus.readings)
    # One sentence of the booklet is longer than two pieces, and is cut at a semicolon.
    assert sum(one[-1] not in ENDS for one in pieces) == 1


async def test_the_digest_leads_in_and_the_buttons_walk_both_ways(reader: Serving) -> None:
    section = reading_of(reader, LONG).section
    every = pieces_of(section)
    page = await reader.answer(f"/read {LONG}")
    assert page.text.index(f"【导读】{section.digest}") < page.text.index("【原文 1/")
    for number, piece in enumerate(every[1:], 2):
        await reader.press(page, "继续阅读 ›")
        assert f"【原文 {number}/{len(every)}】\n{piece}" in page.text
        assert "【导读】" not in page.text
    await reader.press(page, "继续阅读 ›")
    assert "编号：a-2026-04-02.2" in page.text
    await reader.press(page, "‹ 上一节")
    await reader.press(page, "继续阅读 ›")
    await reader.press(page, "‹ 上一段")
    assert f"【原文 1/{len(every)}】" in page.text


async def test_the_list_says_at_which_piece_one_stopped(reader: Serving) -> None:
    page = await reader.answer(f"/read {LONG}")
    await reader.press(page, "继续阅读 ›")
    count = count_of(reading_of(reader, LONG).section)
    assert f"（2/{count}）。" in (await reader.answer("/read")).text


async def test_one_goes_on_where_one_stopped_after_a_restart_and_old_buttons_work(
    reader: Serving,
) -> None:
    old = await reader.answer(f"/read {LONG}")
    await reader.press(old, "继续阅读 ›")
    async with _restarted(reader) as again:
        assert "【原文 3/" in (await again.answer("继续")).text
        await again.press(old, "继续阅读 ›")
        assert "【原文 3/" in old.text


def _restarted(serving: Serving) -> _Again:
    return _Again(serving)


class _Again:
    """The same bot in another process: everything built anew but Telegram and the files."""

    def __init__(self, serving: Serving) -> None:
        self._before = serving
        self._wired = wired(
            settings_of(serving.files, serving.owner.id),
            token=serving.telegram.token,
            requests=(LocalRequest(serving.telegram), LocalRequest(serving.telegram)),
            store_url=f"sqlite:///{serving.files.data / 'studybot.sqlite3'}",
            clock=serving.clock,
        )

    async def __aenter__(self) -> Serving:
        studybot = await self._wired.__aenter__()
        await studybot.application.initialize()
        one = self._before
        return Serving(studybot, one.telegram, one.clock, one.files, one.owner, one.reader)

    async def __aexit__(self, *error: object) -> None:
        await self._wired.__aexit__(None, None, None)


async def test_a_place_in_a_text_that_became_shorter_is_its_last_piece(reader: Serving) -> None:
    page = await reader.answer(f"/read {LONG}")
    count = count_of(reading_of(reader, LONG).section)
    for _ in range(count - 2):
        await reader.press(page, "继续阅读 ›")
    await _shorten(reader)
    now = count_of(reading_of(reader, LONG).section)
    assert 1 < now < count - 1
    await reader.press(page, "继续阅读 ›")  # to the piece that was the last
    assert f"【原文 {now}/{now}】" in page.text
    assert "编号：a-2026-04-02.2" in (await reader.answer("继续")).text


async def _shorten(serving: Serving) -> None:
    """Half of the paragraphs of the section are taken away, as a correction might."""
    folder = serving.files.data / "corpus" / SHIPPED / "articles"
    (file,) = folder.glob("02-*.md")
    text = file.read_text(encoding="utf-8")
    paragraphs = reading_of(serving, LONG).section.original
    for paragraph in paragraphs[len(paragraphs) // 2 :]:
        assert f"\n\n{paragraph}" in text
        text = text.replace(f"\n\n{paragraph}", "", 1)
    file.write_text(text, encoding="utf-8")
    assert not (await serving.studybot.reloading.reload()).is_refused


async def test_a_hit_opens_at_the_piece_it_stands_in_and_moves_no_bookmark(
    reader: Serving,
) -> None:
    section = reading_of(reader, LONG).section
    last = pieces_of(section)[-1]
    words = last.rstrip(ENDS)[-14:]
    page = await reader.answer(words)
    assert LONG in page.text
    number = next(label for label in labels(page) if label in ("1", "看全文"))
    (opened,) = await reader.press(page, number)
    assert words in body(opened)
    assert await reader.studybot.store.reading_position(reader.reader.id) is None
    await reader.press(opened, "‹ 上一段")
    kept = await reader.studybot.store.reading_position(reader.reader.id)
    assert kept == str(Place(LONG, count_of(section) - 2))


async def test_the_push_shows_the_first_piece_and_goes_on_with_the_second(
    reader: Serving,
) -> None:
    await reader.answer("/subscribe 11:30")
    chat = reader.telegram.private(reader.reader)
    for _ in range(12):
        await reader.pass_days(1)
        push = reader.telegram.sent(chat)[-1]
        choice = (await reader.studybot.store.history(chat.id))[-1].choice
        section = reading_of(reader, choice.section_id).section
        every = pieces_of(section)
        if len(every) > 1:
            break
    assert "· 原文\n" + every[0] in push.text
    (following,) = await reader.press(push, "继续阅读")
    assert f"【原文 2/{len(every)}】\n{every[1]}" in following.text


async def test_what_was_read_as_a_digest_is_not_begun_again_when_the_original_comes(
    serving: Serving, shared: Path
) -> None:
    await serving.answer(f"/read {LONG}")
    config = settings_of(serving.files, serving.owner.id)
    installed(config, drafted(config, shared / "data" / "compilation-2026-04.md").compilation)
    await serving.studybot.reloading.reload()
    following = await serving.answer("继续")
    assert "编号：a-2026-04-02.2" in following.text
    assert "【原文 1/" in following.text


# --------------------------------------------------------------------- search


@pytest.fixture(scope="module")
def imported(
    tmp_path_factory: pytest.TempPathFactory, shipped_corpus: Path, shared: Path
) -> Library:
    """The library with the printed booklet imported."""
    home = tmp_path_factory.mktemp("imported")
    file = home / "studybot.yaml"
    file.write_text(f"data_dir: {home}\ncorpus_dirs: [{shipped_corpus}]\n", encoding="utf-8")
    config = read_settings(file)
    installed(config, drafted(config, shared / "data" / "compilation-2026-04.md").compilation)
    return open_library(config)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_piece_of_every_original_finds_exactly_its_passages(
    imported: Library, data: st.DataObject
) -> None:
    corpus, index = imported
    originals = [one.section.original for one in corpus.readings if one.is_original]
    paragraph = data.draw(st.sampled_from([each for one in originals for each in one]))
    length = data.draw(st.integers(1, min(30, len(paragraph))))
    start = data.draw(st.integers(0, len(paragraph) - length))
    cut = paragraph[start : start + length]
    check(index, corpus, cut, cut)
