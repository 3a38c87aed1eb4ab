"""What the index keeps of a passage: its fields, and the parts that are written apart.

A document has one text: the body, the author's post, and the rest of the head (title, author,
publication, occasion) `HEAD_WEIGHT` times. A post is full of common words (应用经济学院): it is
found, but counts no more than the body. So BM25 counts a title as that many mentions, in
frequencies and in lengths alike (BM25F: Robertson, Zaragoza and Taylor 2004), and every word has
one list of passages, where a field for each would have every query unite two. The text is kept
folded in four fields, filled up to one length, so that BM25 weighs alike whichever of them answers:

    characters   every character
    pairs        every pair of characters, with positions
    triples      every triple of characters, with positions
    frequent     every frequent text (see frequent)

A passage contains a text of up to three characters if it has the term, and a longer one if
it has the triples of it in a row. Dates are marks (see periods), and to order by proleptic ordinals
(`date.toordinal`).

A part is at most 65,536 passages of one kind of one compilation, in the order in which equal
hits are shown. Its key names all that is written for it and nothing else: a part whose key
an older index has is taken from there.

What must not live here: directories and files (storage), what a query means.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import tantivy

from bot.model import Compilation, Corpus, Kind, Passage, Quote, Reading
from bot.search.frequent import frequent_in
from bot.search.periods import periods_of
from bot.search.text import fold, grams

FORMAT = 9
HEAD_WEIGHT = 3
_LIBRARIES = ("tantivy", "opencc", "jieba", "pypinyin")
_PART_PASSAGES = 2**16
_FILLER = "·"  # folding drops it, so nobody can ask for it
_EXACT = "position"  # index options of tantivy: with positions
_COUNTED = "freq"  # with frequencies


@dataclass(frozen=True, slots=True)
class Part:
    """Passages of one kind of one compilation, in order."""

    compilation: Compilation
    kind: Kind
    passages: tuple[Passage, ...]

    def key(self, frequent: frozenset[str]) -> str:
        """What this part's documents are made of, as 24 hexadecimal digits."""
        digest = hashlib.sha256(environment().encode())
        digest.update(repr(sorted(frequent)).encode())
        for one in self.passages:
            content = (one.id, self.kind, body(one), head(one), *span(self.compilation, one))
            digest.update(repr(content).encode())
        return digest.hexdigest()[:24]

    def documents(self, frequent: frozenset[str]) -> Iterator[Any]:
        """A tantivy document for each passage."""
        for passage in self.passages:
            yield _document(self, passage, frequent)


def environment() -> str:
    """All that decides what is written, besides the corpus."""
    libraries = [f"{name}={version(name)}" for name in _LIBRARIES]
    return "\n".join([str(FORMAT), unicodedata.unidata_version, *libraries])


def parts_of(corpus: Corpus) -> tuple[Part, ...]:
    """The parts in the order in which equal hits are shown: quotations, then readings,

    each by compilation, date and id.
    """
    quotes, readings = [], []
    for one in corpus.compilations:
        said = sorted(one.quotes, key=lambda quote: (quote.said_on, quote.id))
        quotes += list(_cut(one, Kind.QUOTE, said))
        read = [
            Reading(article, section) for article in one.articles for section in article.sections
        ]
        read.sort(key=lambda reading: (reading.article.published.first_on, reading.id))
        readings += list(_cut(one, Kind.READING, read))
    return (*quotes, *readings)


def _cut(compilation: Compilation, kind: Kind, passages: list[Any]) -> Iterator[Part]:
    for start in range(0, len(passages), _PART_PASSAGES):
        yield Part(compilation, kind, tuple(passages[start : start + _PART_PASSAGES]))


def body(passage: Passage) -> str:
    """The text of a passage that is searched and cut snippets from."""
    return passage.text


def head(passage: Passage) -> tuple[str, ...]:
    """What names a passage, each searched on its own: a hit here counts more."""
    if isinstance(passage, Quote):
        return (passage.occasion, passage.author)
    article = passage.article
    named = (article.title, passage.section.title, article.author, article.role, article.source)
    return tuple(one for one in named if one)


def _texts(passage: Passage) -> Iterator[str]:
    """The texts of a passage, each as often as it counts."""
    yield body(passage)
    post = "" if isinstance(passage, Quote) else passage.article.role
    for one in head(passage):
        yield from [one] * (1 if one == post else HEAD_WEIGHT)


def span(compilation: Compilation, passage: Passage) -> tuple[date, date]:
    """The first and last day a passage may be of.

    A reading's last day is never after the month its compilation was issued in: an
    article dated only `2026` in a booklet of April 2026 was out by the end of April.
    """
    if isinstance(passage, Quote):
        return passage.said_on, passage.said_on
    published = passage.article.published
    last_on = min(published.last_on, compilation.issued.last_on)
    return published.first_on, max(published.first_on, last_on)


def schema() -> Any:
    """The fields of every index."""
    build = tantivy.SchemaBuilder()
    build.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "periods", "yearly"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name, option in (
        ("characters", _COUNTED),
        ("pairs", _EXACT),
        ("triples", _EXACT),
        ("frequent", _COUNTED),
    ):
        build.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in ("shelf", "oldest", "newest"):
        build.add_integer_field(name, indexed=True, fast=True)
    return build.build()


def _document(part: Part, passage: Passage, frequent: frozenset[str]) -> Any:
    document = tantivy.Document()
    document.add_text("id", passage.id)
    document.add_text("kind", part.kind)
    _add_texts(document, [fold(one) for one in _texts(passage)], frequent)
    first_on, last_on = span(part.compilation, passage)
    for period in periods_of(first_on, last_on):
        document.add_text("periods", period)
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        document.add_text("yearly", f"{first_on.month:02d}")
    if first_on == last_on:
        document.add_text("yearly", f"{first_on.month:02d}-{first_on.day:02d}")
    day, is_reading = first_on.toordinal(), int(part.kind is Kind.READING)
    # Orders to sort by, ascending: quotations first; by day, a day's quotations first.
    document.add_integer("shelf", is_reading * 2**32 + day)
    document.add_integer("oldest", day * 2 + is_reading)
    document.add_integer("newest", -day * 2 + is_reading)
    return document


def _add_texts(document: Any, texts: Sequence[str], frequent: frozenset[str]) -> None:
    for folded in texts:
        length = len(folded) + 1
        document.add_text("characters", _filled(folded, length))
        document.add_text("pairs", _filled(grams(folded), length))
        # Filler keeps texts apart: a phrase is asked for by every third triple.
        document.add_text("triples", _filled(grams(folded, 3), length))
    if frequent:
        found = [one for folded in texts for one in frequent_in(folded, frequent)]
        document.add_text("frequent", _filled(found, sum(map(len, texts)) + len(texts)))


def _filled(terms: Sequence[str], length: int) -> str:
    """The terms, and filler until there are so many."""
    return " ".join([*terms, *[_FILLER] * (length - len(terms))])
