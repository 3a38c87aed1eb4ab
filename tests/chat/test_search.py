"""Asking for passages, in private and by buttons."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Corpus
from tests.chat.conftest import Talk
from tests.pressing import labels


async def test_any_text_in_private_is_a_query(talk: Talk) -> None:
    answer = await talk.answer("新质生产力")
    assert answer.text.startswith("🔎 “新质生产力” — 论述 ")
    assert labels(answer)[:5] == ["1", "2", "3", "4", "5"]


async def test_a_command_and_a_chinese_word_ask_the_same(talk: Talk) -> None:
    plain = await talk.answer("新质生产力")
    assert (await talk.answer("/search 新质生产力")).text == plain.text
    assert (await talk.answer("搜索 新质生产力")).text == plain.text
    assert (await talk.answer("查：新质生产力")).text == plain.text


async def test_a_date_finds_the_quotation_of_that_day(talk: Talk) -> None:
    answer = await talk.answer("2024年3月5日")
    assert answer.text.startswith("🔎 2024年3月5日 — 论述 1 条")
    assert "q-2024-03-05" in answer.text


async def test_date_takes_dates_and_nothing_else(talk: Talk) -> None:
    assert "q-2024-03-05" in (await talk.answer("/date 2024年3月")).text
    refused = await talk.answer("日期 新质生产力")
    assert "例如" in refused.text
    assert len(labels(refused)) == 1


async def test_an_impossible_date_is_refused_with_an_example_to_press(talk: Talk) -> None:
    refused = await talk.answer("2024年2月30日")
    assert "🤔" in refused.text
    (example,) = labels(refused)
    (answer,) = await talk.press(refused, example)
    assert not answer.text.startswith("🤔")


async def test_paging_turns_the_same_message(talk: Talk) -> None:
    page = await talk.answer("未来产业")
    first = page.text
    assert await talk.press(page, "下一页 ›") == []
    assert "第 2 /" in page.text
    assert labels(page)[0] == "6"
    await talk.press(page, "‹ 上一页")
    assert page.text == first


async def test_filters_and_orders_turn_the_same_message(talk: Talk, corpus: Corpus) -> None:
    page = await talk.answer("新质生产力")
    await talk.press(page, "论述")
    assert "— 只看论述 " in page.text
    await talk.press(page, "最早")
    assert corpus.quotes[3].id in page.text  # the first that says it, of 2023-09-07
    await talk.press(page, "文章")
    assert "— 只看文章 " in page.text
    assert "✓ 最早" in labels(page)


async def test_pressing_what_is_shown_already_is_answered_in_peace(talk: Talk) -> None:
    page = await talk.answer("新质生产力")
    assert await talk.press(page, "✓ 全部") == []


async def test_a_number_opens_the_full_passage(talk: Talk, corpus: Corpus) -> None:
    page = await talk.answer("2024年3月5日")
    (passage,) = await talk.press(page, "看全文")
    quote = corpus.quote("q-2024-03-05")
    assert quote is not None
    assert passage.text.startswith(quote.text)
    assert "编号：q-2024-03-05" in passage.text


async def test_a_passage_turns_to_its_neighbours_and_shows_its_relatives(talk: Talk) -> None:
    page = await talk.answer("2024年3月5日")
    (passage,) = await talk.press(page, "看全文")
    await talk.press(passage, "下一条 ›")
    assert "编号：q-2024-03-20" in passage.text
    (related,) = await talk.press(passage, "相关论述")
    assert related.text.startswith("与2024年3月20日的论述相关")
    (opened,) = await talk.press(related, "1")
    assert "编号：q-" in opened.text


async def test_nothing_found_offers_what_can_be_found(talk: Talk) -> None:
    answer = await talk.answer("“量子烹饪学”")
    assert answer.text.startswith("没有找到“量子烹饪学”的内容。")
    if labels(answer):
        (found,) = await talk.press(answer, labels(answer)[0])
        assert found.text.startswith("🔎")


async def test_pinyin_says_how_it_matched(talk: Talk) -> None:
    answer = await talk.answer("naojijiekou")
    assert "没有“naojijiekou”，按拼音找到的是“脑机接口”：" in answer.text


async def test_hostile_text_is_shown_as_it_is(talk: Talk) -> None:
    answer = await talk.answer('<b onclick="x">&lt;</b>不存在的东西<')
    assert answer.text.startswith("没有找到“b” “onclick=”")
    assert "“&lt”" in answer.text


async def test_the_id_under_an_answer_can_be_sent_back(talk: Talk) -> None:
    answer = await talk.answer("q-2024-03-05")
    assert "q-2024-03-05" in answer.text
    assert "牢牢把握高质量发展这个首要任务" in answer.text
    assert "编号：q-2024-03-05" in (await talk.answer("/quote q-2024-03-05")).text


async def test_a_very_long_query_is_refused_politely(talk: Talk) -> None:
    answer = await talk.answer("新" * 1001)
    assert "1001" in answer.text
    assert "例如" in answer.text


async def test_no_query_at_all_is_told_how_to_ask(talk: Talk) -> None:
    assert "例如：/search 新质生产力" in (await talk.answer("/search")).text
    assert "例如：/date 2024年3月" in (await talk.answer("日期")).text


async def test_a_page_of_last_year_still_means_the_year_it_was_asked_in(talk: Talk) -> None:
    page = await talk.answer("去年")
    assert page.text.startswith("🔎 2025年 — ")
    talk.clock.move(timedelta(days=365))
    await talk.press(page, "下一页 ›")
    assert page.text.startswith("🔎 2025年 — ")


async def test_an_example_asks_about_the_day_it_is_pressed(talk: Talk) -> None:
    start = await talk.answer("/start")
    talk.clock.move(timedelta(days=365))
    (answer,) = await talk.press(start, "去年 人工智能")
    assert answer.text.startswith("🔎 “人工智能” · 2026年 — ")


async def test_today_is_the_day_of_the_chat(talk: Talk) -> None:
    talk.clock.move(timedelta(hours=13))  # 01:00 of the 25th in Shanghai, 17:00 in Dubai
    assert (await talk.answer("今天")).text.startswith("没有找到2026年11月25日")
    await talk.answer("/settings 时区 迪拜")
    assert (await talk.answer("今天")).text.startswith("没有找到2026年11月24日")


async def test_signs_alone_are_no_date_and_the_example_is_one(talk: Talk) -> None:
    answer = await talk.answer("/date 🎉")
    assert answer.text == "🤔 要查哪一天？请写在后面，例如：/date 2024年3月"
