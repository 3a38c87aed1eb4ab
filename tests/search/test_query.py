"""Facts about the query language: what is typed, and what is understood."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.model import DateRange, Kind, Order, Query, Term, YearlyDate
from bot.search.query import MAX_CHARACTERS, parse
from bot.search.text import fold
from tests.search.conftest import TODAY

LAST_YEAR = DateRange(date(2025, 1, 1), date(2025, 12, 31))
YEAR_2024 = DateRange(date(2024, 1, 1), date(2024, 12, 31))
QUOTES = frozenset({Kind.QUOTE})
READINGS = frozenset({Kind.READING})


def understood(text: str) -> Query:
    return parse(text, TODAY)


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("新质生产力", ["新质生产力"]),
        ("人工智能 制造业", ["人工智能", "制造业"]),
        ("人工智能　制造业", ["人工智能", "制造业"]),
        ("人工智能，制造业；脑机接口、量子", ["人工智能", "制造业", "脑机接口", "量子"]),
        ("  新质生产力？ ", ["新质生产力"]),
        ("《红旗文稿》", ["红旗文稿"]),
        ("《党建》杂志", ["《党建》杂志"]),
        ("人工智能（AI）", ["人工智能（AI）"]),
        ("（一）", ["一"]),
        ("从0到1", ["从0到1"]),
        ("从 0 到 1", ["从 0 到 1"]),
        ("AI AI", ["AI"]),
        ("“十四五”", ["十四五"]),
        ("9,000亿元", ["9,000亿元"]),
        ("人工智能+", ["人工智能+"]),
    ],
)
def test_words_become_terms(text: str, keywords: list[str]) -> None:
    assert list(understood(text).keywords) == keywords


@pytest.mark.parametrize(
    "text",
    ["“因地制宜”", '"因地制宜"', "「因地制宜」", "『因地制宜』", "‘因地制宜’", "＂因地制宜＂"],
)
def test_quotation_marks_of_every_kind_make_a_phrase(text: str) -> None:
    assert understood(text).terms == (Term("因地制宜", is_phrase=True),)


def test_a_quotation_mark_alone_is_punctuation() -> None:
    assert understood("“因地制宜").terms == (Term("因地制宜"),)


def test_a_date_inside_a_phrase_is_words() -> None:
    query = understood("“2024年”")
    assert (query.keywords, query.dates) == (("2024年",), ())


@pytest.mark.parametrize(
    "text", ["人工智能 -制造业", "人工智能 －制造业", "-制造业 人工智能", "人工智能 –制造业"]
)
def test_a_minus_sign_before_a_word_excludes_it(text: str) -> None:
    query = understood(text)
    assert query.keywords == ("人工智能",)
    assert query.excluded == (Term("制造业"),)


def test_a_phrase_can_be_excluded() -> None:
    query = understood("人工智能 -“先进制造业”")
    assert query.excluded == (Term("先进制造业", is_phrase=True),)


def test_a_word_that_begins_with_a_number_can_be_excluded() -> None:
    assert understood("网络 -5G").excluded == (Term("5G"),)


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    query = understood("A-B")
    assert (query.keywords, query.excluded) == (("A-B",), ())


def test_a_hyphen_between_years_is_a_range() -> None:
    query = understood("2023-2024年")
    assert query.dates == (DateRange(date(2023, 1, 1), date(2024, 12, 31)),)
    assert query.excluded == ()


@pytest.mark.parametrize(
    ("text", "kinds", "keywords"),
    [
        ("论述 新质生产力", QUOTES, ["新质生产力"]),
        ("新质生产力 论述", QUOTES, ["新质生产力"]),
        ("语录 改革", QUOTES, ["改革"]),
        ("文章 新质生产力", READINGS, ["新质生产力"]),
        ("论述", QUOTES, []),
        ("文章", READINGS, []),
        ("关于人工智能的论述", QUOTES, ["人工智能"]),
        ("关于“人工智能”的论述", QUOTES, ["人工智能"]),
        ("习近平总书记关于未来产业的重要论述", QUOTES, ["未来产业"]),
        ("关于雄安的讲话", QUOTES, ["雄安"]),
        ("量子科技的文章", READINGS, ["量子科技"]),
        ("李晓华写的文章", READINGS, ["李晓华"]),
        ("所有论述", QUOTES, []),
        ("全部的文章", READINGS, []),
        ("有几条论述", QUOTES, []),
        ("最新的论述", QUOTES, []),
        ("人工智能最新讲话", QUOTES, ["人工智能"]),
        ("庆祝大会上的讲话", frozenset(Kind), ["庆祝大会上的讲话"]),
        ("五篇大文章", frozenset(Kind), ["五篇大文章"]),
    ],
)
def test_a_kind_is_told_from_words(text: str, kinds: frozenset[Kind], keywords: list[str]) -> None:
    query = understood(text)
    assert (query.kinds, list(query.keywords)) == (kinds, keywords)


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("谁说过先立后破", ["先立后破"]),
        ("牛鼻子是在哪次会上说的", ["牛鼻子"]),
        ("先立后破是哪篇", ["先立后破"]),
        ("麻烦问一下，脑机接口是什么", ["脑机接口"]),
        ("学习一下新质生产力", ["新质生产力"]),
        ("找一找氢能相关的资料", ["氢能"]),
        ("求先立后破原话", ["先立后破"]),
        ("要防止什么泡沫化来着", ["要防止", "泡沫化"]),
        ("谁写的现代化产业体系建设", ["现代化产业体系建设"]),
        ("第一次提出新质生产力", ["新质生产力"]),
        ("先立后破是谁说的", ["先立后破"]),
        ("先立后破出自哪里", ["先立后破"]),
        ("总书记关于人工智能是怎么说的", ["人工智能"]),
        ("总书记怎么看民营企业", ["民营企业"]),
        ("总书记对东北有什么要求", ["东北"]),
        ("习近平在福建考察时说了什么", ["福建考察"]),
        ("未来产业有哪些论述", ["未来产业"]),
        ("未来产业有哪些特点？", ["未来产业", "特点"]),
        ("请问什么是新质生产力？", ["新质生产力"]),
        ("新质生产力是什么意思啊", ["新质生产力"]),
        ("新质生产力是什么时候提出的", ["新质生产力"]),
        ("新质生产力最早是什么时候提出的", ["新质生产力"]),
        ("你好，请问脑机接口是什么", ["脑机接口"]),
        ("帮我找一下脑机接口", ["脑机接口"]),
        ("帮我找关于耐心资本的文章", ["耐心资本"]),
        ("麻烦帮我查一下雄安新区，谢谢", ["雄安新区"]),
        ("给我几条关于就业的论述", ["就业"]),
        ("我想了解一下量子科技", ["量子科技"]),
        ("有没有讲海洋经济的", ["海洋经济"]),
        ("哪篇文章讲了氢能", ["氢能"]),
        ("李晓华写的", ["李晓华"]),
        ("怎么解决就业问题", ["就业"]),
        ("为什么要发展未来产业", ["发展未来产业"]),
        ("如何看待传统产业", ["传统产业"]),
        ("人工智能怎样帮助工厂", ["人工智能", "工厂"]),
        ("李乐成怎么看人工智能", ["李乐成", "人工智能"]),
        ("脑机接口能治什么病", ["脑机接口"]),
        ("“先立后破”是谁说的", ["先立后破"]),
        ("#人工智能", ["人工智能"]),
        ("＃人工智能＃", ["人工智能"]),
        ("#人工智能 #制造业", ["人工智能", "制造业"]),
        ("新质生产力！！！", ["新质生产力"]),
    ],
)
def test_a_request_or_question_is_asked_by_what_it_is_about(text: str, keywords: list[str]) -> None:
    query = understood(text)
    assert list(query.keywords) == keywords
    assert not query.dates


@pytest.mark.parametrize(
    "text",
    [
        "为什么",
        "怎么办",
        "什么",
        "要求",
        "讲话",
        "内容",
        "求真务实",
        "电子信息",
        "人工智能",
        "主要任务",
    ],
)
def test_a_word_that_only_looks_like_filler_stays(text: str) -> None:
    assert understood(text).keywords == (text,)


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("關於人工智慧的論述", "人工智慧"),
        ("請問總書記怎麼談新質生產力", "新質生產力"),
        ("新質生產力是什麼", "新質生產力"),
    ],
)
def test_what_is_asked_around_in_traditional_signs_is_dropped_and_the_rest_stays_as_typed(
    text: str, keyword: str
) -> None:
    assert understood(text).keywords == (keyword,)


def test_a_question_about_what_he_said_has_his_words_first() -> None:
    assert understood("总书记关于人工智能是怎么说的").first is Kind.QUOTE
    assert understood("什么是未来产业").first is None


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("2024年讲话", ()),
        ("2024年 重要讲话", ()),
        ("2024年总书记讲话", ()),
        ("总书记去年的讲话", ()),
        ("总书记 去年", ()),
        ("今年有哪些讲话", ()),
        ("今年总书记有哪些重要讲话", ()),
        ("去年安徽 讲话", ("安徽",)),
        ("习近平2024年的讲话", ("习近平",)),
    ],
)
def test_beside_a_date_his_title_and_a_speech_say_whose_words(
    text: str, keywords: tuple[str, ...]
) -> None:
    query = understood(text)
    assert (query.kinds, query.keywords) == (QUOTES, keywords)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("最新的论述", Order.NEWEST),
        ("最新的人工智能论述", Order.NEWEST),
        ("最新关于人工智能的文章", Order.NEWEST),
        ("总书记最近讲了什么", Order.NEWEST),
        ("最近的一条讲话", Order.NEWEST),
        ("关于人工智能的最新论述", Order.NEWEST),
        ("新质生产力最早是什么时候提出的", Order.OLDEST),
        ("第一次提出新质生产力", Order.OLDEST),
        ("人工智能、制造业的最新论述", Order.RELEVANCE),
        ("最新", Order.RELEVANCE),
        ("最新成果", Order.RELEVANCE),
        ("首次公开", Order.RELEVANCE),
    ],
)
def test_the_newest_or_the_first_is_asked_for_in_so_many_words(text: str, order: Order) -> None:
    assert understood(text).order is order


@pytest.mark.parametrize(
    ("text", "dates", "keywords"),
    [
        ("2024年 新质生产力", [YEAR_2024], ["新质生产力"]),
        ("新质生产力2024年", [YEAR_2024], ["新质生产力"]),
        ("新质生产力２０２４年", [YEAR_2024], ["新质生产力"]),
        ("#新质生产力 2024年", [YEAR_2024], ["新质生产力"]),
        ("去年总书记去江苏说了什么", [LAST_YEAR], ["江苏"]),
        ("总书记去年在江苏代表团怎么讲", [LAST_YEAR], ["在江苏代表团"]),
        ("请问2024年关于就业是怎么说的？", [YEAR_2024], ["就业"]),
        ("2024年的新质生产力", [YEAR_2024], ["新质生产力"]),
        ("去年关于人工智能的论述", [LAST_YEAR], ["人工智能"]),
        ("去年习近平总书记关于人工智能的论述", [LAST_YEAR], ["人工智能"]),
        ("去年的论述", [LAST_YEAR], []),
        ("去年说了什么", [LAST_YEAR], []),
        ("去年总书记在哪里讲话", [LAST_YEAR], []),
        ("去年所有的论述", [LAST_YEAR], []),
        ("去年全部论述", [LAST_YEAR], []),
        ("日期 2024年", [YEAR_2024], []),
        ("去年总书记讲过什么", [LAST_YEAR], []),
        ("3月5日", [YearlyDate(3, 5)], []),
        ("2024年江苏代表团", [YEAR_2024], ["江苏代表团"]),
        ("2024年 “因地制宜”", [YEAR_2024], ["因地制宜"]),
    ],
)
def test_dates_are_taken_out_and_what_ties_them_to_words_is_dropped(
    text: str, dates: list[DateRange | YearlyDate], keywords: list[str]
) -> None:
    query = understood(text)
    assert (list(query.dates), list(query.keywords)) == (dates, keywords)


@pytest.mark.parametrize(
    "text", ["2024年 新质生产力", "论述", "去年7月以来，我在四川", "人工智能，新能源，人工智能"]
)
def test_the_whole_text_is_kept_where_it_is_more_than_its_terms_in_a_row(text: str) -> None:
    assert understood(text).literal == text


@pytest.mark.parametrize("text", ["新质生产力", "人工智能 制造业", "人工智能 -制造业"])
def test_the_text_is_not_kept_where_its_terms_say_it_all(text: str) -> None:
    assert understood(text).literal == ""


@pytest.mark.parametrize("text", ["", "   ", "，。！", "🎉🎉", "“”", "-", "\ud800"])
def test_a_query_without_a_letter_is_refused_with_an_example_that_works(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        understood(text)
    assert refused.value.example in str(refused.value)
    assert understood(refused.value.example).terms


def test_a_query_that_only_excludes_is_refused_with_an_example_that_works() -> None:
    with pytest.raises(QueryError) as refused:
        understood("-制造业")
    assert understood(refused.value.example).excluded == (Term("制造业"),)


def test_a_query_may_have_200_characters_and_no_more() -> None:
    assert understood("新" * MAX_CHARACTERS).terms
    with pytest.raises(QueryError, match="201 个字"):
        understood("新" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("text", ["2024年2月30日", "4月31日 新质生产力", "2024年13月"])
def test_an_impossible_date_is_refused_with_an_example_that_works(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        understood(text)
    assert understood(refused.value.example).dates


def test_only_dates_are_accepted_where_a_date_is_asked_for() -> None:
    assert parse("2024年3月", TODAY, dates_only=True).dates
    for text in ("新质生产力", "2024年3月 新质生产力", "论述", "2024年 -制造业"):
        with pytest.raises(QueryError) as refused:
            parse(text, TODAY, dates_only=True)
        assert parse(refused.value.example, TODAY, dates_only=True).dates


@given(st.text(alphabet=st.characters(), max_size=MAX_CHARACTERS))
def test_any_text_is_understood_or_refused_and_nothing_else(text: str) -> None:
    with suppress(QueryError):
        query = understood(text)
        assert query.terms or query.dates or query.kinds != frozenset(Kind)
        assert all(fold(term.text) for term in (*query.terms, *query.excluded))
