"""Importing a booklet, and editing a compilation's topics: what `studybot import` and `topics` do.

Here the stages meet: read and draft (`corpus.importing`), key terms (`search.terms`), writing
into the data directory. `drafted` writes nothing; `installed` switches. Both are for whoever
imports otherwise than by the command line, too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.app.library import corpus_directories, own_directory
from bot.config import Settings, read_settings
from bot.corpus.importing.compilation import Draft, draft
from bot.corpus.importing.formats import read_source
from bot.corpus.importing.versions import directories_in_force, install
from bot.corpus.importing.writing import compilation_files
from bot.corpus.load import find_mistakes, load_corpus
from bot.errors import Mistake, StudybotError
from bot.model import Compilation, Corpus
from bot.render.imported import report_lines
from bot.search.terms import key_terms, terms_in, text_of
from bot.search.words import pinyin

_NOTHING_KNOWN = Corpus((), "")
_SLUG_SYLLABLES = 5
_LONG_WORK_BYTES = 200_000


class NoSuchCompilationError(StudybotError):
    """No compilation has this id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to. `directory` is where it was written, None when nothing was."""

    draft: Draft
    directory: Path | None

    def record(self) -> dict[str, Any]:
        """The outcome for programs."""
        one = self.draft.compilation
        return {
            "id": one.id,
            "title": one.title,
            "publisher": one.publisher,
            "issued": str(one.issued),
            "theme": one.theme,
            "topics": list(one.topics),
            "replaces": self.draft.is_known,
            "written": str(self.directory) if self.directory else None,
            **self.draft.report.record(),
        }


def import_booklet(
    config: Path | None,
    file: Path,
    *,
    compilation_id: str,
    is_dry: bool,
    is_strict: bool,
    as_json: bool,
) -> bool:
    """Import a booklet and tell what was done and doubted; true when `is_strict` stopped it.

    Raises CorpusError and StudybotError, with nothing written.
    """
    settings = read_settings(config)
    terminal = Console(stderr=True, highlight=False)
    is_long = terminal.is_terminal and file.is_file() and file.stat().st_size > _LONG_WORK_BYTES
    if is_long:
        with terminal.status(f"reading {file.name}"):
            made = drafted(settings, file, compilation_id)
    else:
        made = drafted(settings, file, compilation_id)
    is_stopped = is_strict and bool(made.report.doubts)
    is_written = not is_dry and not is_stopped
    outcome = Outcome(made, installed(settings, made.compilation) if is_written else None)
    if as_json:
        sys.stdout.write(json.dumps(outcome.record(), ensure_ascii=False) + "\n")
    else:
        _show(report_lines(made.compilation, made.report, outcome.directory, file.name))
    return is_stopped


def _show(lines: Sequence[Text]) -> None:
    out = Console(highlight=False)
    for line in lines:
        out.print(line, soft_wrap=True)


def drafted(settings: Settings, file: Path, compilation_id: str = "") -> Draft:
    """The booklet of a file, read for the corpus in force; nothing is written.

    Raises StudybotError with one sentence for what is no booklet.
    """
    known = _known(settings)
    made = draft(read_source(file), known, compilation_id=compilation_id)
    return replace(made, compilation=with_topics(made.compilation, known))


def _known(settings: Settings) -> Corpus:
    """The corpus in force; none, where the directories hold nothing yet."""
    directories = corpus_directories(settings)
    if not any(directory.is_dir() and any(directory.iterdir()) for directory in directories):
        return _NOTHING_KNOWN
    return load_corpus(directories)


def with_topics(compilation: Compilation, known: Corpus) -> Compilation:
    """The compilation with topics where it has none: its key terms, and those in each passage."""
    others = [one for one in known.compilations if one.id != compilation.id]
    topics = compilation.topics or key_terms(compilation, others)
    return replace(
        compilation,
        topics=topics,
        quotes=tuple(
            one if one.topics else replace(one, topics=terms_in(one.text, topics))
            for one in compilation.quotes
        ),
        articles=tuple(
            one if one.topics else replace(one, topics=terms_in(text_of(one), topics))
            for one in compilation.articles
        ),
    )


def installed(settings: Settings, compilation: Compilation) -> Path:
    """Write a compilation into the data directory and put it in force; where it then stands.

    Raises CorpusError, with every mistake and nothing changed, when the corpus with it would
    not be clean.
    """
    own = own_directory(settings)

    def check(directory: Path) -> Sequence[Mistake]:
        return find_mistakes(_with(settings, directory))

    try:
        return install(compilation_files(compilation, _slug), own, compilation.id, check)
    except OSError as error:
        raise StudybotError(f"{own} cannot be written ({error.strerror})") from error


def _with(settings: Settings, directory: Path) -> tuple[Path, ...]:
    """The directories that would be in force with a compilation at its new place."""
    in_force = directories_in_force(settings.corpus_dirs, own_directory(settings))
    united: list[Path] = []
    for one in in_force:
        if not one.is_dir() or not any(one.iterdir()):
            continue
        united += [each for each in directories_in_force([one], directory) if each != directory]
    return (*united, directory)


def _slug(title: str) -> str:
    return "-".join(pinyin(title)[:_SLUG_SYLLABLES])


def edit_topics(
    config: Path | None, compilation_id: str, *, add: Sequence[str], remove: Sequence[str]
) -> list[str]:
    """The topics of a compilation, or of all, a line each; edited first where asked.

    An edit is a new version in the data directory; what a repository ships is never changed.
    Raises NoSuchCompilationError.
    """
    settings = read_settings(config)
    corpus = load_corpus(corpus_directories(settings))
    chosen = [one for one in corpus.compilations if compilation_id in ("", one.id)]
    if not chosen:
        ids = ", ".join(one.id for one in corpus.compilations)
        raise NoSuchCompilationError(f"no compilation is called {compilation_id}; there are {ids}")
    if add or remove:
        if len(chosen) > 1:
            raise NoSuchCompilationError("say which compilation: studybot topics ID --add TOPIC")
        one = chosen[0]
        unknown = [topic for topic in remove if topic not in one.topics]
        if unknown:
            raise NoSuchCompilationError(f"{one.id} has no topic {'、'.join(unknown)}")
        kept = [topic for topic in one.topics if topic not in remove]
        added = [topic.strip() for topic in add if topic.strip()]
        edited = replace(one, topics=tuple(dict.fromkeys([*kept, *added])))
        installed(settings, edited)
        chosen = [edited]
    return [f"{one.id}: {'、'.join(one.topics) or '—'}" for one in chosen]
