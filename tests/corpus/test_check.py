"""Every mistake is found, all at once, each with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corpus.load import find_mistakes
from tests.corpus.test_load import ARTICLE, COMPILATION, QUOTES, write_compilation, write_next_month

IMPRINT = "compilation.yaml"
QUOTATIONS = "quotes.yaml"
STUDY = "articles/03-industry.md"
GOOD = {IMPRINT: COMPILATION, QUOTATIONS: QUOTES, STUDY: ARTICLE}


def mistakes_after(folder: Path, name: str, old: str, new: str) -> list[tuple[str, int, str, str]]:
    """(file, line, wrong, expected) of each mistake once `old` in the file became `new`."""
    directory = write_compilation(folder)
    assert old in GOOD[name]
    (directory / name).write_text(GOOD[name].replace(old, new, 1), encoding="utf-8")
    return [
        (Path(one.file).relative_to(directory).as_posix(), one.line, one.wrong, one.expected)
        for one in find_mistakes([directory])
    ]


CASES = [
    # YAML itself
    (IMPRINT, "[新质生产力, 人工智能]", "[新质", 5, "not YAML"),
    (IMPRINT, "title:", "title: {{", 1, "not YAML"),
    (IMPRINT, COMPILATION, "", 1, "nothing is written here"),
    (IMPRINT, COMPILATION, "- a\n", 1, "this is a list"),
    (IMPRINT, "学习选编", "学习\x01选编", 1, "control character U+0001"),
    (IMPRINT, "学习选编", "*nowhere", 1, "not YAML"),
    (IMPRINT, "学习选编", "!!python/object/apply:os.system [ls]", 1, "!!python/object/apply:os"),
    (IMPRINT, "学习选编", "!secret x", 1, "of the YAML tag '!secret'"),
    (IMPRINT, "title: 学习选编", "!!python/tuple a: b", 1, "unknown key 'a'"),
    (QUOTATIONS, QUOTES, "[" * 5000, 1, "nested deeper than"),
    (QUOTATIONS, QUOTES, "[]", 1, "the list is empty"),
    (QUOTATIONS, QUOTES, "a: b", 1, "this is a mapping"),
    (QUOTATIONS, QUOTES, QUOTES + "---\n- b\n", 13, "not YAML"),
    # keys
    (IMPRINT, "theme: 未来产业\n", "", 1, "missing key 'theme'"),
    (IMPRINT, "theme:", "Theme: x\ntheme:", 4, "unknown key 'Theme'"),
    (IMPRINT, "theme:", "? [a]\n: x\ntheme:", 4, "a key that is a list"),
    (IMPRINT, "theme:", "title: 又一个\ntheme:", 4, "repeated key 'title'"),
    (QUOTATIONS, "  occasion: 在另一处的讲话\n", "", 8, "missing key 'occasion'"),
    (QUOTATIONS, "- id: q-2024-03-05\n", "- just text\n- id: q-2024-03-05\n", 1, "this is text"),
    (STUDY, "author: 某某\n", "", 2, "missing key 'author'"),
    (STUDY, "author:", "editor: 某\nauthor:", 4, "unknown key 'editor'"),
    # kinds
    (IMPRINT, "学习选编", "2026", 1, "'title' '2026' is a number"),
    (IMPRINT, "学习选编", "yes", 1, "is a truth value"),
    (IMPRINT, "学习选编", "[a]", 1, "'title' is a list"),
    (IMPRINT, "学习选编", '"a\\nb"', 1, "'title' has several lines"),
    (IMPRINT, "[新质生产力, 人工智能]", "新质生产力", 5, "'topics' '新质生产力' is text"),
    (IMPRINT, "[新质生产力, 人工智能]", "[5G, 2026]", 5, "the item '2026' is a number"),
    (IMPRINT, "[新质生产力, 人工智能]", "\n- a\n- {b: c}", 7, "the item is a mapping"),
    (IMPRINT, "[新质生产力, 人工智能]", "\n- a\n-\n- c", 7, "an item is empty"),
    (IMPRINT, "[新质生产力, 人工智能]", "\n- a\n- b\n- a", 8, "names 'a' twice"),
    (QUOTATIONS, "text: 只有一段。", "text: 两行\n    折在一起", 11, "'text' is folded"),
    (QUOTATIONS, "text: |", "text: >", 4, "'text' is folded"),
    # empty
    (IMPRINT, "学习选编", "", 1, "'title' is empty"),
    (IMPRINT, "学习选编", '"  "', 1, "'title' is empty"),
    (QUOTATIONS, "只有一段。", "|\n", 11, "'text' is empty"),
    (STUDY, "谈产业", "", 3, "'title' is empty"),
    # dates
    (IMPRINT, "2026-04", "2026", 3, "'issued' is '2026'"),
    (IMPRINT, "2026-04", "2026-04-01", 3, "'issued' is '2026-04-01'"),
    (IMPRINT, "2026-04", "2026-13", 3, "which no calendar has"),
    (QUOTATIONS, "date: 2024-03-05", "date: 2024-02-30", 2, "which no calendar has"),
    (QUOTATIONS, "date: 2024-03-05", "date: 2024年3月5日", 2, "'date' is '2024年3月5日'"),
    (QUOTATIONS, "date: 2024-03-05", "date: [2024]", 2, "'date' is a list"),
    (QUOTATIONS, "date: 2024-03-05", "date: ２０２４-03-05", 2, "'date' is"),
    (QUOTATIONS, "date: 2024-03-05", "date: 2024-03-06", 1, "does not carry the date 2024-03-06"),
    (STUDY, "published: 2026-02", "published: 去年", 7, "'published' is '去年'"),
    (STUDY, "published: 2026-02", "published: 2026-05", 2, "after the month of issue"),
    # ids
    (QUOTATIONS, "q-2024-03-05-2", "q-2024-03-05", 8, "the id 'q-2024-03-05' is used twice"),
    (QUOTATIONS, "q-2024-03-05-2", "q-2024-03-05-1", 8, "the id is 'q-2024-03-05-1'"),
    (QUOTATIONS, "q-2024-03-05-2", "q-2024-03-05-02", 8, "the id is 'q-2024-03-05-02'"),
    (QUOTATIONS, "q-2024-03-05-2", "Q-2024-03-05-2", 8, "the id is 'Q-2024-03-05-2'"),
    (STUDY, "a-2026-04-03", "a-2026-4-3", 2, "the id is 'a-2026-4-3'"),
    (STUDY, "a-2026-04-03", "a-2026-04-04", 2, "has the number 04 and the file 03"),
    (STUDY, "a-2026-04-03", "a-2026-03-03", 2, "does not carry the month of issue"),
    # an article's body
    (STUDY, "---\n", "", 1, "the front matter is missing"),
    (STUDY, "published: 2026-02\n---\n", "published: 2026-02\n", 1, "front matter is not closed"),
    (STUDY, "title: 谈产业", "title: [谈产业", 3, "not YAML"),
    (STUDY, "## 引言\n", "没有标题的话。\n", 10, "text before the first heading"),
    (STUDY, "## 引言", "##", 10, "a heading without a title"),
    (STUDY, "## 引言", "##引言", 10, "no space after the marks"),
    (STUDY, "## 引言", "# 引言", 10, "a heading with '#'"),
    (STUDY, "### （一）", "#### （一）", 18, "a heading with '####'"),
    (STUDY, "## 引言", "### 引言", 10, "a sub-section before any section"),
    (STUDY, "## 二、前景", "## 引言", 43, "'引言' stands after another heading"),
    (STUDY, "导读引言。\n", "", 10, "has neither digest nor original"),
    (STUDY, "> 引言的一句。\n", "", 10, "has no excerpt"),
    (STUDY, "> 引言的一句。\n", "> 一。\n\n> 二。\n", 16, "has a second excerpt '二。'"),
    (STUDY, "> 引言的一句。", "> " + "长" * 81, 14, "has 81 characters"),
    (STUDY, "> 引言的一句。", ">", 14, "the excerpt is empty"),
    (STUDY, "原文第一段。", "原文。\n\n---\n\n又。", 39, "a second '---' in one section"),
    (STUDY, "> 引言的一句。\n", "> 引言的一句。\n\n---\n", 16, "nothing after '---'"),
    (
        STUDY,
        "## 一、基础\n",
        "## 一、基础\n\n> 只有摘句。\n",
        16,
        "has neither digest nor original",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "wrong"), CASES)
def test_one_mistake_is_reported_once_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, line: int, wrong: str
) -> None:
    found = mistakes_after(tmp_path, name, old, new)
    assert [(one[0], one[1]) for one in found if wrong in one[2]] == [(name, line)], found


@pytest.mark.parametrize(("name", "old", "new", "line", "wrong"), CASES)
def test_every_mistake_says_what_was_expected(
    tmp_path: Path, name: str, old: str, new: str, line: int, wrong: str
) -> None:
    found = mistakes_after(tmp_path, name, old, new)
    assert all(expected.startswith("expected ") for _, _, _, expected in found)


def test_an_excerpt_of_80_characters_is_allowed(tmp_path: Path) -> None:
    assert mistakes_after(tmp_path, STUDY, "> 引言的一句。", "> " + "长" * 80) == []


def test_the_quotation_of_the_last_day_of_the_month_of_issue_is_allowed(tmp_path: Path) -> None:
    assert mistakes_after(tmp_path, QUOTATIONS, QUOTES, dated("2026-04-30")) == []


def test_a_quotation_after_the_month_of_issue_is_a_mistake(tmp_path: Path) -> None:
    ((_, line, wrong, expected),) = mistakes_after(
        tmp_path, QUOTATIONS, QUOTES, dated("2026-05-01")
    )
    assert (line, expected) == (1, "expected 2026-04-30 at the latest")
    assert "is after the month of issue" in wrong


def dated(day: str) -> str:
    return f"- {{id: q-{day}, date: {day}, occasion: 在某处, text: 一段。, topics: []}}\n"


def test_a_mistake_reads_as_file_line_wrong_expected(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    (directory / IMPRINT).write_text(COMPILATION.replace("2026-04", "四月"), encoding="utf-8")
    (mistake,) = find_mistakes([directory])
    file = directory / IMPRINT
    assert str(mistake) == f"{file}:3: 'issued' is '四月', expected a month such as 2026-04"


def test_a_long_value_is_shown_shortened_and_on_one_line(tmp_path: Path) -> None:
    found = mistakes_after(tmp_path, IMPRINT, "2026-04", '"' + "很长\\n" * 60 + '"')
    wrong = found[0][2]
    assert len(wrong) < 60
    assert "\n" not in wrong


def test_all_mistakes_of_all_files_are_reported_at_once_in_order(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    for name, old, new in [
        (IMPRINT, "theme: 未来产业", "theme:"),
        (QUOTATIONS, "date: 2024-03-05", "date: 2024-03-32"),
        (QUOTATIONS, "只有一段。", ""),
        (STUDY, "title: 谈产业", "title: [谈产业"),
        (STUDY, "## 二、前景", "##"),
    ]:
        text = (directory / name).read_text(encoding="utf-8").replace(old, new, 1)
        (directory / name).write_text(text, encoding="utf-8")
    found = find_mistakes([tmp_path])
    places = [(Path(one.file).name, one.line) for one in found]
    assert places == [
        ("03-industry.md", 3),
        ("03-industry.md", 43),
        (IMPRINT, 4),
        (QUOTATIONS, 2),
        (QUOTATIONS, 11),
    ]


def test_an_id_used_in_two_compilations_is_a_mistake(tmp_path: Path) -> None:
    write_compilation(tmp_path)
    later = write_next_month(tmp_path)
    text = (later / QUOTATIONS).read_text(encoding="utf-8").replace("2025-01-01", "2024-03-05")
    (later / QUOTATIONS).write_text(text, encoding="utf-8")
    found = find_mistakes([tmp_path])
    assert [(Path(one.file), one.line) for one in found] == [
        (later / QUOTATIONS, 1),
        (later / QUOTATIONS, 8),
    ]
    assert found[0].expected.endswith(f"{tmp_path / '2026-04-industries' / QUOTATIONS}:1)")


def test_a_compilation_of_the_same_name_in_two_directories_is_a_mistake(tmp_path: Path) -> None:
    first, second = write_compilation(tmp_path / "a"), write_compilation(tmp_path / "b")
    wrongs = [one.wrong for one in find_mistakes([first, second])]
    assert "the id '2026-04-industries' is used twice" in wrongs


def test_a_file_that_is_not_utf_8_is_a_mistake_at_its_line(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    (directory / IMPRINT).write_bytes(b"title: x\npublisher: " + "某部".encode("gb18030"))
    (mistake,) = find_mistakes([directory])
    assert (mistake.line, mistake.wrong) == (2, "not UTF-8 (byte 'B2')")


@pytest.mark.parametrize(
    "name",
    ["quotes.yml", "notes.txt", "articles/3-industry.md", "articles/03_x.md", "articles/x/y"],
)
def test_an_unexpected_file_is_a_mistake(tmp_path: Path, name: str) -> None:
    directory = write_compilation(tmp_path)
    file = directory / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("x", encoding="utf-8")
    (mistake,) = find_mistakes([directory])
    assert mistake.wrong == "an unexpected file"


def test_a_folder_of_compilations_with_a_stray_file_is_a_mistake(tmp_path: Path) -> None:
    write_compilation(tmp_path)
    (tmp_path / "stray.yaml").write_text("", encoding="utf-8")
    assert [one.file for one in find_mistakes([tmp_path])] == [str(tmp_path / "stray.yaml")]


def test_a_folder_without_compilation_yaml_among_compilations_is_a_mistake(tmp_path: Path) -> None:
    write_compilation(tmp_path)
    (tmp_path / "2026-06-empty").mkdir()
    assert [one.wrong for one in find_mistakes([tmp_path])] == ["no compilation.yaml in it"]


def test_a_directory_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = find_mistakes([tmp_path / "nowhere"])
    assert mistake.wrong == "there is no such directory"


def test_a_directory_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = find_mistakes([tmp_path / ("x" * 5000)])
    assert mistake.wrong == "cannot be read (File name too long)"


def test_a_directory_without_a_compilation_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = find_mistakes([tmp_path])
    assert mistake.wrong == "the directory holds no compilation"


def test_no_directory_at_all_is_a_mistake() -> None:
    (mistake,) = find_mistakes([])
    assert mistake.wrong == "no directory is named"


def test_missing_quotations_are_a_mistake(tmp_path: Path) -> None:
    directory = write_compilation(tmp_path)
    (directory / QUOTATIONS).unlink()
    (mistake,) = find_mistakes([directory])
    assert (mistake.file, mistake.wrong) == (str(directory / QUOTATIONS), "the file is missing")


@pytest.mark.parametrize("name", ["2026-05-industries", "2026-04-Industries", "四月"])
def test_a_directory_with_another_month_or_form_is_a_mistake(tmp_path: Path, name: str) -> None:
    (mistake,) = find_mistakes([write_compilation(tmp_path, name)])
    assert name in mistake.wrong


@pytest.mark.parametrize("name", list(GOOD))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_written_into_a_file_no_exception_escapes(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    shutil.rmtree(tmp_path / "2026-04-industries", ignore_errors=True)
    directory = write_compilation(tmp_path)
    good = GOOD[name]
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 20)))
    noise = data.draw(
        st.text("-#>:|[]{}&*!'\"\\ \n\tab1,?%@\x00", max_size=12) | st.text(max_size=4)
    )
    spoiled = (good[:at] + noise + good[upto:]).encode("utf-8", "surrogatepass")
    (directory / name).write_bytes(spoiled)
    lines = spoiled.count(b"\n") + spoiled.count(b"\r") + 2
    assert all(1 <= one.line <= lines for one in find_mistakes([directory]))
