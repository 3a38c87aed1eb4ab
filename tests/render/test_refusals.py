"""What a refusal says in each language, wherever it is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import bot
from bot.errors import CorpusError, DatePart, Mistake, QueryError, RefusedError
from bot.model import Language
from bot.render import inline, refusals
from bot.render.language import speaking
from bot.search.query import parse
from bot.study import archive
from bot.study.reminders import read_reminder
from bot.study.words import read_days, read_time, read_zone

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
CHINESE = re.compile(r"[一-鿿]")

QUERIES = [
    "2024年2月30日",
    "2月30日",
    "4月31日",
    "2024年13月",
    "2024年第五季度",
    "11月到2月",
    "2024年11月到2月",
    "2024年5月1日到2024年3月1日",
    "1234年",
    "明年以来",
    "，。",
    "长" * 201,
    "-制造业",
]
REMINDERS = [
    "每周五 学习会",
    "15:00 学习会",
    "2025年1月1日 9:00 会",
    "2月30日 9:00 会",
    "每月 15:00 会",
    "每月第六个周五 15:00 会",
    "每年13月1日 9:00 会",
    "每周五 15:00 会 共0次",
    "每周五 15:00 会 时长1分钟",
    "每周五 15:00 会 提前90天",
    "每周五 25:00 会",
    "会" * 201,
]


def refused_query(text: str) -> QueryError:
    with pytest.raises(QueryError) as refused:
        parse(text, TODAY)
    return refused.value


def refused_reminder(text: str) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        read_reminder(text, NOON, "Asia/Shanghai")
    return refused.value


def without_what_is_typed(error: RefusedError, sentence: str) -> str:
    """The sentence without its example and what it repeats: people type Chinese."""
    for value in sorted(map(str, error.values.values()), key=len, reverse=True):
        sentence = sentence.replace(value, "")
    return re.sub(r"“[^”]*”|次年", "", sentence)


@pytest.mark.parametrize("text", QUERIES)
def test_a_refused_query_is_refused_in_english(text: str) -> None:
    error = refused_query(text)
    with speaking(Language.ENGLISH):
        said = refusals.sentence(error)
    assert not CHINESE.search(without_what_is_typed(error, said)), said
    assert error.example in said


@pytest.mark.parametrize("text", REMINDERS)
def test_a_refused_reminder_is_refused_in_english(text: str) -> None:
    error = refused_reminder(text)
    with speaking(Language.ENGLISH):
        said = refusals.sentence(error)
    shown = without_what_is_typed(error, said).replace("早上8点半", "").replace("下午3点", "")
    assert not CHINESE.search(shown), said
    assert error.example in said


@pytest.mark.parametrize("read", [read_time, read_days, read_zone])
def test_a_refused_time_day_or_zone_names_what_was_typed(read: object) -> None:
    assert callable(read)
    with pytest.raises(RefusedError) as refused:
        read("某某")
    with speaking(Language.ENGLISH):
        assert "“某某”" in refusals.sentence(refused.value)
        assert refusals.sentence(refused.value) != str(refused.value)


def test_a_file_of_another_kind_is_refused_in_english() -> None:
    with pytest.raises(RefusedError) as refused:
        archive.read(b"[]")
    with speaking(Language.ENGLISH):
        assert not CHINESE.search(refusals.sentence(refused.value))


@pytest.mark.parametrize("text", QUERIES)
def test_the_error_itself_is_in_simplified_chinese_whatever_is_spoken(text: str) -> None:
    plain = str(refused_query(text))
    with speaking(Language.ENGLISH):
        error = refused_query(text)
    assert str(error) == plain == refusals.sentence(error)


def test_a_refusal_is_said_in_traditional_characters() -> None:
    with speaking(Language.TRADITIONAL):
        said = refusals.sentence(refused_query("2024年2月30日"))
    assert said == "2024年2月只有29天，沒有30日。可以這樣寫：2024年2月29日"


@pytest.mark.parametrize(
    ("part", "chinese", "english"),
    [
        (DatePart(3, 5, 2024), "2024年3月5日", "5 March 2024"),
        (DatePart(2, 29), "2月29日", "29 February"),
        (DatePart(2, None, 2024), "2024年2月", "February 2024"),
        (DatePart(2), "2月", "February"),
    ],
)
def test_a_date_in_a_refusal_is_said_in_the_language_of_the_chat(
    part: DatePart, chinese: str, english: str
) -> None:
    error = QueryError("{day}不对，例如：{example}", "今天", day=part)
    assert str(error) == refusals.sentence(error) == f"{chinese}不对，例如：今天"
    with speaking(Language.ENGLISH):
        assert english in refusals.sentence(error)


def test_what_no_person_typed_is_said_as_it_stands() -> None:
    error = CorpusError((Mistake("a.md", 3, "no date", "expected one"),))
    with speaking(Language.ENGLISH):
        assert refusals.sentence(error) == str(error)


def test_an_english_refusal_has_its_two_sentences_on_the_two_lines_of_a_row() -> None:
    with speaking(Language.ENGLISH):
        item = inline.refused(refused_query("4月31日"))
    assert item.title == "🤔 April has only 30 days, so there is no day 31"
    assert item.description.endswith("4月30日")


def test_every_message_stands_where_it_is_raised_so_that_the_catalogues_have_it() -> None:
    found = list(raised(Path(bot.__file__).parent))
    assert len(found) > 30
    assert [where for where, is_literal in found if not is_literal] == []


def raised(package: Path) -> Iterator[tuple[str, bool]]:
    """Every place that makes a refusal, and whether its message is written out there."""
    for file in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("QueryError", "StudyWordError"):
                message = node.args[0]
                is_literal = isinstance(message, ast.Constant) and isinstance(message.value, str)
                yield f"{file.name}:{node.lineno}", is_literal
