"""The corpus that the repository carries, held against the booklet it was made from.

Here stand the promises of fidelity: quotations character by character, bibliography,
headings, digests whose facts stand in the source, short excerpts, and nothing longer.
The booklet is read by booklet.py, never by the product's importer. How files are read
and refused is tested in test_load.py and test_check.py.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.corpus.load import load_corpus
from bot.model import Article, Compilation, Quote, Section
from tests.conftest import ROOT
from tests.corpus.booklet import (
    Booklet,
    PrintedArticle,
    PrintedQuote,
    PrintedSection,
    read_booklet,
    squeeze,
)

COMPILATION_ID = "2026-04-future-industries"
QUOTES = 30
ARTICLES = 6
LONGEST_EXCERPT = 80
LONGEST_RUN_IN_A_DIGEST = 20
LONGEST_RUN_ANYWHERE = 90

every_quote = pytest.mark.parametrize(
    "number", range(QUOTES), ids=[f"quote-{number:02d}" for number in range(1, QUOTES + 1)]
)
every_article = pytest.mark.parametrize(
    "number", range(ARTICLES), ids=[f"article-{number}" for number in range(1, ARTICLES + 1)]
)


# ---------------------------------------------------------------------- the two sides


@pytest.fixture(scope="module")
def booklet(shared: Path) -> Booklet:
    return read_booklet((shared / "data" / "compilation-2026-04.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compilation(shipped_corpus: Path) -> Compilation:
    found = load_corpus([shipped_corpus]).compilation(COMPILATION_ID)
    assert found is not None
    return found


@dataclass(frozen=True)
class Pair:
    """An article as shipped and as printed."""

    shipped: Article
    printed: PrintedArticle

    def sections(self) -> Iterator[tuple[Section, PrintedSection]]:
        return zip(self.shipped.sections, self.printed.sections, strict=True)


@pytest.fixture
def article(number: int, compilation: Compilation, booklet: Booklet) -> Pair:
    return Pair(compilation.articles[number], booklet.articles[number])


@pytest.fixture
def quote(number: int, compilation: Compilation) -> Quote:
    return compilation.quotes[number]


@pytest.fixture
def printed_quote(number: int, booklet: Booklet) -> PrintedQuote:
    return booklet.quotes[number]


# ------------------------------------------------------------------------ the booklet


def test_the_booklet_and_the_corpus_have_the_same_number_of_quotations(
    compilation: Compilation, booklet: Booklet
) -> None:
    assert (len(compilation.quotes), len(booklet.quotes)) == (QUOTES, QUOTES)


def test_the_booklet_and_the_corpus_have_the_same_number_of_articles(
    compilation: Compilation, booklet: Booklet
) -> None:
    assert (len(compilation.articles), len(booklet.articles)) == (ARTICLES, ARTICLES)


def test_the_compilation_is_named_as_on_the_cover(
    compilation: Compilation, booklet: Booklet
) -> None:
    assert compilation.title in squeeze(booklet.cover)


def test_the_publisher_and_the_month_of_issue_are_those_of_the_cover(
    compilation: Compilation, booklet: Booklet
) -> None:
    issued = compilation.issued
    assert f"{compilation.publisher}{issued.year}年{issued.month}月" in squeeze(booklet.cover)


def test_every_topic_of_the_compilation_stands_in_the_booklet(
    compilation: Compilation, booklet: Booklet
) -> None:
    printed = [quote.text for quote in booklet.quotes] + [one.text for one in booklet.articles]
    assert [topic for topic in compilation.topics if topic not in "\n".join(printed)] == []


# --------------------------------------------------------------------- the quotations


@every_quote
def test_a_quotation_is_the_booklets_character_by_character(
    quote: Quote, printed_quote: PrintedQuote
) -> None:
    assert quote.text == printed_quote.text


@every_quote
def test_a_quotation_has_the_booklets_date(quote: Quote, printed_quote: PrintedQuote) -> None:
    assert quote.said_on == printed_quote.said_on


@every_quote
def test_a_quotation_has_the_booklets_occasion(quote: Quote, printed_quote: PrintedQuote) -> None:
    assert quote.occasion == printed_quote.occasion


@every_quote
def test_a_quotation_has_two_to_five_topics(quote: Quote) -> None:
    assert 2 <= len(set(quote.topics)) == len(quote.topics) <= 5


@every_quote
def test_every_topic_of_a_quotation_stands_in_its_text(quote: Quote) -> None:
    assert [topic for topic in quote.topics if topic not in quote.text] == []


def test_the_id_of_a_quotation_is_its_date_and_its_place_on_that_date(
    compilation: Compilation,
) -> None:
    days = [quote.said_on for quote in compilation.quotes]
    places = [days[:at].count(day) + 1 for at, day in enumerate(days)]
    expected = [
        f"q-{day.isoformat()}" + (f"-{place}" if place > 1 else "")
        for day, place in zip(days, places, strict=True)
    ]
    assert [quote.id for quote in compilation.quotes] == expected


# ----------------------------------------------------------------------- the articles


@every_article
def test_an_article_has_the_booklets_title(article: Pair) -> None:
    assert article.shipped.title == article.printed.title


@every_article
def test_an_article_has_the_booklets_author(article: Pair) -> None:
    assert article.shipped.author == article.printed.author


@every_article
def test_an_article_has_the_authors_post_as_printed(article: Pair) -> None:
    assert article.shipped.role == article.printed.role


@every_article
def test_an_article_has_its_source_as_printed(article: Pair) -> None:
    assert squeeze(article.shipped.source) == squeeze(article.printed.source)


def test_the_articles_are_dated_as_precisely_as_their_sources(compilation: Compilation) -> None:
    # Only a volume is given for the third; the fourth's journal has 24 issues a year.
    assert [str(article.published) for article in compilation.articles] == [
        "2026-02-12",
        "2025-11",
        "2026",
        "2025-12",
        "2025-10",
        "2026-03-25",
    ]


@every_article
def test_an_article_has_every_heading_in_order(article: Pair) -> None:
    assert [(section.title, section.depth) for section in article.shipped.sections] == [
        (section.title, section.depth) for section in article.printed.sections
    ]


def test_the_heading_that_lost_its_mark_is_a_sub_section(compilation: Compilation) -> None:
    titles = {section.id: section.title for section in compilation.articles[4].sections}
    assert titles["a-2026-04-05.1.5"] == "（五）强大的制造能力和产业配套夯实前沿技术产业化基础"


@every_article
def test_every_topic_of_an_article_stands_in_it(article: Pair) -> None:
    printed = squeeze(article.printed.title) + article.printed.text
    assert [topic for topic in article.shipped.topics if topic not in printed] == []


# ----------------------------------------------------------------------- the digests


# A date with all it has, or a number with its decimals, percent sign, magnitude and unit.
FIGURE = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"
    r"|\d+(?:\.\d+)?(?:%|[余多]?[万亿]*[余多]?[年月日人元个家件位项所款篇类]?)"
)
# A count in words. `一` alone is as often an article (`一个`) as a number, and left out.
COUNT = re.compile(r"[二两三四五六七八九十百千]+(?:个|大|项|类|家|所|对|部|次|位)")
NAMED = re.compile(r"《[^》]+》|“[^”]+”")


def figures_not_in(source: str, digest: str) -> list[str]:
    """The figures, dates and counts of a digest that do not stand in the source as they are."""
    figures = FIGURE.findall(squeeze(digest)) + COUNT.findall(digest)
    return [
        figure
        for figure in figures
        if not re.search(rf"(?<![\d.]){re.escape(figure)}(?:(?<!\d)|(?!\.?\d))", source)
    ]


@every_article
def test_every_digest_has_80_to_160_characters(article: Pair) -> None:
    lengths = {section.id: len(section.digest) for section in article.shipped.sections}
    assert {each: length for each, length in lengths.items() if not 80 <= length <= 160} == {}


@every_article
def test_every_figure_and_date_of_a_digest_stands_in_its_section(article: Pair) -> None:
    unfounded = {
        shipped.id: figures_not_in(printed.source, shipped.digest)
        for shipped, printed in article.sections()
    }
    assert {each: figures for each, figures in unfounded.items() if figures} == {}


@every_article
def test_every_title_and_quoted_term_of_a_digest_stands_in_its_section(article: Pair) -> None:
    unfounded = {
        shipped.id: [term for term in NAMED.findall(shipped.digest) if term not in printed.source]
        for shipped, printed in article.sections()
    }
    assert {each: terms for each, terms in unfounded.items() if terms} == {}


@every_article
def test_a_digest_is_worded_anew(article: Pair) -> None:
    size = LONGEST_RUN_IN_A_DIGEST + 1
    copied = {
        section.id: [run for run in windows(digest, size) if run in article.printed.text]
        for section in article.shipped.sections
        for digest in [re.sub("《[^》]+》", "", squeeze(section.digest))]
    }
    assert {each: runs for each, runs in copied.items() if runs} == {}


@pytest.mark.parametrize(
    ("digest", "unfounded"),
    [
        ("2025年10月", ["2025年10月"]),
        ("占5%", ["5%"]),
        ("占2.8%", []),
        ("超3.9万亿元", []),
        ("超3.9亿元", ["3.9亿元"]),
        ("第4位", ["4位"]),
        ("三大领域", ["三大"]),
        ("5G和6", ["5", "6"]),
        ("2025年", []),
    ],
)
def test_a_figure_that_is_only_part_of_another_is_unfounded(
    digest: str, unfounded: list[str]
) -> None:
    source = "2025年超3.9万亿元，达到2.8%，10月占15%，由第14位到六大领域，2025年9月"
    assert figures_not_in(source, digest) == unfounded


# ---------------------------------------------------------------------- the excerpts


@every_article
def test_every_section_has_an_excerpt_of_at_most_80_characters(article: Pair) -> None:
    lengths = {section.id: len(section.excerpt) for section in article.shipped.sections}
    wrong = {each: length for each, length in lengths.items() if not 0 < length <= LONGEST_EXCERPT}
    assert wrong == {}


@every_article
def test_every_excerpt_truly_stands_in_its_section(article: Pair) -> None:
    assert [
        shipped.id
        for shipped, printed in article.sections()
        if squeeze(shipped.excerpt) not in printed.text
    ] == []


@every_article
def test_no_two_excerpts_of_an_article_are_the_same(article: Pair) -> None:
    excerpts = [section.excerpt for section in article.shipped.sections]
    assert len(set(excerpts)) == len(excerpts)


@every_article
def test_the_repository_carries_no_original_of_an_article(article: Pair) -> None:
    assert [section.id for section in article.shipped.sections if section.original] == []


# ---------------------------------------------- nothing longer, anywhere in the repository


def windows(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(len(text) - size + 1))


class LongRuns:
    """Finds runs of the articles' text, longer than a limit, in other texts.

    A run of 2k-1 characters covers one block of k that starts at a multiple of k, so only
    every k-th window of a text is looked up; a block that is known is extended both ways.
    """

    def __init__(self, articles: Sequence[str], quotes: Sequence[str], limit: int) -> None:
        self.source = "\n".join(map(squeeze, articles))
        self.quotes = [squeeze(quote) for quote in quotes]
        self.limit = limit
        self.block = limit // 2 + 1
        self.places: dict[str, list[int]] = {}
        for at, window in enumerate(windows(self.source, self.block)):
            self.places.setdefault(window, []).append(at)

    def found_in(self, text: str) -> list[str]:
        """The runs of article text in `text` that are too long and not from a quotation."""
        text = squeeze(text)
        runs = {
            self.extend(text, at, place)
            for at in range(0, len(text) - self.block + 1, self.block)
            for place in self.places.get(text[at : at + self.block], ())
        }
        return sorted(
            run
            for run in runs
            if len(run) > self.limit and not any(run in quote for quote in self.quotes)
        )

    def extend(self, text: str, at: int, place: int) -> str:
        start, end = at, at + self.block
        shift = place - at
        while start and start + shift and text[start - 1] == self.source[start + shift - 1]:
            start -= 1
        last = min(len(text), len(self.source) - shift)
        while end < last and text[end] == self.source[end + shift]:
            end += 1
        return text[start:end]


@pytest.fixture(scope="module")
def long_runs(booklet: Booklet) -> LongRuns:
    return LongRuns(
        [article.text for article in booklet.articles],
        [quote.text for quote in booklet.quotes],
        LONGEST_RUN_ANYWHERE,
    )


def texts_of_the_repository() -> Iterator[tuple[str, str]]:
    """Path and text of every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for path in filter(None, listed.stdout.decode().split("\0")):
        file = ROOT / path
        data = file.read_bytes() if file.is_file() else b""
        if b"\0" not in data:
            yield path, data.decode("utf-8", errors="replace")


def test_no_file_of_the_repository_carries_a_longer_run_of_an_article(long_runs: LongRuns) -> None:
    found = {path: long_runs.found_in(text) for path, text in texts_of_the_repository()}
    assert f"corpus/{COMPILATION_ID}/quotes.yaml" in found
    assert {path: runs for path, runs in found.items() if runs} == {}


@pytest.mark.parametrize("offset", [0, 1, 45, 46, 90])
def test_a_run_of_91_characters_is_found_wherever_it_stands(
    long_runs: LongRuns, booklet: Booklet, offset: int
) -> None:
    run = booklet.articles[2].text[500:591]
    assert long_runs.found_in("甲" * offset + run[:30] + "\n  " + run[30:] + "乙") == [run]


def test_a_run_of_90_characters_is_let_pass(long_runs: LongRuns, booklet: Booklet) -> None:
    assert long_runs.found_in(booklet.articles[2].text[500:590]) == []
