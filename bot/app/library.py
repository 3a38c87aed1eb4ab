"""The corpus and its index, and the commands that need nothing else: search and check.

Here lives where the corpus is looked for. What a query means is `search`, how an answer
reads is `render`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.config import Settings, read_settings
from bot.corpus.importing.versions import directories_in_force
from bot.corpus.load import find_mistakes, load_corpus
from bot.errors import CorpusError, QueryError
from bot.model import Corpus
from bot.render import terminal
from bot.render.record import search_record
from bot.search.index import Index, open_index
from bot.search.query import parse
from bot.search.synonyms import Synonyms, load_synonyms

Library = tuple[Corpus, Index]


def open_library(settings: Settings, directories: Sequence[Path] = ()) -> Library:
    """The corpus in force (or that of `directories`) and its index, kept in the data directory.

    Raises CorpusError with every mistake, and ConfigError for synonyms that cannot be used.
    """
    corpus = load_corpus(directories or corpus_directories(settings))
    return corpus, open_index(corpus, settings.data_dir / "index", _synonyms(settings))


def _synonyms(settings: Settings) -> Synonyms:
    """Those of the settings' file; none where there is no such file."""
    file = settings.synonyms_file
    return load_synonyms(file) if file.exists() else Synonyms()


def corpus_directories(settings: Settings) -> tuple[Path, ...]:
    """The directories of the settings, and the data directory's own once something is there.

    A compilation in the data directory replaces one of the same id in the settings' directories.
    """
    return directories_in_force(settings.corpus_dirs, own_directory(settings))


def own_directory(settings: Settings) -> Path:
    """Where imported compilations stand."""
    return settings.data_dir / "corpus"


def search(
    config: Path | None,
    directories: Sequence[Path],
    queries: Iterable[str],
    *,
    today: date,
    limit: int,
    as_json: bool,
) -> bool:
    """Answer each query on standard output; true when the last one was refused.

    `limit` 0 is all. With `as_json` an answer is one line of JSON.
    """
    library = open_library(read_settings(config), directories)
    is_refused = False
    for text in queries:
        answer = _answer_json if as_json else _answer_people
        is_refused = not answer(library, text, today, limit or None)
    return is_refused


def _answer_json(library: Library, text: str, today: date, limit: int | None) -> bool:
    try:
        query = parse(text, today)
    except QueryError as error:
        record = search_record(text, None, None, str(error))
    else:
        record = search_record(text, query, library[1].find(query, today=today, limit=limit))
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return record["error"] is None


def _answer_people(library: Library, text: str, today: date, limit: int | None) -> bool:
    try:
        query = parse(text, today)
    except QueryError as error:
        sys.stderr.write(f"{error}\n")
        return False
    out = Console(highlight=False)
    for line in terminal.results(library[1].find(query, today=today, limit=limit)):
        out.print(line, soft_wrap=True)
    return True


def check(config: Path | None, directories: Sequence[Path]) -> str:
    """What the corpus holds, in one line. Raises CorpusError with every mistake."""
    where = tuple(directories) or corpus_directories(read_settings(config))
    mistakes = find_mistakes(where)
    if mistakes:
        raise CorpusError(mistakes)
    corpus = load_corpus(where)
    return (
        f"{len(corpus.compilations)} compilation(s), {len(corpus.quotes)} quotations, "
        f"{len(corpus.articles)} articles with {len(corpus.readings)} sections: no mistake"
    )
