"""What the tests of search share: the shipped corpus, the whole booklet, and an oracle."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.corpus.load import load_corpus
from bot.model import (
    Article,
    Compilation,
    Corpus,
    Found,
    Hit,
    PartialDate,
    Passage,
    Quote,
    Section,
)
from bot.search.index import Index, open_index
from bot.search.query import parse
from bot.search.synonyms import load_synonyms
from bot.search.text import fold
from tests.conftest import ROOT
from tests.corpus.booklet import read_booklet

TODAY = date(2026, 11, 24)
SYNONYMS = ROOT / "config" / "synonyms.yaml"

Ask = Callable[[str], Found]


@pytest.fixture(scope="session")
def shipped(shipped_corpus: Path) -> Corpus:
    return load_corpus([shipped_corpus])


@pytest.fixture(scope="session")
def shipped_index(shipped: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(shipped, tmp_path_factory.mktemp("shipped"), load_synonyms(SYNONYMS))


@pytest.fixture(scope="session")
def booklet(shared: Path) -> Corpus:
    """The compilation with the articles in full, as an operator's import has it."""
    text = (shared / "data" / "compilation-2026-04.md").read_text(encoding="utf-8")
    read = read_booklet(text)
    days: list[date] = []
    quotes = []
    for one in read.quotes:
        days.append(one.said_on)
        again = f"-{days.count(one.said_on)}" if days.count(one.said_on) > 1 else ""
        quote_id = f"q-{one.said_on}{again}"
        quotes.append(Quote(quote_id, "booklet", one.said_on, one.occasion, one.text))
    articles = []
    for number, article in enumerate(read.articles, 1):
        article_id = f"a-2026-04-{number:02d}"
        sections = tuple(
            Section(f"{article_id}.{at}", one.title, one.depth, "", "", (one.text or one.title,))
            for at, one in enumerate(article.sections)
        )
        articles.append(
            Article(
                id=article_id,
                compilation_id="booklet",
                title=article.title,
                author=article.author,
                role=article.role,
                source=article.source,
                published=PartialDate(2026),
                sections=sections,
            )
        )
    compilation = Compilation(
        id="booklet",
        title="深入学习习近平总书记关于未来产业的重要论述",
        publisher="中共江苏省委宣传部",
        issued=PartialDate(2026, 4),
        theme="未来产业",
        topics=("未来产业", "新质生产力"),
        quotes=tuple(quotes),
        articles=tuple(articles),
    )
    return Corpus((compilation,), hashlib.sha256(text.encode()).hexdigest())


@pytest.fixture(scope="session")
def booklet_index(booklet: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return open_index(booklet, tmp_path_factory.mktemp("booklet"))


@pytest.fixture(scope="session")
def ask(shipped_index: Index) -> Ask:
    """All hits of a query on the shipped corpus."""

    def answer(text: str) -> Found:
        return shipped_index.find(parse(text, TODAY), today=TODAY, limit=None)

    return answer


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.id for hit in hits]


def fields(passage: Passage) -> Iterator[str]:
    """Every text of a passage that is searched, told here a second time, by hand."""
    yield passage.text
    if isinstance(passage, Quote):
        yield from (passage.occasion, "习近平")
    else:
        article = passage.article
        yield from (article.title, passage.section.title, article.author)
        yield from (article.role, article.source)


_FOLDED: dict[str, dict[str, list[str]]] = {}  # fingerprint -> id -> texts


def holders(corpus: Corpus, text: str) -> set[str]:
    """The oracle: ids of the passages in which a text stands, by looking at every one."""
    if corpus.fingerprint not in _FOLDED:
        _FOLDED[corpus.fingerprint] = {
            passage.id: [fold(one) for one in fields(passage)] for passage in corpus
        }
    wanted = fold(text)
    return {
        passage_id
        for passage_id, texts in _FOLDED[corpus.fingerprint].items()
        if any(wanted in one for one in texts)
    }
