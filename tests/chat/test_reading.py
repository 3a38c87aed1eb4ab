"""Quotations of the day and by chance, and reading on through the articles."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.plan import tick
from bot.model import Choice, Corpus
from tests.chat.conftest import Talk
from tests.ledger import begin
from tests.pressing import labels


async def test_todays_quotation_stays_the_same_all_day(talk: Talk) -> None:
    first = await talk.answer("/quote")
    talk.clock.move(timedelta(hours=8))
    assert (await talk.answer("/quote")).text == first.text


async def test_todays_quotation_is_that_of_the_push(talk: Talk) -> None:
    await talk.answer("/subscribe 12:30")
    talk.clock.move(timedelta(minutes=30))
    assert await tick(talk.store) == 1
    (row,) = await talk.store.claim("test", 1, timedelta(minutes=1))
    await begin(talk.store, row, Choice("q-2014-12-09", "round"))
    assert "编号：q-2014-12-09" in (await talk.answer("/quote")).text


async def test_an_anniversary_is_todays_quotation_and_says_so(talk: Talk) -> None:
    talk.clock.move(timedelta(days=15))  # 9 December
    answer = await talk.answer("/quote")
    assert "编号：q-2014-12-09" in answer.text
    assert "那年今日 · 12 年前的今天" in answer.text


async def test_a_random_quotation_turns_into_another(talk: Talk) -> None:
    answer = await talk.answer("/random")
    first = answer.text
    await talk.press(answer, "换一条")
    assert answer.text != first
    assert answer.text.startswith("🎲 随机一条")


async def test_one_reads_from_the_list_into_an_article_and_on(talk: Talk) -> None:
    page = await talk.answer("/read")
    await talk.press(page, "2")
    assert page.text.startswith("《加快推进人工智能赋能新型工业化》")
    await talk.press(page, "1")
    assert "编号：a-2026-04-02.0" in page.text
    await talk.press(page, "继续阅读 ›")
    assert "编号：a-2026-04-02.1" in page.text
    assert "编号：a-2026-04-02.2" in (await talk.answer("继续")).text


async def test_going_on_crosses_into_the_next_article_and_ends(talk: Talk, corpus: Corpus) -> None:
    await talk.answer("/read a-2026-04-01.3")
    assert "编号：a-2026-04-02.0" in (await talk.answer("继续")).text
    await talk.answer(f"/read {corpus.readings[-1].id}")
    assert "全部文章都读完了" in (await talk.answer("继续")).text


async def test_the_list_remembers_where_the_chat_stopped(talk: Talk) -> None:
    await talk.answer("/read a-2026-04-05.2.1")
    page = await talk.answer("/read")
    assert "上次读到《加速布局未来产业 打造经济发展新增量》" in page.text
    (following,) = await talk.press(page, "继续阅读")
    assert "编号：a-2026-04-05.2.2" in following.text


async def test_the_end_of_an_article_leads_to_the_next(talk: Talk) -> None:
    page = await talk.answer("/read a-2026-04-01.3")
    (following,) = await talk.press(page, "下一篇 ›")
    assert "编号：a-2026-04-02.0" in following.text
    assert await talk.store.reading_position(talk.private.id) == "a-2026-04-02.0"


async def test_an_article_is_found_by_number_id_or_title(talk: Talk) -> None:
    by_number = await talk.answer("/read 6")
    assert by_number.text.startswith("《前瞻布局未来产业与现代化产业体系建设》")
    assert (await talk.answer("/read a-2026-04-06")).text == by_number.text
    assert (await talk.answer("/read 现代化产业体系建设")).text == by_number.text


async def test_an_article_that_is_not_there_is_told_so(talk: Talk) -> None:
    assert "没有找到题为“红楼梦”的文章" in (await talk.answer("/read 红楼梦")).text


async def test_the_sections_of_a_long_article_are_paged(talk: Talk) -> None:
    page = await talk.answer("/read 5")
    await talk.press(page, "下一页 ›")
    assert "9. （一）量子科技" in page.text
    await talk.press(page, "所有文章")
    assert page.text.startswith("📚 学习参考")


async def test_a_reading_opened_from_results_does_not_move_the_bookmark(talk: Talk) -> None:
    await talk.answer("/read a-2026-04-02.1")
    page = await talk.answer("文章 脑机接口")
    await talk.press(page, "1")
    assert await talk.store.reading_position(talk.private.id) == "a-2026-04-02.1"


async def test_the_group_reads_together_and_a_person_alone(talk: Talk) -> None:
    group = await talk.group()
    await talk.answer("/read a-2026-04-02.1", group)
    page = await talk.answer("/read")
    assert "上次读到" not in page.text
    assert labels(page)[-1] == "6"
