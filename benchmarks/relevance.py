"""How well search ranks: MRR and nDCG@5 on the judged queries, beside four others.

    pip install -e '.[bench,test]'
    python -m benchmarks.relevance            # two Markdown tables: overall, and by class

All search the same documents: every passage of the shipped corpus with its title, author,
publication and text, for a quotation with its occasion and its date in Chinese too. The
others get what their users would give them: jieba's search mode with the corpus's topics as
words, stop words left out, words joined by OR and ranked by BM25, titles and authors
weighing twice; for trigrams the phrase first, then any trigram, then LIKE for what is
shorter. None of them is told what kind of query it is. The judgements are ours, by reading
(`tests/search/relevance.yaml`).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import jieba
from whoosh import fields, qparser
from whoosh.analysis import RegexTokenizer
from whoosh.filedb.filestore import RamStorage

from bot.corpus.load import load_corpus
from bot.errors import QueryError
from bot.model import Corpus, Passage, Quote
from bot.search.index import open_index
from bot.search.query import parse
from bot.search.synonyms import load_synonyms
from bot.search.text import fold
from bot.search.words import STOP_WORDS
from tests.search.relevance import Judged, Search, read_judgements, score

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 24)
MOST = 10
HEAD_WEIGHT = 2

Document = tuple[str, str, str]  # id, head, text


def documents(corpus: Corpus) -> list[Document]:
    """What every searcher is given, quotations first."""
    return [(passage.id, "\n".join(head(passage)), passage.text) for passage in corpus]


def head(passage: Passage) -> list[str]:
    """Title, author and the like of a passage, and the date of a quotation."""
    if isinstance(passage, Quote):
        day = passage.said_on
        return [passage.occasion, passage.author, f"{day.year}年{day.month}月{day.day}日"]
    article = passage.article
    return [article.title, passage.section.title, article.author, article.role, article.source]


def cut(text: str) -> list[str]:
    """Words as the others index and ask for them."""
    words = (word.strip().lower() for word in jieba.cut_for_search(text))
    return [word for word in words if fold(word) and word not in STOP_WORDS]


# ------------------------------------------------------------------------- the searchers


def ours(corpus: Corpus, folder: Path) -> Search:
    """studybot, as the command line asks it."""
    index = open_index(corpus, folder, load_synonyms(ROOT / "config" / "synonyms.yaml"))

    def search(typed: str) -> Sequence[str]:
        try:
            query = parse(typed, TODAY)
        except QueryError:
            return []
        return [hit.passage.id for hit in index.find(query, today=TODAY, limit=MOST).hits]

    return search


def fts5(every: Sequence[Document], tokenizer: str, prepare: Callable[[str], str]) -> Any:
    """An FTS5 table of id, head and text."""
    database = sqlite3.connect(":memory:")
    database.execute(
        f"CREATE VIRTUAL TABLE passage USING fts5(id UNINDEXED, head, text, tokenize='{tokenizer}')"
    )
    rows = [(one, prepare(named), prepare(text)) for one, named, text in every]
    database.executemany("INSERT INTO passage VALUES (?, ?, ?)", rows)
    return database


def match(database: Any, expression: str) -> list[str]:
    """Ids by BM25, the head weighing twice."""
    statement = (
        "SELECT id FROM passage WHERE passage MATCH ? "
        f"ORDER BY bm25(passage, 0, {HEAD_WEIGHT}, 1), rowid LIMIT {MOST}"
    )
    return [row[0] for row in database.execute(statement, (expression,))]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def fts5_jieba(every: Sequence[Document]) -> Search:
    """FTS5 over jieba's words, any of them."""
    database = fts5(every, "unicode61", lambda text: " ".join(cut(text)))

    def search(typed: str) -> Sequence[str]:
        words = cut(typed)
        return match(database, " OR ".join(map(quoted, words))) if words else []

    return search


def fts5_trigram(every: Sequence[Document]) -> Search:
    """FTS5 over trigrams: the words typed as phrases, then any trigram, then LIKE."""
    database = fts5(every, "trigram", str)

    def search(typed: str) -> Sequence[str]:
        words = typed.split()
        longer = [word for word in words if len(word) > 2]
        found: list[str] = []
        if longer:
            found += match(database, " AND ".join(map(quoted, longer)))
            grams = [word[at : at + 3] for word in longer for at in range(len(word) - 2)]
            found += match(database, " OR ".join(map(quoted, grams)))
        short = [word for word in words if len(word) < 3]
        if short:
            parts = " AND ".join("(head LIKE ? OR text LIKE ?)" for _ in short)
            values = [f"%{word}%" for word in short for _ in "ht"]
            rows = database.execute(f"SELECT id FROM passage WHERE {parts} ORDER BY rowid", values)
            having = [row[0] for row in rows]
            both = [one for one in found if one in having]
            found = [*both, *(found or having)]
        return list(dict.fromkeys(found))[:MOST]

    return search


def whoosh_jieba(every: Sequence[Document]) -> Search:
    """Whoosh-Reloaded over jieba's words, any of them, more of them better."""
    words = fields.TEXT(analyzer=RegexTokenizer(r"\S+"))
    boosted = fields.TEXT(analyzer=RegexTokenizer(r"\S+"), field_boost=float(HEAD_WEIGHT))
    schema = fields.Schema(id=fields.ID(stored=True), head=boosted, text=words)
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for one, named, text in every:
        writer.add_document(id=one, head=" ".join(cut(named)), text=" ".join(cut(text)))
    writer.commit()
    parser = qparser.MultifieldParser(
        ["head", "text"], schema, plugins=[], group=qparser.OrGroup.factory(0.9)
    )
    searcher = index.searcher()

    def search(typed: str) -> Sequence[str]:
        return [
            hit["id"] for hit in searcher.search(parser.parse(" ".join(cut(typed))), limit=MOST)
        ]

    return search


def bm25s_jieba(every: Sequence[Document]) -> Search:
    """bm25s over jieba's words, the head's counted twice."""
    retriever = bm25s.BM25()
    texts = [cut(named) * HEAD_WEIGHT + cut(text) for _, named, text in every]
    retriever.index(texts, show_progress=False)

    def search(typed: str) -> Sequence[str]:
        words = cut(typed)
        if not words:
            return []
        found, scores = retriever.retrieve([words], k=MOST, show_progress=False)
        return [every[at][0] for at, value in zip(found[0], scores[0], strict=True) if value > 0]

    return search


# -------------------------------------------------------------------------- the tables


def table(judgements: Sequence[Judged], searchers: dict[str, Search]) -> None:
    """Print MRR and nDCG@5 over all, and over those typed without mistake or date."""
    plain = [one for one in judgements if one.group in ("topic", "phrase", "question", "words")]
    print(
        f"| | MRR, all {len(judgements)} | nDCG@5, all | MRR, {len(plain)} plain | nDCG@5, plain |"
    )
    print("| --- | --- | --- | --- | --- |")
    for name, search in searchers.items():
        every, few = score(judgements, search), score(plain, search)
        print(f"| {name} | {every.mrr:.3f} | {every.ndcg:.3f} | {few.mrr:.3f} | {few.ndcg:.3f} |")


def table_of_classes(judgements: Sequence[Judged], searchers: dict[str, Search]) -> None:
    """Print MRR / nDCG@5 of every class of query."""
    groups = list(dict.fromkeys(one.group for one in judgements))
    print("| | " + " | ".join(groups) + " |")
    print("| --- |" + " --- |" * len(groups))
    for name, search in searchers.items():
        scores = [
            score([one for one in judgements if one.group == each], search) for each in groups
        ]
        print(
            f"| {name} | " + " | ".join(f"{one.mrr:.2f} / {one.ndcg:.2f}" for one in scores) + " |"
        )


def main() -> None:
    """Score everybody on the shipped corpus."""
    corpus = load_corpus([ROOT / "corpus"])
    jieba.setLogLevel("CRITICAL")
    for topic in corpus.topics:
        jieba.add_word(topic)
    every = documents(corpus)
    judgements = read_judgements(corpus)
    with tempfile.TemporaryDirectory() as folder:
        searchers = {
            "studybot": ours(corpus, Path(folder)),
            "SQLite FTS5, jieba words": fts5_jieba(every),
            "SQLite FTS5, trigram": fts5_trigram(every),
            "Whoosh-Reloaded, jieba": whoosh_jieba(every),
            "bm25s, jieba": bm25s_jieba(every),
        }
        table(judgements, searchers)
        print()
        table_of_classes(judgements, searchers)


if __name__ == "__main__":
    main()
