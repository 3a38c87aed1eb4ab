"""`studybot import` and `studybot topics` as they are run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.corpus.load import load_corpus
from tests.conftest import ROOT
from tests.importing.made import Quirks, as_docx, as_markdown, truth

ID = "2026-04-future-industries"


def studybot(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "STUDYBOT_DATA_DIR": str(home / "data"),
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def booklet(shared: Path) -> str:
    return str(shared / "data" / "compilation-2026-04.md")


@pytest.fixture
def doubtful(tmp_path: Path) -> str:
    """A booklet that promises one quotation more than it has."""
    made = truth(4)
    text = as_markdown(made, Quirks(), 4).decode()
    file = tmp_path / "doubtful.md"
    number = len(made.quotes)
    file.write_text(text.replace(f"论述 {number} 则", f"论述 {number + 1} 则"), encoding="utf-8")
    return str(file)


def test_the_booklet_imported_adds_originals_to_the_shipped_compilation(
    tmp_path: Path, booklet: str
) -> None:
    done = studybot(tmp_path, "import", booklet)
    assert done.returncode == 0, done.stderr
    (one,) = load_corpus([tmp_path / "data" / "corpus"]).compilations
    assert one.id == ID
    assert sum(bool(each.original) for article in one.articles for each in article.sections) == 38
    assert all(each.digest for article in one.articles for each in article.sections)


def test_the_corpus_stays_clean_with_the_imported_one(tmp_path: Path, booklet: str) -> None:
    studybot(tmp_path, "import", booklet)
    assert "30 quotations" in studybot(tmp_path, "check").stdout


def test_search_finds_what_stands_only_in_the_original(tmp_path: Path, booklet: str) -> None:
    studybot(tmp_path, "import", booklet)
    done = studybot(tmp_path, "search", "--json", "数据管理能力国家标准")
    assert answer(done)["hits"][0]["id"] == "a-2026-04-02.2"


def test_a_report_for_people_names_file_and_line(tmp_path: Path, booklet: str) -> None:
    shown = studybot(tmp_path, "import", booklet, "--dry-run").stdout
    assert "compilation-2026-04.md:394: " in shown
    assert "30 of 30 quotations" in shown


def test_a_dry_run_writes_nothing(tmp_path: Path, booklet: str) -> None:
    done = studybot(tmp_path, "import", booklet, "--dry-run", "--json")
    assert (done.returncode, answer(done)["written"]) == (0, None)
    assert not (tmp_path / "data" / "corpus").exists()


def test_strict_stops_at_a_doubt_and_writes_nothing(tmp_path: Path, doubtful: str) -> None:
    done = studybot(tmp_path, "import", doubtful, "--strict", "--json")
    assert done.returncode == 3
    assert answer(done)["doubts"][0]["kind"] == "quote-count"
    assert not (tmp_path / "data" / "corpus").exists()


def test_strict_lets_a_booklet_without_doubts_pass(tmp_path: Path, booklet: str) -> None:
    assert studybot(tmp_path, "import", booklet, "--strict").returncode == 0


def test_doubts_do_not_stop_an_import_that_is_not_strict(tmp_path: Path, doubtful: str) -> None:
    done = studybot(tmp_path, "import", doubtful, "--json")
    assert done.returncode == 0
    assert Path(answer(done)["written"]).is_dir()


def test_the_id_may_be_chosen(tmp_path: Path, doubtful: str) -> None:
    month = f"{truth(4).issued}"
    done = studybot(tmp_path, "import", doubtful, "--id", f"{month}-ferry", "--json")
    assert answer(done)["id"] == f"{month}-ferry"


def test_an_id_that_the_corpus_cannot_have_is_refused(tmp_path: Path, doubtful: str) -> None:
    done = studybot(tmp_path, "import", doubtful, "--id", "../渡口")
    assert done.returncode == 1
    assert "lower-case letters" in done.stderr
    assert not (tmp_path / "data" / "corpus").exists()


def test_a_new_booklet_gets_its_key_terms_as_topics(tmp_path: Path, doubtful: str) -> None:
    found = answer(studybot(tmp_path, "import", doubtful, "--json"))
    text = Path(doubtful).read_text(encoding="utf-8")
    assert found["topics"]
    assert all(topic in text for topic in found["topics"])


def test_a_word_document_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "booklet.docx"
    file.write_bytes(as_docx(truth(5), Quirks()))
    done = studybot(tmp_path, "import", str(file), "--json")
    assert (done.returncode, answer(done)["counts"]["quotes"]) == (0, len(truth(5).quotes))


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "没有论述。".encode()])
def test_what_is_no_booklet_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "junk.md"
    file.write_bytes(content)
    done = studybot(tmp_path, "import", str(file))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_the_exit_statuses_are_told_by_the_help(tmp_path: Path) -> None:
    shown = " ".join(studybot(tmp_path, "import", "--help").stdout.split())
    assert "3 with --strict: there are doubts" in shown


def test_topics_are_shown(tmp_path: Path) -> None:
    assert studybot(tmp_path, "topics").stdout.startswith(f"{ID}: 未来产业、")


def test_topics_are_edited_in_the_data_directory(tmp_path: Path) -> None:
    done = studybot(tmp_path, "topics", ID, "--add", "低空经济", "--remove", "氢能")
    assert done.returncode == 0, done.stderr
    shown = studybot(tmp_path, "topics", ID).stdout
    assert "低空经济" in shown
    assert "、氢能、" not in shown


def test_a_topic_that_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    done = studybot(tmp_path, "topics", ID, "--remove", "渡口")
    assert (done.returncode, "渡口" in done.stderr) == (1, True)


def test_edited_topics_outlast_the_next_import(tmp_path: Path, booklet: str) -> None:
    studybot(tmp_path, "topics", ID, "--add", "低空经济")
    assert "低空经济" in answer(studybot(tmp_path, "import", booklet, "--json"))["topics"]
