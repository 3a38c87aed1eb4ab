"""A good corpus becomes the model, whatever the shape of the directories."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from bot.corpus.load import find_mistakes, load_corpus
from bot.errors import CorpusError
from bot.model import PartialDate

COMPILATION = """\
title: 学习选编
publisher: 某宣传部
issued: 2026-04
theme: 未来产业
topics: [新质生产力, 人工智能]
"""
QUOTES = """\
- id: q-2024-03-05
  date: 2024-03-05
  occasion: 在某代表团审议时强调
  text: |
    第一段，有 5G。
    第二段。
  topics: [新质生产力]
- id: q-2024-03-05-2
  date: 2024-03-05
  occasion: 在另一处的讲话
  text: 只有一段。
  topics: []
"""
ARTICLE = """\
---
id: a-2026-04-03
title: 谈产业
author: 某某
role:
source: 《某刊》2026年第3期
published: 2026-02
---

## 引言

导读引言。

> 引言的一句。

## 一、基础

### （一）政策

导读甲第一段。

导读甲第二
段，接着 AI
model。

> 摘句，
> 分作两行。

### （二）成果

导读乙。

> 摘句乙。

---

原文第一段。

> 这一行以大于号开头。

\\# 这一行以井号开头。

## 二、前景

> 摘句丙。

导读丙。
"""


def write_compilation(folder: Path, name: str = "2026-04-industries") -> Path:
    """A good compilation of two quotations and one article; returns its directory."""
    directory = folder / name
    (directory / "articles").mkdir(parents=True)
    (directory / "compilation.yaml").write_text(COMPILATION, encoding="utf-8")
    (directory / "quotes.yaml").write_text(QUOTES, encoding="utf-8")
    (directory / "articles" / "03-industry.md").write_text(ARTICLE, encoding="utf-8")
    return directory


def write_next_month(folder: Path) -> Path:
    """A second good compilation, a month later, without articles."""
    directory = write_compilation(folder, "2026-05-education")
    shutil.rmtree(directory / "articles")
    for name in ("compilation.yaml", "quotes.yaml"):
        file = directory / name
        text = file.read_text(encoding="utf-8").replace("2026-04", "2026-05")
        file.write_text(text.replace("2024-03-05", "2025-01-01"), encoding="utf-8")
    return directory


def test_the_imprint_is_read(tmp_path: Path) -> None:
    (compilation,) = load_corpus([write_compilation(tmp_path)]).compilations
    assert (compilation.id, compilation.title) == ("2026-04-industries", "学习选编")
    assert (compilation.publisher, compilation.theme) == ("某宣传部", "未来产业")
    assert compilation.issued == PartialDate(2026, 4)
    assert compilation.topics == ("新质生产力", "人工智能")


def test_a_quotation_keeps_its_paragraphs(tmp_path: Path) -> None:
    quote = load_corpus([write_compilation(tmp_path)]).quotes[0]
    assert (quote.id, quote.said_on) == ("q-2024-03-05", date(2024, 3, 5))
    assert quote.text == "第一段，有 5G。\n第二段。"
    assert (quote.occasion, quote.topics) == ("在某代表团审议时强调", ("新质生产力",))
    assert quote.compilation_id == "2026-04-industries"


def test_quotations_of_one_day_keep_the_order_of_the_booklet(tmp_path: Path) -> None:
    corpus = load_corpus([write_compilation(tmp_path)])
    assert [quote.id for quote in corpus.quotes] == ["q-2024-03-05", "q-2024-03-05-2"]


def test_the_bibliography_of_an_article_is_read(tmp_path: Path) -> None:
    (article,) = load_corpus([write_compilation(tmp_path)]).articles
    assert (article.id, article.title, article.author) == ("a-2026-04-03", "谈产业", "某某")
    assert (article.role, article.source) == ("", "《某刊》2026年第3期")
    assert (article.published, article.topics) == (PartialDate(2026, 2), ())


def test_sections_are_numbered_by_position_and_the_preface_is_number_zero(tmp_path: Path) -> None:
    (article,) = load_corpus([write_compilation(tmp_path)]).articles
    assert [(one.id, one.depth, one.title) for one in article.sections] == [
        ("a-2026-04-03.0", 1, "引言"),
        ("a-2026-04-03.1", 1, "一、基础"),
        ("a-2026-04-03.1.1", 2, "（一）政策"),
        ("a-2026-04-03.1.2", 2, "（二）成果"),
        ("a-2026-04-03.2", 1, "二、前景"),
    ]


def test_wrapped_lines_are_joined_with_a_space_only_between_latin_letters(tmp_path: Path) -> None:
    section = load_corpus([write_compilation(tmp_path)]).articles[0].sections[2]
    assert section.digest == "导读甲第一段。\n导读甲第二段，接着 AI model。"
    assert section.excerpt == "摘句，分作两行。"


def test_an_original_stands_after_the_rule_and_its_marks_are_ordinary(tmp_path: Path) -> None:
    section = load_corpus([write_compilation(tmp_path)]).articles[0].sections[3]
    assert section.digest == "导读乙。"
    assert section.original == ("原文第一段。", "> 这一行以大于号开头。", "# 这一行以井号开头。")


def test_the_excerpt_may_come_before_the_digest(tmp_path: Path) -> None:
    section = load_corpus([write_compilation(tmp_path)]).articles[0].sections[4]
    assert (section.digest, section.excerpt) == ("导读丙。", "摘句丙。")


def test_a_section_with_only_sub_sections_may_have_no_text(tmp_path: Path) -> None:
    section = load_corpus([write_compilation(tmp_path)]).articles[0].sections[1]
    assert (section.digest, section.excerpt, section.original) == ("", "", ())


@pytest.mark.parametrize("written", ["2026", "2025-11", "2026-02-12", "'2026'", "'2026-02-12'"])
def test_a_publication_date_is_as_precise_as_it_is_written(tmp_path: Path, written: str) -> None:
    directory = write_compilation(tmp_path)
    article = directory / "articles" / "03-industry.md"
    text = article.read_text(encoding="utf-8").replace(
        "published: 2026-02", f"published: {written}"
    )
    article.write_text(text, encoding="utf-8")
    assert str(load_corpus([directory]).articles[0].published) == written.strip("'")


def test_a_compilation_and_a_folder_of_compilations_read_alike(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    assert load_corpus([directory]) == load_corpus([tmp_path])


def test_compilations_are_ordered_by_month_of_issue(tmp_path: Path) -> None:
    later, earlier = write_next_month(tmp_path / "b"), write_compilation(tmp_path / "a")
    corpus = load_corpus([later, earlier])
    assert [one.id for one in corpus.compilations] == ["2026-04-industries", "2026-05-education"]


def test_a_compilation_may_have_no_articles(tmp_path: Path) -> None:
    assert load_corpus([write_next_month(tmp_path)]).articles == ()


@pytest.mark.parametrize(
    "name", ["README.md", "readme.zh-CN.md", ".DS_Store", "articles/README", "articles/.swp"]
)
def test_readmes_and_dotfiles_are_ignored(tmp_path: Path, name: str) -> None:
    directory = write_compilation(tmp_path)
    (directory / name).write_bytes(b"\xff")
    assert find_mistakes([tmp_path]) == ()


def test_a_byte_order_mark_and_carriage_returns_change_nothing(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    before = load_corpus([directory])
    for file in (path for path in directory.rglob("*") if path.is_file()):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_corpus([directory]).compilations == before.compilations


def test_the_fingerprint_does_not_depend_on_where_the_corpus_stands(tmp_path: Path) -> None:
    here, there = write_compilation(tmp_path / "here"), write_compilation(tmp_path / "there")
    assert load_corpus([here]).fingerprint == load_corpus([there]).fingerprint


@pytest.mark.parametrize("name", ["compilation.yaml", "quotes.yaml", "articles/03-industry.md"])
def test_the_fingerprint_changes_with_every_file(tmp_path: Path, name: str) -> None:
    directory = write_compilation(tmp_path)
    before = load_corpus([directory]).fingerprint
    with (directory / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert load_corpus([directory]).fingerprint != before


def test_the_fingerprint_changes_with_the_name_of_a_file(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    before = load_corpus([directory]).fingerprint
    article = directory / "articles" / "03-industry.md"
    article.rename(article.with_name("03-industries.md"))
    assert load_corpus([directory]).fingerprint != before


def test_the_same_directory_given_twice_is_read_once(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    assert load_corpus([directory, directory]) == load_corpus([directory])


def test_a_broken_corpus_is_refused_with_all_its_mistakes(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    (directory / "quotes.yaml").write_text("- id: q-1\n- id: q-2\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load_corpus([tmp_path])
    assert caught.value.mistakes == find_mistakes([tmp_path])
    assert str(caught.value).count("missing key") == 8


def test_the_shipped_corpus_loads_within_60_ms_of_cpu(shipped_corpus: Path) -> None:
    load_corpus([shipped_corpus])
    times = []
    for _ in range(5):
        start = time.process_time()
        load_corpus([shipped_corpus])
        times.append(time.process_time() - start)
    assert min(times) < 0.06
