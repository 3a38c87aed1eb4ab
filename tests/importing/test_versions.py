"""Compilations in the data directory: switched at once, the version before kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.corpus.importing.versions import (
    KEPT_VERSIONS,
    NoSuchVersionError,
    current_version,
    directories_in_force,
    install,
    roll_back,
    versions_of,
)
from bot.corpus.importing.writing import compilation_files
from bot.corpus.load import find_mistakes, load_corpus
from bot.errors import CorpusError, Mistake
from bot.model import Compilation

ID = "2026-04-future-industries"


@pytest.fixture
def shipped(shipped_corpus: Path) -> Compilation:
    return load_corpus([shipped_corpus]).compilations[0]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def titled(shipped: Compilation, title: str) -> Mapping[str, str]:
    files = dict(compilation_files(shipped))
    files["compilation.yaml"] = files["compilation.yaml"].replace(shipped.title, title)
    return files


def check(directory: Path) -> Sequence[Mistake]:
    return find_mistakes([directory])


def title_in(own: Path) -> str:
    return load_corpus([own]).compilations[0].title


def test_what_is_written_reads_back_the_same(shipped: Compilation, own: Path) -> None:
    install(compilation_files(shipped), own, ID, check)
    assert load_corpus([own]).compilations == (shipped,)


def test_a_new_version_is_in_force_and_the_one_before_is_kept(
    shipped: Compilation, own: Path
) -> None:
    install(titled(shipped, "旧"), own, ID, check)
    install(titled(shipped, "新"), own, ID, check)
    assert title_in(own) == "新"
    assert versions_of(own, ID) == (1, 2)


def test_going_back_puts_the_version_before_in_force(shipped: Compilation, own: Path) -> None:
    install(titled(shipped, "旧"), own, ID, check)
    install(titled(shipped, "新"), own, ID, check)
    roll_back(own, ID)
    assert (title_in(own), current_version(own, ID)) == ("旧", 1)


def test_there_is_no_going_back_before_the_first(shipped: Compilation, own: Path) -> None:
    install(titled(shipped, "旧"), own, ID, check)
    with pytest.raises(NoSuchVersionError):
        roll_back(own, ID)


def test_a_version_with_a_mistake_changes_nothing(shipped: Compilation, own: Path) -> None:
    install(titled(shipped, "旧"), own, ID, check)
    broken = {**titled(shipped, "新"), "quotes.yaml": "[]"}
    with pytest.raises(CorpusError):
        install(broken, own, ID, check)
    assert (title_in(own), versions_of(own, ID)) == ("旧", (1,))
    assert [path.name for path in (own / ".versions" / ID).iterdir()] == ["1"]


def test_only_the_last_versions_are_kept(shipped: Compilation, own: Path) -> None:
    for number in range(KEPT_VERSIONS + 2):
        install(titled(shipped, str(number) + "号"), own, ID, check)
    assert len(versions_of(own, ID)) == KEPT_VERSIONS
    assert title_in(own) == f"{KEPT_VERSIONS + 1}号"


def test_a_directory_put_there_by_hand_becomes_the_first_version(
    shipped: Compilation, own: Path
) -> None:
    own.mkdir()
    install(titled(shipped, "手"), own.parent / "elsewhere", ID, check)
    (own.parent / "elsewhere" / ".versions" / ID / "1" / ID).rename(own / ID)
    install(titled(shipped, "新"), own, ID, check)
    roll_back(own, ID)
    assert title_in(own) == "手"


def test_an_imported_compilation_replaces_the_shipped_one(
    shipped: Compilation, shipped_corpus: Path, own: Path
) -> None:
    install(titled(shipped, "新"), own, ID, check)
    corpus = load_corpus(directories_in_force([shipped_corpus], own))
    assert [one.title for one in corpus.compilations] == ["新"]


def test_without_an_import_the_shipped_corpus_is_in_force(shipped_corpus: Path, own: Path) -> None:
    assert directories_in_force([shipped_corpus], own) == (shipped_corpus,)
    own.mkdir()
    assert directories_in_force([shipped_corpus], own) == (shipped_corpus,)
