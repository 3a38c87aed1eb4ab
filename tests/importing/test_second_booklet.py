"""A booklet with other quirks than the real one: second.md, made up, read with these eyes.

No page breaks but page numbers, a contents page without brackets, a cover whose month stands
beside the publisher, numbered and grouped quotations, attributions in five forms, a source
above the text, an author's name marked as a heading, a heading without its mark.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.corpus.importing.compilation import Draft, draft
from bot.corpus.importing.formats import read_source
from bot.model import Corpus, Doubt, PartialDate, Repair


@pytest.fixture(scope="module")
def made() -> Draft:
    return draft(read_source(Path(__file__).parent / "second.md"), Corpus((), ""))


def test_the_imprint_is_read_from_the_cover(made: Draft) -> None:
    one = made.compilation
    assert (one.title, one.publisher, one.issued) == (
        "学习镇长关于渡口建设的重要论述",
        "渡口镇编印组",
        PartialDate(2026, 5),
    )


def test_attributions_are_understood_in_five_forms(made: Draft) -> None:
    assert [(one.said_on, one.until, one.occasion) for one in made.compilation.quotes] == [
        (date(2025, 3, 8), date(2025, 3, 10), "在渡口考察时强调"),
        (date(2025, 6, 1), None, "在乡邻会上的讲话"),
        (date(2026, 1, 15), None, "《关于〈修桥章程〉的说明》"),
        (date(2026, 1, 15), None, "《关于〈修桥章程〉的说明》"),
        (date(2026, 2, 10), None, "在“春耕”座谈会上的讲话"),
    ]


def test_a_quotation_of_two_paragraphs_is_healed_and_without_its_number(made: Draft) -> None:
    assert made.compilation.quotes[0].text == (
        "修桥先修路，修路先修心。桥是大家的，路也是大家的，谁也不能只看自己门前的一步，"
        "要看对岸的一步。\n要把账算清楚，“该花的钱一分不少，不该花的钱一分不花。”"
    )


def test_quotations_of_one_day_are_told_apart_by_their_ids(made: Draft) -> None:
    assert [one.id for one in made.compilation.quotes][2:4] == ["q-2026-01-15", "q-2026-01-15-2"]


def test_articles_have_title_author_post_and_source(made: Draft) -> None:
    one, two = made.compilation.articles
    assert (one.title, one.author, one.role) == (
        "旧桥怎样变成新路",
        "周禾",
        "渡口文史馆馆长",
    )
    assert (one.source, one.published) == ("《渡口时报》2026年4月2日第3版", PartialDate(2026, 4, 2))
    assert (two.title, two.source, two.published) == (
        "稻田里的学问",
        "渡口网 2026-04-20",
        PartialDate(2026, 4, 20),
    )


def test_where_no_author_is_named_the_publication_answers(made: Draft) -> None:
    assert made.compilation.articles[1].author == "渡口网"
    assert Doubt.NO_AUTHOR in {one.kind for one in made.report.doubts}


def test_the_outline_is_told_by_numbers_not_by_marks(made: Draft) -> None:
    sections = made.compilation.articles[0].sections
    assert [(one.title, one.depth, len(one.original)) for one in sections] == [
        ("引言", 1, 1),
        ("1．桥的来历", 1, 2),
        ("2．桥的改建", 1, 1),
        ("3. 桥与人", 1, 1),
    ]
    assert Repair.HEADING_RECOVERED in {one.kind for one in made.report.repairs}


def test_the_only_doubts_are_the_author_that_nobody_names(made: Draft) -> None:
    assert [one.kind for one in made.report.doubts] == [Doubt.NO_AUTHOR]
