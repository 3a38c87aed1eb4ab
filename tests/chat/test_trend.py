"""A term through time: a picture where there is a font, letters where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.fonts import chinese_font
from bot.chat.context import Services, install
from bot.local.world import LocalMessage
from bot.model import Corpus
from bot.search.index import Index
from tests.chat.conftest import Talk
from tests.pressing import labels


@pytest.fixture
def services(talk: Talk, corpus: Corpus, index: Index) -> Services:
    """The bot with a font."""
    font = chinese_font()
    assert font is not None, "the extra `pictures` belongs to what tests need"
    services = Services(talk.store, lambda: (corpus, index), talk.clock, font=font)
    install(talk.application, services)
    return services


def is_picture(message: LocalMessage) -> bool:
    return "photo" in message.extra


async def test_a_term_is_drawn_above_its_numbers(talk: Talk, services: Services) -> None:
    answer = await talk.answer("/trend 新质生产力")
    assert is_picture(answer)
    assert answer.text.startswith(
        "📈 “新质生产力”的走势\n2023年9月至2026年3月，论述 21 条、文章 3 节"
    )
    assert "按年：2023年 2，2024年 11，2025年 7，2026年 4" in answer.text


async def test_without_a_font_the_chart_is_made_of_letters(talk: Talk) -> None:
    answer = await talk.answer("走势 新质生产力")
    assert not is_picture(answer)
    assert "2024-10 ▇▇▇ 3" in answer.text
    assert "论述 21 条、文章 3 节" in answer.text


async def test_first_and_latest_mention_open(talk: Talk, services: Services) -> None:
    answer = await talk.answer("/trend 新质生产力")
    (first,) = await talk.press(answer, "看最早一次")
    assert "编号：q-2023-09-07" in first.text
    (latest,) = await talk.press(answer, "看最近一次")
    assert "编号：q-2026-03-23" in latest.text
    (found,) = await talk.press(answer, "查出全部")
    assert found.text.startswith("🔎 “新质生产力”")


async def test_a_picture_is_drawn_and_sent_once(talk: Talk, services: Services) -> None:
    for term in ("新质生产力", "新质生产力", "“新质生产力”"):
        await talk.answer(f"/trend {term}")
    photos = [call.params["photo"] for call in talk.telegram.calls_of("sendPhoto")]
    assert not isinstance(photos[0], str) or photos[0].startswith("attach://")
    assert [str(photo).startswith("local-") for photo in photos] == [False, True, True]


async def test_a_changed_corpus_is_drawn_anew(
    talk: Talk, services: Services, corpus: Corpus, index: Index
) -> None:
    await talk.answer("/trend 新质生产力")
    changed = replace(corpus, fingerprint="another")
    install(talk.application, replace(services, library=lambda: (changed, index)))
    await talk.answer("/trend 新质生产力")
    assert [
        str(call.params["photo"]).startswith("local-")
        for call in talk.telegram.calls_of("sendPhoto")
    ] == [False, False]


async def test_a_picture_that_telegram_forgot_is_sent_again(talk: Talk, services: Services) -> None:
    await talk.answer("/trend 新质生产力")
    talk.telegram.files.clear()
    assert is_picture(await talk.answer("/trend 新质生产力"))
    assert [call.ok for call in talk.telegram.calls_of("sendPhoto")] == [True, False, True]


async def test_a_font_that_cannot_be_read_fails_nothing(
    talk: Talk, services: Services, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"no font")
    install(talk.application, replace(services, font=broken))
    answer = await talk.answer("/trend 新质生产力")
    assert "▇" in answer.text


async def test_in_a_topic_the_picture_comes_into_that_topic(talk: Talk, services: Services) -> None:
    forum = await talk.group(is_forum=True)
    thread = talk.telegram.topic(forum, "读书", talk.xiaowang)
    answer = await talk.answer("/trend 新质生产力", forum, thread_id=thread)
    assert is_picture(answer)
    assert answer.thread_id == thread
    assert answer.reply_to is not None
    assert answer.reply_to.text == "/trend 新质生产力"


async def test_a_slip_is_put_right_and_says_so(talk: Talk) -> None:
    answer = await talk.answer("/trend 脑肌接口")
    assert "没有“脑肌接口”，数的是“脑机接口”：" in answer.text


async def test_one_mention_is_counted_too(talk: Talk, services: Services) -> None:
    answer = await talk.answer("/trend 雁行理论")
    assert "2014年12月，论述 1 条" in answer.text
    assert labels(answer) == ["看这一次", "查出全部"]


async def test_a_term_that_is_nowhere_offers_others(talk: Talk) -> None:
    answer = await talk.answer("/trend “量子烹饪学”")
    assert answer.text.startswith("资料里没有出现过“量子烹饪学”")
    if labels(answer):
        (found,) = await talk.press(answer, labels(answer)[0])
        assert found.text.startswith("🔎")


async def test_no_term_and_too_long_a_term_are_told_how(talk: Talk) -> None:
    assert "例如：/trend 新质生产力" in (await talk.answer("/trend")).text
    assert "最多 40 个字，这里有 41 个" in (await talk.answer("走势 " + "新" * 41)).text


async def test_hostile_text_is_shown_as_it_is(talk: Talk) -> None:
    answer = await talk.answer("/trend <b>&lt;不存在")
    assert "“<b>&lt;不存在”" in answer.text


async def test_where_pictures_are_not_allowed_the_answer_is_letters(
    talk: Talk, services: Services
) -> None:
    group = await talk.group()
    group.has_no_media = True
    answer = await talk.answer("/trend 新质生产力", group)
    assert not is_picture(answer)
    assert "▇" in answer.text


async def test_one_note_is_kept_of_a_term(
    talk: Talk, services: Services, corpus: Corpus, index: Index
) -> None:
    await talk.answer("/trend 新质生产力")
    changed = replace(corpus, fingerprint="another")
    install(talk.application, replace(services, library=lambda: (changed, index)))
    await talk.answer("/trend 新质生产力")
    await talk.answer("/trend 新质生产力")
    photos = [str(call.params["photo"]) for call in talk.telegram.calls_of("sendPhoto")]
    assert [photo.startswith("local-") for photo in photos] == [False, False, True]


async def test_of_several_words_at_once_it_says_that_one_is_shown_at_a_time(talk: Talk) -> None:
    answer = await talk.answer("/trend 新质生产力 人工智能")
    assert answer.text == (
        "“新质生产力 人工智能”没有连在一起出现过。\n走势一次只看一个词，例如：/trend 新质生产力"
    )
