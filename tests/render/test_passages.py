"""A passage in full, with all that is needed to trust it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Answer, Corpus, Quote, Reading
from bot.render import articles, callbacks, passages
from tests.render.conftest import Page, seen


def labels(answer: Answer) -> list[str]:
    return [button.label for row in answer.buttons for button in row]


def quote_of(corpus: Corpus, quote_id: str) -> Quote:
    found = corpus.quote(quote_id)
    assert found is not None
    return found


def reading_of(corpus: Corpus, section_id: str) -> Reading:
    found = corpus.reading(section_id)
    assert found is not None
    return found


def test_every_passage_of_the_shipped_corpus_is_shown_whole(corpus: Corpus) -> None:
    for passage in corpus:
        page = Page(passages.passage(passage, corpus).text)
        text = passage.text if isinstance(passage, Quote) else passage.section.digest
        assert text in page.text
        assert passage.id in page.text


def test_a_quotation_cites_occasion_date_compilation_topics_and_id(corpus: Corpus) -> None:
    quote = quote_of(corpus, "q-2024-03-05")
    text = seen(passages.quotation(quote, corpus).text)
    assert f"—— {quote.occasion}（2024年3月5日）" in text
    assert "出处：深入学习习近平总书记关于未来产业的重要论述" in text
    assert f"主题：{'、'.join(quote.topics)}" in text
    assert "编号：q-2024-03-05" in text


def test_neighbours_are_by_date(corpus: Corpus) -> None:
    answer = passages.quotation(quote_of(corpus, "q-2024-03-05"), corpus)
    assert [callbacks.parse(button.data) for button in answer.buttons[0]] == [
        callbacks.TurnToPassage("q-2024-01-31"),
        callbacks.TurnToPassage("q-2024-03-20"),
    ]


def test_the_first_and_the_last_quotation_have_one_neighbour(corpus: Corpus) -> None:
    assert labels(passages.quotation(corpus.quotes[0], corpus)) == ["下一条 ›", "相关论述"]
    assert labels(passages.quotation(corpus.quotes[-1], corpus)) == ["‹ 上一条", "相关论述"]


def test_a_reading_is_marked_and_attributed(corpus: Corpus) -> None:
    reading = reading_of(corpus, "a-2026-04-02.2")
    text = seen(passages.reading(reading).text)
    assert "【导读】" in text
    assert f"【原文摘句】\n{reading.section.excerpt}" in text
    assert "作者：李乐成（工业和信息化部党组书记、部长）" in text
    assert "来源：《党建》杂志 2025年第11期" in text
    assert "【原文】" not in text


def test_an_imported_reading_shows_digest_and_then_the_original(corpus: Corpus) -> None:
    reading = reading_of(corpus, "a-2026-04-02.2")
    section = replace(reading.section, original=("第一段。", "第二段。"))
    text = seen(passages.reading(Reading(reading.article, section)).text)
    assert text.index("【导读】") < text.index("【原文】\n第一段。\n第二段。")
    assert "【原文摘句】" not in text


def test_a_sub_section_names_the_section_it_belongs_to(corpus: Corpus) -> None:
    reading = reading_of(corpus, "a-2026-04-05.2.1")
    assert passages.section_name(reading) == "二、“十五五”时期未来产业发展重点 · （一）量子科技"


def test_the_last_section_leads_to_the_next_article(corpus: Corpus) -> None:
    answer = passages.reading(reading_of(corpus, "a-2026-04-01.3"))
    assert labels(answer)[:2] == ["‹ 上一节", "下一篇 ›"]
    assert callbacks.parse(answer.buttons[0][1].data) == callbacks.ReadAfter("a-2026-04-01.3")


@pytest.mark.parametrize(
    ("article_id", "source"),
    [
        ("a-2026-04-01", "新华网 2026年2月12日"),
        ("a-2026-04-03", "《中国科学院院刊》2026年第41卷"),
        ("a-2026-04-04", "《红旗文稿》2025年第24期"),
    ],
)
def test_a_source_that_has_its_year_is_cited_as_it_stands(
    corpus: Corpus, article_id: str, source: str
) -> None:
    article = corpus.article(article_id)
    assert article is not None
    assert passages.source(Reading(article, article.sections[0])) == source


def test_a_source_without_its_date_gets_it(corpus: Corpus) -> None:
    reading = reading_of(corpus, "a-2026-04-01.0")
    article = replace(reading.article, source="新华网")
    assert passages.source(replace(reading, article=article)) == "新华网（2026年2月12日）"


def test_related_passages_open_by_number(corpus: Corpus) -> None:
    quote, *others = corpus.quotes[:3]
    answer = passages.related(quote, others)
    assert [callbacks.parse(button.data) for button in answer.buttons[0]] == [
        callbacks.OpenPassage(other.id) for other in others
    ]
    assert "与2014年12月9日的论述相关" in seen(answer.text)


def test_an_id_the_corpus_has_lost_is_told_kindly() -> None:
    text = seen(passages.gone("<q-1999-01-01>").text)
    assert "<q-1999-01-01>" in text
    assert "例如" in text


def test_the_articles_are_listed_with_author_source_and_length(corpus: Corpus) -> None:
    text = seen(articles.listing(corpus, 0, None).text)
    for article in corpus.articles:
        assert article.title in text
        assert f"{article.author} · {article.source} · {len(article.sections)} 节" in text


def test_the_list_says_where_the_chat_stopped(corpus: Corpus) -> None:
    answer = articles.listing(corpus, 0, reading_of(corpus, "a-2026-04-02.2"))
    assert "上次读到《加快推进人工智能赋能新型工业化》" in seen(answer.text)
    assert callbacks.parse(answer.buttons[-1][0].data) == callbacks.Continue()


def test_a_long_article_is_paged_and_its_numbers_run_on(corpus: Corpus) -> None:
    article = corpus.article("a-2026-04-05")
    assert article is not None
    answer = articles.contents(article, 1)
    assert "9. （一）量子科技" in seen(answer.text)
    assert labels(answer)[:8] == [str(number) for number in range(9, 17)]
    assert callbacks.parse(answer.buttons[0][0].data) == callbacks.TurnToSection(
        article.sections[8].id
    )


def test_a_page_that_is_not_there_any_more_is_the_last_one(corpus: Corpus) -> None:
    article = corpus.article("a-2026-04-05")
    assert article is not None
    assert articles.contents(article, 99) == articles.contents(article, 2)
