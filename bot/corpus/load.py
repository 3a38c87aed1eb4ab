"""Directories become a Corpus, or every mistake in them at once.

A directory given is one compilation (it holds `compilation.yaml`) or a folder of them:

    <compilation-id>/
      compilation.yaml
      quotes.yaml
      articles/NN-slug.md …        (the folder may be absent)

Files named README… or beginning with a dot are nobody's business; any other file is a
mistake, so that a misspelt name is not silently left out. Here live the walk, the reading
of bytes and the fingerprint; the formats are in compilation.py and article.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.corpus.article import read_article
from bot.corpus.check import (
    ARTICLE_FILE,
    check_article,
    check_compilation_id,
    check_quote,
    check_unique,
)
from bot.corpus.compilation import (
    COMPILATION_FILE,
    QUOTES_FILE,
    Imprint,
    read_imprint,
    read_quotes,
)
from bot.corpus.notes import BLANK_PARTIAL, Notes, Placed, UnreadableFileError, shown
from bot.errors import CorpusError, Mistake
from bot.model import Article, Compilation, Corpus, Quote

ARTICLES_FOLDER = "articles"

_BLANK_IMPRINT = Imprint("", "", BLANK_PARTIAL, "", (), 1)
_NO_QUOTES: tuple[Placed[Quote], ...] = ()
_NO_ARTICLES: tuple[Placed[Article], ...] = ()

T = TypeVar("T")


def load_corpus(directories: Sequence[Path]) -> Corpus:
    """The union of the compilations in `directories`, oldest issue first, then by id.

    The fingerprint is SHA-256 over the names (from the compilation's directory on) and the
    bytes of every file read, so it does not depend on where the directories stand. Raises
    CorpusError with every mistake, in order of file and line.
    """
    reader = _read(directories)
    if reader.mistakes:
        raise CorpusError(_in_order(reader.mistakes))
    ordered = sorted(reader.compilations, key=lambda one: (one.issued, one.id))
    return Corpus(tuple(ordered), reader.fingerprint())


def find_mistakes(directories: Sequence[Path]) -> tuple[Mistake, ...]:
    """Every mistake in `directories`, in order of file and line; empty for a good corpus."""
    return _in_order(_read(directories).mistakes)


def _read(directories: Sequence[Path]) -> _Reader:
    reader = _Reader()
    if not directories:
        reader.mistakes.append(
            Mistake("corpus", 1, "no directory is named", "expected at least one")
        )
    for directory in dict.fromkeys(directories):
        try:
            reader.read_directory(directory)
        except OSError as error:  # not ours to enter, or no name that a file system takes
            wrong = f"cannot be read ({error.strerror})"
            reader.mistakes.append(Mistake(str(directory), 1, wrong, "expected a directory"))
    reader.mistakes += check_unique(reader.ids)
    return reader


def _in_order(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(mistakes, key=lambda one: (one.file, one.line)))


def _is_ignored(path: Path) -> bool:
    return path.name.startswith(".") or path.name.upper().startswith("README")


@dataclass(slots=True)
class _Reader:
    """What has been read so far, and what was wrong with it."""

    compilations: list[Compilation] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    ids: list[Placed[str]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for name, content in sorted(self.contents.items()):
            # Lengths first, so that no two corpora make the same stream of bytes.
            digest.update(f"{len(name.encode())} {len(content)} {name}".encode())
            digest.update(content)
        return digest.hexdigest()

    def read_directory(self, directory: Path) -> None:
        """A compilation, or a folder of compilations."""
        if not directory.is_dir():
            self._note(directory, "there is no such directory", "a compilation or a folder of them")
            return
        if (directory / COMPILATION_FILE).exists():
            self._read_compilation(directory)
            return
        folders = 0
        for path in self._entries(directory):
            if not path.is_dir():
                self._note(path, "an unexpected file", f"directories with a {COMPILATION_FILE}")
                continue
            folders += 1
            if (path / COMPILATION_FILE).exists():
                self._read_compilation(path)
            else:
                self._note(path, f"no {COMPILATION_FILE} in it", "one in every compilation")
        if not folders:
            self._note(
                directory,
                "the directory holds no compilation",
                f"a {COMPILATION_FILE} in or below it",
            )

    def _read_compilation(self, directory: Path) -> None:
        name = directory.resolve().name
        self._check_entries(directory)
        imprint = self._parse(directory, COMPILATION_FILE, read_imprint, _BLANK_IMPRINT)
        quotes = self._parse(
            directory, QUOTES_FILE, lambda text, notes: read_quotes(text, notes, name), _NO_QUOTES
        )
        articles = list(self._read_articles(directory, name))

        issued = imprint.issued
        file = str(directory / COMPILATION_FILE)
        self.mistakes += check_compilation_id(name, issued, file, imprint.issued_line)
        for quote in quotes:
            self.mistakes += check_quote(quote, issued)
        for article in articles:
            self.mistakes += check_article(article, issued)
        self.ids.append(Placed(name, file, 1))
        self.ids += [Placed(one.value.id, one.file, one.line) for one in quotes]
        self.ids += [Placed(one.value.id, one.file, one.line) for one in articles]
        self.compilations.append(_compilation(name, imprint, quotes, articles))

    def _check_entries(self, directory: Path) -> None:
        for path in self._entries(directory):
            is_known = (
                path.is_dir()
                if path.name == ARTICLES_FOLDER
                else path.name in (COMPILATION_FILE, QUOTES_FILE)
            )
            if not is_known:
                expected = (
                    f"only {COMPILATION_FILE}, {QUOTES_FILE} and the folder {ARTICLES_FOLDER}"
                )
                self._note(path, "an unexpected file", expected)

    def _read_articles(self, directory: Path, compilation_id: str) -> Iterator[Placed[Article]]:
        folder = directory / ARTICLES_FOLDER
        for path in self._entries(folder) if folder.is_dir() else ():
            if not ARTICLE_FILE.fullmatch(path.name):
                expected = "articles named NN-slug.md, such as 03-science-and-finance.md"
                self._note(path, "an unexpected file", expected)
                continue
            yield from self._parse(
                directory,
                f"{ARTICLES_FOLDER}/{path.name}",
                lambda text, notes: (read_article(text, notes, compilation_id),),
                _NO_ARTICLES,
            )

    def _parse(self, directory: Path, name: str, read: Callable[[str, Notes], T], blank: T) -> T:
        """What `read` makes of a compilation's file, or `blank`; mistakes are kept either way."""
        path = directory / name
        notes = Notes(str(path))
        try:
            content = _content(path, notes)
            self.contents[f"{directory.resolve().name}/{name}"] = content
            return read(_decoded(content, notes), notes)
        except UnreadableFileError:
            return blank
        finally:
            self.mistakes += notes.mistakes

    def _entries(self, directory: Path) -> list[Path]:
        """What stands in a directory, by name; a directory that cannot be listed is noted."""
        try:
            return sorted(path for path in directory.iterdir() if not _is_ignored(path))
        except OSError as error:
            self._note(directory, f"cannot be listed ({error.strerror})", "a readable directory")
            return []

    def _note(self, path: Path, wrong: str, expected: str) -> None:
        self.mistakes.append(Mistake(str(path), 1, wrong, f"expected {expected}"))


def _content(path: Path, notes: Notes) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        notes.add(1, "the file is missing", "it in every compilation")
        raise UnreadableFileError from error
    except OSError as error:
        notes.add(1, f"cannot be read ({error.strerror})", "a readable file")
        raise UnreadableFileError from error


def _decoded(content: bytes, notes: Notes) -> str:
    """The text with line feeds only; a byte order mark is no part of it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start : error.start + 1].hex().upper()
        notes.add(line, f"not UTF-8 (byte {shown(byte)})", "a text file in UTF-8")
        raise UnreadableFileError from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _compilation(
    name: str,
    imprint: Imprint,
    quotes: Sequence[Placed[Quote]],
    articles: Sequence[Placed[Article]],
) -> Compilation:
    return Compilation(
        id=name,
        title=imprint.title,
        publisher=imprint.publisher,
        issued=imprint.issued,
        theme=imprint.theme,
        topics=imprint.topics,
        quotes=tuple(one.value for one in quotes),
        articles=tuple(one.value for one in articles),
    )
