"""A page of results: what was understood, how it matched, whose words, and the buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import QueryError
from bot.model import (
    Answer,
    Corpus,
    DateRange,
    Found,
    Hit,
    Kind,
    Match,
    Passage,
    Query,
    Snippet,
    Term,
)
from bot.render import callbacks, results
from bot.render.callbacks import SearchPage
from tests.render.conftest import Page, seen

YEAR = DateRange(date(2024, 1, 1), date(2024, 12, 31))
QUERY = Query("2024年 新质生产力", (Term("新质生产力"),), dates=(YEAR,))


def hit(passage: Passage, match: Match = Match.EXACT, snippet: Snippet | None = None) -> Hit:
    return Hit(passage, match, 1.0, snippet or Snippet("发展新质生产力", ((2, 7),)))


def found(
    *hits: Hit, quotes: int = 0, readings: int = 0, query: Query = QUERY, corrected: str = ""
) -> Found:
    totals = {Kind.QUOTE: quotes, Kind.READING: readings}
    return Found(query, hits, quotes + readings, totals, corrected or None)


def labels(answer: Answer) -> list[list[str]]:
    return [[button.label for button in row] for row in answer.buttons]


def test_the_heading_says_what_was_understood_and_how_much_there_is(corpus: Corpus) -> None:
    some = found(hit(corpus.quotes[0]), quotes=12, readings=5)
    heading = seen(results.page(some, SearchPage(1)).text).splitlines()[0]
    assert heading == "🔎 “新质生产力” · 2024年 — 论述 12 条，文章 5 节"


def test_a_total_that_was_not_counted_to_the_end_is_not_shown_as_one(corpus: Corpus) -> None:
    some = replace(found(hit(corpus.quotes[0]), quotes=1200), total_is_least=True)
    text = seen(results.page(some, SearchPage(1)).text)
    assert "论述 1200 条以上" in text.splitlines()[0]
    assert text.endswith("第 1 页")


def test_a_filter_counts_only_its_own_kind(corpus: Corpus) -> None:
    some = found(hit(corpus.quotes[0]), quotes=12, readings=5)
    heading = seen(results.page(some, SearchPage(1, kind=Kind.QUOTE)).text).splitlines()[0]
    assert heading.endswith("— 只看论述 12 条")


def test_what_is_excluded_is_read_back() -> None:
    query = Query("人工智能 -制造业", (Term("人工智能"),), (Term("制造业"),))
    assert results.understood(query) == "“人工智能” · 不含“制造业”"


def test_a_quotation_comes_with_its_date_its_occasion_and_its_id(corpus: Corpus) -> None:
    quote = corpus.quote("q-2024-03-05")
    assert quote is not None
    text = seen(results.page(found(hit(quote), quotes=1), SearchPage(1)).text)
    assert "2024年3月5日" in text
    assert quote.occasion in text
    assert quote.id in text


def test_a_reading_comes_with_title_author_source_section_kind_and_id(corpus: Corpus) -> None:
    reading = corpus.reading("a-2026-04-05.2.1")
    assert reading is not None
    text = seen(results.page(found(hit(reading), readings=1), SearchPage(1)).text)
    for part in (reading.article.title, "盛朝迅", "《新经济导刊》2025年第10期", "（一）量子科技"):
        assert part in text
    assert "导读" in text
    assert reading.id in text


def test_the_match_is_bold_and_left_out_text_is_marked(corpus: Corpus) -> None:
    piece = Snippet("要加快发展新质生产力。", ((5, 10),), cut_before=True, cut_after=True)
    assert results.snippet(piece) == "……要加快发展<b>新质生产力</b>。……"


def test_adjoining_marks_are_one_bold_run() -> None:
    assert results.snippet(Snippet("新质生产力", ((0, 2), (2, 5)))) == "<b>新质生产力</b>"


def test_hostile_text_is_shown_and_not_obeyed(corpus: Corpus) -> None:
    query = Query("<b>&amp;", (Term("<b>&amp;"),))
    some = found(
        hit(corpus.quotes[0], snippet=Snippet("<a href='x'>&", ((0, 2),))), quotes=1, query=query
    )
    page = Page(results.page(some, SearchPage(1)).text)
    assert "“<b>&amp;”" in page.text
    assert "<a href='x'>&" in page.text


@pytest.mark.parametrize(
    ("match", "corrected", "words"),
    [
        (Match.PINYIN, "脑机接口", "没有“naojijiekou”，按拼音找到的是“脑机接口”"),
        (Match.FUZZY, "脑机接口", "没有“naojijiekou”，写法最接近的是“脑机接口”"),
        (Match.EXACT, "人工智能", "按“人工智能”来查"),
        (Match.WORDS, "脑机接口", "没有“naojijiekou”，按意思相同的“脑机接口”来查"),
        (Match.WORDS, "", "没有一字不差的“naojijiekou”"),
    ],
)
def test_a_loose_match_says_how_it_was_made(
    corpus: Corpus, match: Match, corrected: str, words: str
) -> None:
    query = Query("naojijiekou", (Term("naojijiekou"),))
    some = found(hit(corpus.quotes[0], match), quotes=1, query=query, corrected=corrected)
    assert words in seen(results.page(some, SearchPage(1)).text)


def test_an_exact_match_needs_no_explanation(corpus: Corpus) -> None:
    some = found(hit(corpus.quotes[0]), quotes=1)
    assert seen(results.page(some, SearchPage(1)).text).splitlines()[1] == ""


def test_hits_are_numbered_on_from_page_to_page(corpus: Corpus) -> None:
    some = found(*(hit(quote) for quote in corpus.quotes[:5]), quotes=30)
    answer = results.page(some, SearchPage(1, page=1))
    assert labels(answer)[0] == ["6", "7", "8", "9", "10"]
    assert labels(answer)[1] == ["‹ 上一页", "下一页 ›"]
    assert "第 2 / 6 页" in seen(answer.text)
    assert "6. 发展新质生产力" in seen(answer.text)


def test_a_number_opens_the_passage_beside_it(corpus: Corpus) -> None:
    some = found(*(hit(quote) for quote in corpus.quotes[:2]), quotes=2)
    answer = results.page(some, SearchPage(1))
    assert [callbacks.parse(button.data) for button in answer.buttons[0]] == [
        callbacks.OpenPassage(quote.id) for quote in corpus.quotes[:2]
    ]


def test_the_last_page_goes_only_back(corpus: Corpus) -> None:
    some = found(hit(corpus.quotes[0]), quotes=6)
    assert ["‹ 上一页"] in labels(results.page(some, SearchPage(1, page=1)))


def test_filters_stand_only_where_both_kinds_were_found(corpus: Corpus) -> None:
    one = hit(corpus.quotes[0])
    both = labels(results.page(found(one, quotes=1, readings=1), SearchPage(1)))
    assert ["✓ 全部", "论述", "文章"] in both
    only_quotes = labels(results.page(found(one, quotes=2), SearchPage(1)))
    assert not any("论述" in row for row in only_quotes)


def test_a_change_of_filter_or_order_starts_at_the_first_page(corpus: Corpus) -> None:
    some = found(hit(corpus.quotes[0]), quotes=20, readings=20)
    answer = results.page(some, SearchPage(7, page=2, kind=Kind.QUOTE))
    targets = [callbacks.parse(button.data) for row in answer.buttons[2:] for button in row]
    assert len(targets) == 6
    assert all(
        isinstance(one, SearchPage) and (one.query_id, one.page) == (7, 0) for one in targets
    )


def test_one_hit_needs_no_order(corpus: Corpus) -> None:
    assert labels(results.page(found(hit(corpus.quotes[0]), quotes=1), SearchPage(1))) == [
        ["看全文"]
    ]


def test_nothing_found_says_so_and_offers_what_is_near() -> None:
    none = Found(QUERY, (), 0, suggestions=("未来产业", "2024年3月"))
    answer = results.nothing(none, {"未来产业": 5, "2024年3月": 6})
    assert seen(answer.text).startswith("没有找到“新质生产力” · 2024年的内容。")
    assert labels(answer) == [["未来产业", "2024年3月"]]
    assert callbacks.parse(answer.buttons[0][0].data) == callbacks.Ask(5)


def test_what_the_corpus_is_about_is_not_called_near() -> None:
    none = Found(QUERY, (), 0, suggestions=("未来产业",), are_near=False)
    text = seen(results.nothing(none, {"未来产业": 5}).text)
    assert "没有与它相近的词" in text
    assert "相近、查得到" not in text


def test_hits_with_some_of_the_words_only_are_not_passed_off_as_having_all(corpus: Corpus) -> None:
    query = Query("新质生产力 火锅", (Term("新质生产力"), Term("火锅")))
    some = found(hit(corpus.quotes[0], Match.WORDS), quotes=1, query=query)
    says = "没有一处全部含有"
    assert says in seen(results.page(replace(some, is_partial=True), SearchPage(1)).text)
    assert says not in seen(results.page(some, SearchPage(1)).text)


def test_nothing_found_and_nothing_near_gives_examples() -> None:
    answer = results.nothing(Found(QUERY, (), 0), {})
    assert "例如：新质生产力" in seen(answer.text)
    assert answer.buttons == ()


def test_a_refused_query_shows_the_sentence_and_its_example_as_a_button() -> None:
    error = QueryError("2024年2月没有30日，例如：2024年2月29日", "2024年2月29日")
    answer = results.refused(error, {"2024年2月29日": 9})
    assert "2024年2月没有30日" in seen(answer.text)
    assert labels(answer) == [["2024年2月29日"]]


def test_nothing_found_of_one_kind_says_of_which() -> None:
    query = Query("论述 脑机接口", (Term("脑机接口"),), kinds=frozenset({Kind.QUOTE}))
    text = seen(results.nothing(Found(query, (), 0), {}).text)
    assert text.startswith("论述里没有找到“脑机接口”的内容。")
