"""The booklet of April 2026, imported over the shipped corpus.

What is expected here was counted by hand, reading the booklet: paragraphs of each section,
its first and last characters, the line each quotation begins on. tests/corpus/booklet.py,
which shares nothing with the importer, is the second witness for the text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.importing.compilation import Draft, draft
from bot.corpus.importing.formats import read_source
from bot.model import Compilation, Corpus, Remark, Repair
from tests.corpus.booklet import Booklet, read_booklet, squeeze

PAGE_BREAKS = 74
WITHIN_A_SENTENCE = 57  # the other 17 stand between paragraphs

# Section: paragraphs, first characters, last characters.
SECTIONS = {
    "a-2026-04-01.0": (5, "2月9日上午", "战略性、紧迫性。"),
    "a-2026-04-01.1": (16, "在决定未来走向", "不容有失的考验。"),
    "a-2026-04-01.2": (19, "未来产业是“从 0 到 1”", "高端领域迈进”。"),
    "a-2026-04-01.3": (12, "未来产业培育周期长", "呈现勃勃生机。"),
    "a-2026-04-02.0": (1, "人工智能是新一轮", "物质技术基础。"),
    "a-2026-04-02.1": (4, "党的十八大以来", "保障“产业强”。"),
    "a-2026-04-02.2": (4, "党的十八大以来", "影响力持续提升。"),
    "a-2026-04-02.3": (7, "工业和信息化部将坚持", "持续贡献中国智慧。"),
    "a-2026-04-03.0": (1, "党的二十大报告指出", "金融良性循环。"),
    "a-2026-04-03.1": (17, "当前，世界百年变局", "新模式、新路径。"),
    "a-2026-04-03.2": (12, "当前，以人工智能为核心", "资源浪费会更大。"),
    "a-2026-04-03.3": (14, "科技、产业、金融是 3 个", "降低交易成本。"),
    "a-2026-04-04.0": (1, "党的十八大以来", "行动指南。"),
    "a-2026-04-04.1": (4, "当前，新一轮科技革命", "关键之举。"),
    "a-2026-04-04.2": (5, "推动新兴产业和未来产业", "产业健康发展。"),
    "a-2026-04-04.3": (3, "培育壮大新兴产业和未来产业，必须", "知识共享。"),
    "a-2026-04-05.0": (1, "未来产业是由前沿科技", "必由之路。"),
    "a-2026-04-05.1": (0, "", ""),
    "a-2026-04-05.1.1": (1, "《中华人民共和国", "发展先机。"),
    "a-2026-04-05.1.2": (1, "前沿技术是未来产业的发源地", "商业化落地。"),
    "a-2026-04-05.1.3": (1, "我国人均 GDP", "带动作用明显。"),
    "a-2026-04-05.1.4": (1, "我国科技人力资源", "强大人才支撑。"),
    "a-2026-04-05.1.5": (1, "未来产业的原型产品", "产业化过程。"),
    "a-2026-04-05.2": (0, "", ""),
    "a-2026-04-05.2.1": (1, "量子科技是基于", "精度和稳定性。"),
    "a-2026-04-05.2.2": (1, "生物制造是一种", "新的动力。"),
    "a-2026-04-05.2.3": (1, "氢是宇宙中", "能源梦想。"),
    "a-2026-04-05.2.4": (1, "脑机接口是指", "治疗领域。"),
    "a-2026-04-05.2.5": (1, "具身智能是一个", "新阶段。"),
    "a-2026-04-05.2.6": (1, "第六代移动通信的核心", "10 万亿元。"),
    "a-2026-04-05.3": (1, "未来产业发展需要", "高技术产业。"),
    "a-2026-04-05.3.1": (1, "颠覆性技术的产生", "策源地。"),
    "a-2026-04-05.3.2": (1, "资本是未来产业", "未来产业发展。"),
    "a-2026-04-05.3.3": (1, "未来产业的发展有赖于", "应用迭代。"),
    "a-2026-04-05.3.4": (1, "未来产业、未来科技", "快速成长。"),
    "a-2026-04-05.3.5": (1, "产业组织模式创新", "协同创新。"),
    "a-2026-04-06.0": (1, "现代化产业体系是", "布局未来产业。"),
    "a-2026-04-06.1": (4, "现代化产业体系具有", "受制于人状态。"),
    "a-2026-04-06.2": (4, "未来产业不仅会", "竞争格局。"),
    "a-2026-04-06.3": (7, "前瞻布局未来产业是", "国际合作。"),
}


@pytest.fixture(scope="module")
def file(shared: Path) -> Path:
    return shared / "data" / "compilation-2026-04.md"


@pytest.fixture(scope="module")
def made(file: Path, corpus: Corpus) -> Draft:
    return draft(read_source(file), corpus)


@pytest.fixture(scope="module")
def shipped(corpus: Corpus) -> Compilation:
    return corpus.compilations[0]


@pytest.fixture(scope="module")
def printed(file: Path) -> Booklet:
    return read_booklet(file.read_text(encoding="utf-8"))


def repairs(made: Draft, kind: Repair) -> list[Remark]:
    return [one for one in made.report.repairs if one.kind == kind]


def test_it_is_known_as_the_shipped_compilation(made: Draft, shipped: Compilation) -> None:
    one = made.compilation
    assert (one.id, one.title, one.publisher, one.issued) == (
        shipped.id,
        shipped.title,
        shipped.publisher,
        shipped.issued,
    )


def test_the_title_is_whole_without_the_shipped_corpus_too(file: Path) -> None:
    alone = draft(read_source(file), Corpus((), "")).compilation
    assert alone.title == "深入学习习近平总书记关于未来产业的重要论述"
    assert (alone.id, alone.theme) == ("2026-04", "未来产业")


@pytest.mark.parametrize("number", range(30))
def test_a_quotation_is_exactly_the_shipped_one(
    made: Draft, shipped: Compilation, number: int
) -> None:
    assert made.compilation.quotes[number] == shipped.quotes[number]


def test_there_are_30_quotations_and_6_articles(made: Draft) -> None:
    counts = made.report.counts
    assert (counts.quotes, counts.quotes_promised) == (30, 30)
    assert (counts.articles, counts.articles_promised) == (6, 6)


def test_the_bibliography_is_the_shipped_one(made: Draft, shipped: Compilation) -> None:
    def bibliography(compilation: Compilation) -> list[tuple[str, ...]]:
        return [
            (one.id, one.title, one.author, one.role, one.source, str(one.published))
            for one in compilation.articles
        ]

    assert bibliography(made.compilation) == bibliography(shipped)


def test_every_section_has_its_id_heading_digest_and_excerpt(
    made: Draft, shipped: Compilation
) -> None:
    def outline(compilation: Compilation) -> list[tuple[str | int, ...]]:
        return [
            (one.id, one.title, one.depth, one.digest, one.excerpt)
            for article in compilation.articles
            for one in article.sections
        ]

    assert outline(made.compilation) == outline(shipped)


def test_the_sections_are_those_counted_by_hand(made: Draft) -> None:
    found = [one.id for article in made.compilation.articles for one in article.sections]
    assert found == list(SECTIONS)


@pytest.mark.parametrize("section_id", SECTIONS)
def test_a_section_has_the_paragraphs_counted_by_hand(made: Draft, section_id: str) -> None:
    count, first, last = SECTIONS[section_id]
    sections = {one.id: one for each in made.compilation.articles for one in each.sections}
    original = sections[section_id].original
    assert len(original) == count
    assert "\n".join(original).startswith(first)
    assert "\n".join(original).endswith(last)


@pytest.mark.parametrize("number", range(6))
def test_no_character_of_an_article_is_lost_or_added(
    made: Draft, printed: Booklet, number: int
) -> None:
    article = made.compilation.articles[number]
    expected = [one.text for one in printed.articles[number].sections if one.depth == 1]
    got: list[str] = []
    for section in article.sections:
        text = squeeze("".join(section.original))
        if section.depth == 1:
            got.append(text)
        else:
            got[-1] += squeeze(section.title) + text
    assert got == [squeeze(one) for one in expected]


def test_all_74_page_breaks_are_healed(made: Draft) -> None:
    assert made.report.counts.pages == PAGE_BREAKS + 1
    assert len(repairs(made, Repair.PAGE_BREAK_JOINED)) == WITHIN_A_SENTENCE


def test_stray_spaces_around_digits_stay_in_the_text(made: Draft) -> None:
    assert "加快 5G 网络" in made.compilation.quotes[1].text


def test_the_heading_that_lost_its_mark_is_recovered(made: Draft) -> None:
    assert [one.line for one in repairs(made, Repair.HEADING_RECOVERED)] == [692]


def test_the_repeated_characters_are_taken_out_once(made: Draft) -> None:
    assert [one.line for one in repairs(made, Repair.REPETITION_REMOVED)] == [394]
    text = made.compilation.articles[1].sections[3].original[0]
    assert "特色社会主义思想为指导，深入学习" in text


def test_it_leaves_no_doubt(made: Draft) -> None:
    assert made.report.doubts == ()
