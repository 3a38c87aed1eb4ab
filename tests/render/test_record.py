"""Facts about the JSON object of a search: the keys and values programs rely on."""

from __future__ import annotations

import json
from datetime import date

from bot.model import (
    Article,
    DateRange,
    Found,
    Hit,
    Match,
    PartialDate,
    Query,
    Quote,
    Reading,
    Section,
    Snippet,
    Term,
    YearlyDate,
)
from bot.render.record import search_record

QUOTE = Quote("q-2024-03-05", "one", date(2024, 3, 5), "在审议时强调", "因地制宜。", ())
ARTICLE = Article(
    id="a-2026-04-02",
    compilation_id="one",
    title="题目",
    author="某某",
    role="",
    source="《某刊》",
    published=PartialDate(2025, 11),
    sections=(Section("a-2026-04-02.1", "一、小标题", 1, "导读。", "摘句。"),),
)


def test_a_quotation_is_told_with_its_occasion_as_title_and_its_day() -> None:
    snippet = Snippet("因地制宜。", ((0, 4),))
    query = Query("因地制宜", (Term("因地制宜"),))
    found = Found(query, (Hit(QUOTE, Match.EXACT, 1.0, snippet),), 1)
    assert search_record("因地制宜", query, found) == {
        "query": "因地制宜",
        "keywords": ["因地制宜"],
        "dates": [],
        "total": 1,
        "hits": [
            {
                "id": "q-2024-03-05",
                "kind": "quote",
                "date": "2024-03-05",
                "title": "在审议时强调",
                "author": "习近平",
                "text": "因地制宜。",
                "snippet": "因地制宜。",
                "match": "exact",
            }
        ],
        "suggestions": [],
        "error": None,
    }


def test_a_reading_is_told_with_article_and_section_author_and_a_date_as_known() -> None:
    reading = Reading(ARTICLE, ARTICLE.sections[0])
    snippet = Snippet("导读。", cut_before=True, cut_after=True)
    query = Query("导读", (Term("导读"),))
    found = Found(query, (Hit(reading, Match.WORDS, 1.0, snippet),), 1)
    (hit,) = search_record("导读", query, found)["hits"]
    assert hit["kind"] == "reading"
    assert hit["date"] == "2025-11"
    assert hit["title"] == "题目 · 一、小标题"
    assert hit["author"] == "某某"
    assert hit["text"] == "导读。\n摘句。"
    assert hit["snippet"] == "…导读。…"


def test_open_ends_are_null_and_yearly_dates_name_month_and_day() -> None:
    dates = (DateRange(date(2024, 1, 1), None), DateRange(None, date(2024, 1, 1)))
    query = Query("日期", dates=(*dates, YearlyDate(3, 5), YearlyDate(3)))
    assert search_record("日期", query, Found(query, (), 0))["dates"] == [
        {"start": "2024-01-01", "end": None},
        {"start": None, "end": "2024-01-01"},
        {"month": 3, "day": 5},
        {"month": 3, "day": None},
    ]


def test_a_refused_query_has_the_sentence_and_no_hits() -> None:
    record = search_record("2024年2月30日", None, None, "2024年2月只有29天。")
    assert record["error"] == "2024年2月只有29天。"
    assert (record["hits"], record["total"], record["query"]) == ([], 0, "2024年2月30日")


def test_the_keys_come_in_the_order_of_the_specification() -> None:
    record = json.loads(json.dumps(search_record("", None, None, "没有")))
    assert list(record) == [
        "query",
        "keywords",
        "dates",
        "total",
        "hits",
        "suggestions",
        "error",
    ]
