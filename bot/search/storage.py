"""The index on disk: what is written for a passage, and how a finished index is kept.

An index is a directory `index-<key>` that is never changed after it has its name: it is
built beside, under a name of its own, and renamed when complete. The key is made of the
corpus's fingerprint, `FORMAT` and the versions of the libraries whose output is stored, so
an old index is simply not found. `manifest.json` lists every file with size and checksum;
an index that does not agree with its manifest is built again.

A document has two texts, body and head (title, author, post, publication, occasion). Of
each we store the overlapping pairs of its folded characters with positions, where a phrase
query over pairs is exact containment, and its single characters. Dates are proleptic
ordinals (`date.toordinal`).

What must not live here: what a query means, how hits are ranked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from bot.model import Corpus, Kind, Passage, Quote
from bot.search.text import fold, grams

FORMAT = 1
_LIBRARIES = ("tantivy", "opencc", "jieba", "pypinyin")
_MANIFEST = "manifest.json"
_KEPT_INDEXES = 3  # those of corpora used in turn from one data directory
_CHECKSUM_LIMIT = 32 * 2**20  # bytes: beyond, sizes alone are compared, or opening is slow
_ABANDONED_SECONDS = 3600
_WRITER_MEMORY = 64 * 2**20  # bytes
_EXACT = "position"  # index options of tantivy: with positions
_COUNTED = "freq"  # with frequencies


@dataclass(frozen=True, slots=True)
class Storage:
    """An open index. `directory` is None where nothing could be written: kept in memory."""

    searcher: Any  # tantivy.Searcher
    schema: Any  # tantivy.Schema
    directory: Path | None

    def passage_id(self, address: Any) -> str:
        """The id of the passage at an address of a search result."""
        return str(self.searcher.doc(address).get_first("id"))

    def passage(self, corpus: Corpus, passage_id: str) -> Passage:
        found = corpus.passage(passage_id)
        if found is None:
            raise LookupError(f"the index has {passage_id}, the corpus it was built from has not")
        return found


def open_storage(corpus: Corpus, directory: Path) -> Storage:
    """The index of this corpus under `directory`, built first if it is not there or broken.

    Falls back to an index in memory when the directory cannot be written.
    """
    home = directory / f"index-{_key(corpus)}"
    if _is_whole(home):
        with contextlib.suppress(ValueError, OSError):
            return _open(tantivy.Index.open(str(home)), home)
    try:
        _build_beside(corpus, home)
        return _open(tantivy.Index.open(str(home)), home)
    except OSError:
        index = tantivy.Index(_schema())
        _write(corpus, index)
        return _open(index, None)


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


def span(corpus: Corpus, passage: Passage) -> tuple[date, date]:
    """The first and last day a passage may be of.

    A reading's last day is never after the month its compilation was issued in: an
    article dated only `2026` in a booklet of April 2026 was out by the end of April.
    """
    if isinstance(passage, Quote):
        return passage.said_on, passage.said_on
    published = passage.article.published
    compilation = corpus.compilation(passage.article.compilation_id)
    if compilation is None:
        return published.first_on, published.last_on
    last_on = min(published.last_on, compilation.issued.last_on)
    return published.first_on, max(published.first_on, last_on)


def _key(corpus: Corpus) -> str:
    parts = [corpus.fingerprint, str(FORMAT), unicodedata.unidata_version]
    parts += [f"{name}={version(name)}" for name in _LIBRARIES]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _schema() -> Any:
    build = tantivy.SchemaBuilder()
    build.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    for name in ("body", "head"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option=_EXACT)
        build.add_text_field(
            f"{name}_characters", tokenizer_name="whitespace", index_option=_COUNTED
        )
    build.add_text_field("yearly", tokenizer_name="raw", index_option="basic")
    for name in ("first_on", "last_on", "shelf", "oldest", "newest"):
        build.add_integer_field(name, indexed=True, fast=True)
    return build.build()


def _document(corpus: Corpus, passage: Passage) -> Any:
    document = tantivy.Document()
    document.add_text("id", passage.id)
    kind = Kind.QUOTE if isinstance(passage, Quote) else Kind.READING
    document.add_text("kind", kind)
    for name, values in (("body", (body(passage),)), ("head", head(passage))):
        for value in values:
            folded = fold(value)
            document.add_text(name, " ".join(grams(folded)))
            document.add_text(f"{name}_characters", " ".join(folded))
    first_on, last_on = span(corpus, passage)
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        document.add_text("yearly", f"{first_on.month:02d}")
    if first_on == last_on:
        document.add_text("yearly", f"{first_on.month:02d}-{first_on.day:02d}")
    day, is_reading = first_on.toordinal(), int(kind is Kind.READING)
    document.add_integer("first_on", day)
    document.add_integer("last_on", last_on.toordinal())
    # Orders to sort by, ascending: quotations first; by day, a day's quotations first.
    document.add_integer("shelf", is_reading * 2**32 + day)
    document.add_integer("oldest", day * 2 + is_reading)
    document.add_integer("newest", -day * 2 + is_reading)
    return document


def shelved(corpus: Corpus) -> Iterator[Passage]:
    """Every passage in the order in which equal hits are shown: quotations, then readings,

    each by date and then by id.
    """
    yield from sorted(corpus.quotes, key=lambda quote: (quote.said_on, quote.id))
    yield from sorted(corpus.readings, key=lambda one: (one.article.published.first_on, one.id))


def _write(corpus: Corpus, index: Any) -> None:
    # One thread writes one segment, in order: equal scores keep the order of the shelf.
    writer = index.writer(_WRITER_MEMORY, 1)
    for passage in shelved(corpus):
        writer.add_document(_document(corpus, passage))
    writer.commit()
    writer.wait_merging_threads()


def _build_beside(corpus: Corpus, home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=home.parent))
    try:
        _write(corpus, tantivy.Index(_schema(), str(building)))
        manifest = {path.name: _seal(path) for path in _files(building)}
        (building / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        shutil.rmtree(home, ignore_errors=True)  # a broken one
        with contextlib.suppress(OSError):  # another process was faster: its index is as good
            os.rename(building, home)
    except ValueError as error:  # what tantivy raises for a full disk, among others
        raise OSError(f"the index could not be written: {error}") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    with contextlib.suppress(OSError):  # tidying up together with another process
        _remove_old(home)


def _remove_old(home: Path) -> None:
    """Drop all but the newest indexes, and what builders that died left an hour before ours."""
    others = [path for path in home.parent.glob("index-*") if path != home]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    left_behind = [
        path
        for path in home.parent.glob(".building-*")
        if path.stat().st_mtime < home.stat().st_mtime - _ABANDONED_SECONDS
    ]
    for path in others[_KEPT_INDEXES - 1 :] + left_behind:
        shutil.rmtree(path, ignore_errors=True)


def _files(directory: Path) -> list[Path]:
    """The files tantivy wrote; its locks are not part of the index."""
    return sorted(path for path in directory.iterdir() if path.suffix != ".lock")


def _seal(path: Path) -> list[int]:
    """Size in bytes and CRC-32 of a file; the checksum of a very large one is 0."""
    size = path.stat().st_size
    return [size, zlib.crc32(path.read_bytes()) if size <= _CHECKSUM_LIMIT else 0]


def _is_whole(home: Path) -> bool:
    try:
        manifest = json.loads((home / _MANIFEST).read_text(encoding="utf-8"))
        return bool(manifest) and all(_seal(home / name) == seal for name, seal in manifest.items())
    except (OSError, ValueError, AttributeError):
        return False


def _open(index: Any, directory: Path | None) -> Storage:
    # A finished index never changes: without this a thread would watch its directory.
    index.config_reader("manual", 0)
    return Storage(index.searcher(), index.schema, directory)
