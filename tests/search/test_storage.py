"""Facts about the index on disk: reused, rebuilt, never half there; and what it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Corpus
from bot.search import documents
from bot.search.index import Index, open_index
from bot.search.query import parse
from tests.search.conftest import TODAY, ids


def total(index: Index, text: str = "新质生产力") -> int:
    return index.find(parse(text, TODAY), today=TODAY).total


def only_index(directory: Path) -> Path:
    (home,) = directory.glob("index-*")
    return home


def identities(home: Path) -> dict[str, tuple[int, int]]:
    """What tells a file written again from the same file."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in home.iterdir()}


def test_an_unchanged_corpus_reuses_the_index_file_for_file(
    shipped: Corpus, tmp_path: Path
) -> None:
    open_index(shipped, tmp_path)
    before = identities(only_index(tmp_path))
    assert total(open_index(shipped, tmp_path)) == 24
    assert identities(only_index(tmp_path)) == before


def test_a_changed_corpus_gets_an_index_of_its_own(shipped: Corpus, tmp_path: Path) -> None:
    old = open_index(shipped, tmp_path)
    (compilation,) = shipped.compilations
    fewer = replace(compilation, quotes=compilation.quotes[:3])
    new = open_index(Corpus((fewer,), fingerprint="changed"), tmp_path)
    assert total(new) < total(old)
    assert len(list(tmp_path.glob("index-*"))) == 2


def test_an_index_of_another_format_is_not_used(
    shipped: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index(shipped, tmp_path)
    monkeypatch.setattr(documents, "FORMAT", documents.FORMAT + 1)
    open_index(shipped, tmp_path)
    assert len(list(tmp_path.glob("index-*"))) == 2


def test_only_the_newest_indexes_are_kept(shipped: Corpus, tmp_path: Path) -> None:
    for number in range(5):
        open_index(Corpus(shipped.compilations, fingerprint=str(number)), tmp_path)
    assert len(list(tmp_path.glob("index-*"))) == 3


def put_in_its_place(file: Path, content: bytes) -> None:
    """Write a file anew: cut short under a thread that has it mapped, it would end the process."""
    written = file.with_suffix(".written")
    written.write_bytes(content)
    written.replace(file)


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "manifest gone", "manifest broken"])
def test_a_damaged_index_is_built_again_silently(
    shipped: Corpus, tmp_path: Path, damage: str
) -> None:
    open_index(shipped, tmp_path)
    home = only_index(tmp_path)
    largest = max(home.glob("*.term"), key=lambda path: path.stat().st_size)
    content = largest.read_bytes()
    match damage:
        case "cut":
            put_in_its_place(largest, content[: len(content) // 2])
        case "changed":
            put_in_its_place(largest, bytes(len(content)))
        case "gone":
            largest.unlink()
        case "manifest gone":
            (home / "manifest.json").unlink()
        case _:
            (home / "manifest.json").write_text("{", encoding="utf-8")
    assert total(open_index(shipped, tmp_path)) == 24


def test_what_a_builder_that_died_left_behind_is_ignored_and_later_removed(
    shipped: Corpus, tmp_path: Path
) -> None:
    left = tmp_path / ".building-dead"
    left.mkdir()
    (left / "meta.json").write_text("{", encoding="utf-8")
    os.utime(left, (0, 0))
    assert total(open_index(shipped, tmp_path)) == 24
    assert not left.exists()


def test_a_directory_that_cannot_be_made_leaves_the_index_in_memory(
    shipped: Corpus, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    index = open_index(shipped, in_the_way / "directory")
    assert total(index) == 24
    assert ids(index.find(parse("脑肌接口", TODAY), today=TODAY).hits)


def test_an_index_in_use_goes_on_when_its_files_are_removed(
    shipped: Corpus, tmp_path: Path
) -> None:
    index = open_index(shipped, tmp_path)
    for path in only_index(tmp_path).iterdir():
        path.unlink()
    assert total(index) == 24


def test_an_empty_corpus_can_be_asked(tmp_path: Path) -> None:
    assert total(open_index(Corpus((), fingerprint="empty"), tmp_path)) == 0


def test_the_words_are_counted_once_and_kept(shipped: Corpus, tmp_path: Path) -> None:
    open_index(shipped, tmp_path).warm()
    kept = only_index(tmp_path) / "words.json"
    before = kept.stat().st_ino
    assert total(open_index(shipped, tmp_path), "脑肌接口") > 0
    assert kept.stat().st_ino == before


def test_broken_words_are_counted_again(shipped: Corpus, tmp_path: Path) -> None:
    open_index(shipped, tmp_path).warm()
    (only_index(tmp_path) / "words.json").write_text('{"words": 1}', encoding="utf-8")
    assert total(open_index(shipped, tmp_path), "脑肌接口") > 0


def test_the_dictionary_is_cached_in_our_own_directory(shipped: Corpus, tmp_path: Path) -> None:
    shared_folder = tmp_path / "shared-temporary"
    shared_folder.mkdir()
    code = f"""
import sys
from pathlib import Path
from bot.corpus.load import load_corpus
from bot.search.index import open_index
sys.modules["rjieba"] = None  # where it is not installed
open_index(load_corpus([Path("corpus")]), Path({str(tmp_path)!r})).warm()
"""
    environment = {**os.environ, "TMPDIR": str(shared_folder)}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert (tmp_path / "jieba.cache").is_file()
    assert not list(shared_folder.iterdir())
    assert run.stdout == run.stderr == ""


COLD = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
started = time.process_time()
from bot.corpus.load import load_corpus
from bot.search.index import open_index
from bot.search.query import parse
corpus = load_corpus([Path("corpus")])
before = time.process_time()
index = open_index(corpus, Path(sys.argv[1]))
today = date(2026, 11, 24)
totals = [index.find(parse(text, today), today=today).total for text in sys.argv[2:]]
after = time.process_time()
libraries = [name for name in ("jieba", "pypinyin", "opencc") if name in sys.modules]
print(json.dumps({"totals": totals, "libraries": libraries, "seconds": after - before}))
"""


def test_exact_queries_of_a_new_process_load_no_dictionary_and_cost_little(
    shipped: Corpus, tmp_path: Path
) -> None:
    open_index(shipped, tmp_path)
    asked = ["新质生产力", "人工智能 制造业", "“因地制宜”", "2024年3月", "去年 人工智能 -制造业"]
    run = subprocess.run(
        [sys.executable, "-c", COLD, str(tmp_path), *asked],
        capture_output=True,
        text=True,
        check=True,
    )
    cold = json.loads(run.stdout)
    assert all(cold["totals"])
    assert cold["libraries"] == []
    assert cold["seconds"] < 0.25
