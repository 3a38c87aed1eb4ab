"""Facts about order and number: what comes first, and how many there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.model import (
    Article,
    Compilation,
    Corpus,
    Kind,
    Match,
    Order,
    PartialDate,
    Quote,
    Section,
)
from bot.search.index import Index, open_index
from bot.search.query import parse
from tests.search.conftest import TODAY, Ask, holders, ids

RANK = {Match.EXACT: 0, Match.WORDS: 1}


def quote(name: str, day: date, text: str, occasion: str = "在座谈会上的讲话") -> Quote:
    return Quote(name, "one", day, occasion, text)


def article(published: PartialDate, *texts: str, title: str = "文章题目") -> Article:
    sections = tuple(
        Section(f"a-1.{at}", f"第{at}节", 1, text, "") for at, text in enumerate(texts)
    )
    return Article("a-1", "one", title, "某某", "", "《某刊》2026年第1期", published, sections)


def corpus_of(quotes: tuple[Quote, ...], *articles: Article) -> Corpus:
    issued = PartialDate(2026, 4)
    one = Compilation("one", "汇编", "出版者", issued, "主题", ("主题",), quotes, articles)
    return Corpus((one,), fingerprint="made for one test")


@pytest.fixture
def index_of(tmp_path: Path) -> object:
    def build(*quotes: Quote, articles: tuple[Article, ...] = ()) -> Index:
        return open_index(corpus_of(quotes, *articles), tmp_path)

    return build


def found_ids(index: Index, text: str, order: Order = Order.RELEVANCE) -> list[str]:
    return ids(index.find(parse(text, TODAY), today=TODAY, limit=None, order=order).hits)


DAYS = [date(2024, month, 1) for month in range(1, 7)]


def made(tmp_path: Path, *texts: str, articles: tuple[Article, ...] = ()) -> Index:
    quotes = [quote(f"q-{at}", DAYS[at], text) for at, text in enumerate(texts)]
    return open_index(corpus_of(tuple(quotes), *articles), tmp_path)


def test_the_run_as_typed_comes_before_all_words_and_those_before_some(tmp_path: Path) -> None:
    index = made(tmp_path, "制造业很大。", "制造业要用人工智能。", "人工智能制造业。", "无关的话。")
    assert found_ids(index, "人工智能 制造业") == ["q-2", "q-1", "q-0"]


def test_the_rarer_word_alone_ranks_above_the_commoner_alone(tmp_path: Path) -> None:
    index = made(tmp_path, "新质生产力。", "新质生产力。", "江苏的事。", "新质生产力。")
    assert found_ids(index, "新质生产力 江苏")[0] == "q-2"


def test_a_word_with_exact_hits_has_no_looser_ones(tmp_path: Path) -> None:
    index = made(tmp_path, "先进制造业。", "制造业要先进。")
    assert found_ids(index, "先进制造业") == ["q-0"]


def test_a_piece_of_a_sentence_with_marks_in_it_is_no_list_of_words(
    shipped: Corpus, ask: Ask
) -> None:
    found = ask("培育壮大新兴产业，超前布局建设未来产业")
    assert set(ids(found.hits)) == holders(shipped, "培育壮大新兴产业，超前布局建设未来产业")
    assert set(ids(ask("人才，海洋").hits)) >= holders(shipped, "海洋")


def test_what_was_said_comes_first_where_it_is_asked_what_he_said(ask: Ask) -> None:
    found = ask("总书记关于人工智能是怎么说的")
    kinds = [hit.kind for hit in found.hits]
    assert kinds == sorted(kinds)
    assert set(kinds) == set(Kind)
    assert set(ids(found.hits)) == set(ids(ask("人工智能").hits))


def test_with_a_date_what_was_said_comes_before_what_was_published(ask: Ask) -> None:
    found = ask("去年10月 未来产业")
    assert set(ids(found.hits)[:2]) == {"q-2025-10-23", "q-2025-10-31"}
    assert found.hits[-1].kind is Kind.READING


def test_a_loose_hit_has_a_real_share_of_what_the_query_tells(ask: Ask) -> None:
    assert ask("不存在的词语").total == 0
    assert ask("共同富裕").total == 0
    assert ask("新质生产力火锅").total > 0


def test_a_sentence_that_stands_nowhere_is_searched_by_its_words(shipped_index: Index) -> None:
    found = shipped_index.find(parse("深圳特区40周年", TODAY), today=TODAY)
    assert ids(found.hits) == ["q-2020-10-14"]
    assert found.hits[0].match is Match.WORDS


def test_a_question_is_searched_by_what_it_asks_about(ask: Ask) -> None:
    assert set(ids(ask("新质生产力是什么？").hits)) == set(ids(ask("新质生产力").hits))


def test_a_phrase_finds_nothing_looser(ask: Ask) -> None:
    assert ask("“深圳特区40周年”").total == 0


def test_a_phrase_beside_a_word_is_in_every_hit(shipped: Corpus, ask: Ask) -> None:
    found = ask("“因地制宜” 江苏")
    assert set(ids(found.hits)) == holders(shipped, "因地制宜")
    assert ids(found.hits)[0] in holders(shipped, "江苏")


def test_an_excluded_word_is_in_no_hit(shipped: Corpus, ask: Ask) -> None:
    expected = holders(shipped, "人工智能") - holders(shipped, "制造业")
    assert set(ids(ask("人工智能 -制造业").hits)) == expected


def test_a_single_character_beside_a_word_does_not_find_alone(shipped: Corpus, ask: Ask) -> None:
    assert set(ids(ask("脑机接口 的").hits)) == holders(shipped, "脑机接口")


def test_the_occasion_counts_more_than_the_text(tmp_path: Path) -> None:
    quotes = (
        quote("q-0", DAYS[0], "这里说到江苏代表团。"),
        quote("q-1", DAYS[1], "这里说到别的话题。", "在江苏代表团审议时强调"),
    )
    index = open_index(corpus_of(quotes), tmp_path)
    assert found_ids(index, "江苏代表团") == ["q-1", "q-0"]


def test_the_title_counts_more_than_the_text(tmp_path: Path) -> None:
    titled = article(PartialDate(2026, 2), "别的内容。", title="论量子科技")
    index = made(tmp_path, "量子科技。", articles=(titled,))
    assert found_ids(index, "量子科技") == ["a-1.0", "q-0"]


@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.OLDEST])
def test_of_equal_hits_quotations_come_first_and_then_the_older(
    tmp_path: Path, order: Order
) -> None:
    same = "发展量子科技。"
    index = made(tmp_path, same, same, articles=(article(PartialDate(2026, 2), same),))
    assert found_ids(index, "发展量子科技", order) == ["q-0", "q-1", "a-1.0"]


def test_newest_and_oldest_order_all_hits_by_date(ask: Ask, shipped_index: Index) -> None:
    query = parse("人工智能 制造业", TODAY)
    by_rank = shipped_index.find(query, today=TODAY, limit=None)
    for order in (Order.NEWEST, Order.OLDEST):
        found = shipped_index.find(query, today=TODAY, limit=None, order=order)
        days = [
            hit.passage.said_on
            if isinstance(hit.passage, Quote)
            else hit.passage.article.published.first_on
            for hit in found.hits
        ]
        assert days == sorted(days, reverse=order is Order.NEWEST)
        how = {hit.passage.id: hit.match for hit in by_rank.hits}
        assert {hit.passage.id: hit.match for hit in found.hits} == how


@pytest.mark.parametrize("text", ["未来产业", "人工智能 制造业", "2024年", "论述", "新生产力"])
@pytest.mark.parametrize("order", list(Order))
def test_pages_in_a_row_are_all_hits_each_once(
    shipped_index: Index, text: str, order: Order
) -> None:
    query = parse(text, TODAY)
    every = shipped_index.find(query, today=TODAY, limit=None, order=order)
    paged: list[str] = []
    while len(paged) < every.total:
        page = shipped_index.find(query, today=TODAY, limit=3, offset=len(paged), order=order)
        assert page.total == every.total
        paged += ids(page.hits)
    assert paged == ids(every.hits)
    assert len(set(paged)) == every.total


def test_a_page_past_the_end_is_empty_and_still_knows_the_total(shipped_index: Index) -> None:
    found = shipped_index.find(parse("雄安", TODAY), today=TODAY, offset=50)
    assert (found.hits, found.total) == ((), 1)


def test_totals_by_kind_add_up_and_a_filter_narrows_only_what_is_shown(
    shipped_index: Index,
) -> None:
    query = parse("量子科技", TODAY)
    every = shipped_index.find(query, today=TODAY, limit=None)
    assert sum(every.totals.values()) == every.total
    for kind in Kind:
        narrowed = shipped_index.find(query, today=TODAY, limit=None, only=kind)
        assert narrowed.totals == every.totals
        assert narrowed.total == every.totals[kind]
        assert ids(narrowed.hits) == [one.passage.id for one in every.hits if one.kind is kind]


def test_closer_hits_always_stand_before_looser_ones(ask: Ask) -> None:
    for text in ("人工智能 制造业", "战略性新兴产业，未来产业", "未来产业 前瞻布局 集体学习"):
        ranks = [RANK[hit.match] for hit in ask(text).hits]
        assert ranks == sorted(ranks)


def test_the_same_query_has_the_same_answer(ask: Ask) -> None:
    assert ask("科技创新 人才").hits == ask("科技创新 人才").hits


# ---------------------------------------------------------------------------- dates


def test_a_date_lists_its_quotations_first_and_oldest_first(ask: Ask, shipped: Corpus) -> None:
    hits = [hit for hit in ask("2024年以来").hits if hit.match is Match.DATE]
    quotes = [one.passage.id for one in hits if one.kind is Kind.QUOTE]
    assert ids(tuple(hits))[: len(quotes)] == quotes
    assert quotes == [one.id for one in shipped.quotes if one.said_on >= date(2024, 1, 1)]


def test_a_date_in_every_year_finds_its_day_in_each(ask: Ask) -> None:
    assert ids(ask("3月5日").hits) == ["q-2024-03-05", "q-2025-03-05", "q-2026-03-05"]


def test_a_date_and_a_word_must_both_hold(ask: Ask, shipped: Corpus) -> None:
    expected = {
        one for one in holders(shipped, "新质生产力") if (shipped.passage(one) in shipped.quotes)
    }
    expected = {one for one in expected if one.startswith("q-2024")}
    assert set(ids(ask("2024年 新质生产力 论述").hits)) == expected


def test_text_that_begins_like_a_date_is_found_word_for_word_first(ask: Ask) -> None:
    found = ask("去年7月以来，我在四川")
    assert found.hits[0].passage.id == "q-2024-01-31"
    assert found.hits[0].match is Match.EXACT


def test_mentions_of_a_date_follow_what_is_of_that_date(ask: Ask) -> None:
    matches = [hit.match for hit in ask("2025年").hits]
    assert matches == sorted(matches, key=[Match.DATE, Match.EXACT].index)
    assert Match.EXACT in matches


@pytest.mark.parametrize("typed", ["q-2024-03-05", " Q-2024-03-05", "a-2026-04-03.2"])
def test_an_id_finds_its_passage(ask: Ask, typed: str) -> None:
    assert ids(ask(typed).hits) == [typed.strip().casefold()]


def test_the_id_of_an_article_finds_its_sections_in_order(ask: Ask, shipped: Corpus) -> None:
    article = shipped.article("a-2026-04-05")
    assert article is not None
    assert ids(ask("a-2026-04-05").hits) == [section.id for section in article.sections]


def test_the_newest_stand_first_where_they_are_asked_for(ask: Ask) -> None:
    assert ids(ask("最新的论述").hits)[:2] == ["q-2026-03-23", "q-2026-03-05"]
    assert ids(ask("人工智能最新论述").hits)[0] == "q-2025-10-31"


def test_the_first_time_stands_first_where_it_is_asked_for(ask: Ask) -> None:
    assert ids(ask("新质生产力最早是什么时候提出的").hits)[0] == "q-2023-09-07"


def test_only_where_no_passage_has_all_terms_are_hits_partial(ask: Ask) -> None:
    assert ask("新质生产力 火锅").is_partial
    assert ask("雁行理论 脑机接口").is_partial
    assert not ask("人工智能 制造业").is_partial
    assert not ask("新质生产力").is_partial


def test_the_post_of_an_author_is_found_but_counts_no_more_than_the_text(
    shipped: Corpus, ask: Ask
) -> None:
    by_post = ids(ask("应用经济学院").hits)
    assert {one.rpartition(".")[0] for one in by_post} == {"a-2026-04-04"}
    best = [shipped.passage(one) for one in ids(ask("应用").hits)[:5]]
    assert all(one and "应用" in f"{one.text}{getattr(one, 'section', '')}" for one in best)


def test_words_outside_the_date_are_no_hits_but_are_suggested(ask: Ask) -> None:
    found = ask("2014年 雄安新区")
    assert found.total == 0
    assert "雄安新区" in found.suggestions


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("2026年", True), ("2026年1月到4月", True), ("2026年4月", False), ("2026年3月以前", False)],
)
def test_a_reading_of_a_year_is_of_the_year_up_to_the_month_of_its_compilation(
    tmp_path: Path, asked: str, is_found: bool
) -> None:
    index = made(tmp_path, articles=(article(PartialDate(2026), "内容。"),))
    assert (found_ids(index, asked) == ["a-1.0"]) is is_found


def test_a_reading_of_a_month_is_found_by_the_month_of_every_year(tmp_path: Path) -> None:
    index = made(tmp_path, articles=(article(PartialDate(2025, 11), "内容。"),))
    assert found_ids(index, "11月") == ["a-1.0"]
    assert found_ids(index, "11月3日") == []


def test_a_query_of_a_kind_alone_lists_all_of_that_kind(ask: Ask, shipped: Corpus) -> None:
    listed = [hit.passage.id for hit in ask("论述").hits if hit.kind is Kind.QUOTE]
    assert listed == [one.id for one in shipped.quotes]


def test_kinds_changed_by_a_button_narrow_the_answer(shipped_index: Index) -> None:
    query = replace(parse("量子科技", TODAY), kinds=frozenset({Kind.READING}))
    found = shipped_index.find(query, today=TODAY, limit=None)
    assert found.totals[Kind.QUOTE] == 0
    assert found.total > 0
