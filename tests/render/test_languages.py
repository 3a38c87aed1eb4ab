"""Reminders, sessions, records and trends as a chat in another language reads them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from bot.app.fonts import chinese_font
from bot.model import (
    Agenda,
    Answer,
    Attendee,
    Coming,
    Corpus,
    Language,
    Member,
    MonthCount,
    Reminder,
    Script,
    Session,
    Trend,
)
from bot.render import calendars, inline, picture, records, recurrences, reminders, sessions
from bot.render import trend as trends
from bot.render.calendars import Entry
from bot.render.language import as_read, speaking
from bot.render.reminders import Shown
from bot.render.split import CAPTION_LIMIT, units
from bot.study import agenda, recurrence
from bot.study.attendance import count, tally
from bot.study.reminders import read_reminder
from tests.render.conftest import months, seen

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CHINESE = re.compile(r"[一-鿿]")
EXAMPLE = re.compile(r"<code>.*?</code>")


@pytest.fixture
def english() -> Iterator[None]:
    with speaking(Language.ENGLISH):
        yield


def reminder_of(line: str) -> Reminder:
    wish = read_reminder(line, NOW, ZONE)
    assert wish.recurrence is not None
    assert wish.at is not None
    lasts = wish.lasts or timedelta(hours=1)
    return Reminder(
        chat_id=1,
        thread_id=None,
        title=wish.title,
        recurrence=wish.recurrence,
        at=wish.at,
        zone=ZONE,
        edited_at=NOW,
        takes_part=True,
        lasts=lasts,
        place=wish.place or "",
        theme=wish.theme or "",
        notices=recurrence.notices(wish.leads or (timedelta(),), lasts, takes_part=True),
    )


def shown(line: str) -> Shown:
    reminder = reminder_of(line)
    upcoming = recurrence.upcoming(reminder, NOW)
    return Shown(reminder, upcoming, TODAY, is_guessing=True)


def chinese_in(answer: Answer) -> list[str]:
    """Chinese that the bot says itself: what can be typed stands in code."""
    labels = [button.label for row in answer.buttons for button in row]
    return [text for text in (EXAMPLE.sub("", answer.text), *labels) if CHINESE.search(text)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("每周五 15:00 X 提前1天 30分钟", "every Fri at 15:00 | 1 day, 30 minutes before"),
        ("隔周三 9:00 X", "every 2 weeks on Wed at 09:00 | on time"),
        ("每月最后一个周五 9:00 X", "every month on the last Fri at 09:00 | on time"),
        ("每月第二个工作日 9:00 X", "every month on the 2nd workday at 09:00 | on time"),
        ("每年7月1日 9:00 X", "every July on day 1 at 09:00 | on time"),
        ("每两天 9:00 X 提前1小时 准时", "every 2 days at 09:00 | 1 hour before, and on time"),
        ("2027年3月5日 9:00 X", "5 March 2027 at 09:00 | on time"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_recurrence_is_said_in_english(line: str, said: str) -> None:
    reminder = reminder_of(line)
    assert f"{recurrences.when(reminder)} | {recurrences.leads(reminder)}" == said


@pytest.mark.parametrize("language", Language)
def test_the_line_of_a_reminder_can_be_typed_again_in_every_language(language: Language) -> None:
    before = reminder_of("每月最后一个周五 15:00 学习会 提前1天 准时 主题 脑机接口 @三楼")
    with speaking(language):
        again = reminder_of(recurrences.line(before))
    assert again == before


@pytest.mark.parametrize("line", ["每周五 15:00 X 提前1天", "12月1日 9:00 Y @Z", "工作日 8:30 X"])
@pytest.mark.usefixtures("english")
def test_everything_about_a_reminder_is_english(line: str) -> None:
    one = shown(line)
    answers = [
        reminders.read_back(one),
        reminders.confirmed(one),
        reminders.to_be_edited(one),
        reminders.listed([one]),
        reminders.listed([]),
        reminders.panel(one),
        reminders.moving(one),
        reminders.deleting(one),
        reminders.deleted(one.reminder),
        reminders.gone(),
        reminders.usage(),
        reminders.nothing_ahead(one.reminder),
        reminders.too_many(50),
    ]
    assert [said for answer in answers for said in chinese_in(answer)] == []


def attendees() -> list[Attendee]:
    return [
        Attendee(Member(1, "Ann"), Coming.YES, NOW),
        Attendee(Member(2, "Bob"), Coming.NO),
        Attendee(Member(3, "Eve"), Coming.YES),
        Attendee(Member(4, "Max"), Coming.MAYBE),
    ]


@pytest.mark.usefixtures("english")
def test_a_session_and_its_summary_are_english_but_for_the_corpus(corpus: Corpus) -> None:
    quotes = corpus.quotes[:3]
    asked = agenda.agenda("X", quotes, ())
    one = reminder_of("每周五 15:00 X")
    (held,) = recurrence.upcoming(one, NOW, 1)
    answers = [
        sessions.session(one, held, count(attendees()), lead=timedelta(days=1), agenda=asked),
        sessions.summary(one, held, count(attendees()), asked),
        sessions.nudge(one, held, attendees()),
    ]
    theirs = {*(quote.occasion for quote in quotes), *(one.sentence for one in asked.questions)}
    for answer in answers:
        text = answer.text
        for words in theirs:
            text = text.replace(words, "")
        # What is left is the opening of each quotation, on a line of its own.
        lines = [line for line in text.split("\n") if not re.match(r"\d\. ", line)]
        assert chinese_in(replace(answer, text="\n".join(lines))) == []


@pytest.mark.usefixtures("english")
def test_a_question_about_a_sentence_is_asked_in_english(corpus: Corpus) -> None:
    asked: Agenda = agenda.agenda("X", corpus.quotes[:3], ())
    one = reminder_of("每周五 15:00 X")
    (held,) = recurrence.upcoming(one, NOW, 1)
    text = sessions.session(one, held, count([]), lead=None, agenda=asked).text
    for question in asked.questions:
        assert f"“{question.sentence}”" in text
        assert question.text not in text


@pytest.mark.usefixtures("english")
def test_the_sheet_and_the_table_of_a_month_have_english_columns() -> None:
    held = [(Session(1, 1, 1, TODAY, NOW - timedelta(days=1), "X"), attendees())]
    content = records.sheet(held, tally(held), ZONE).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["Name", "23 November X", "Came", "Excused", "Sessions", "Rate"]
    assert [row[:2] for row in rows[1:]] == [
        ["Ann", "Came"],
        ["Bob", "Excused"],
        ["Eve", "Missed"],
        ["Max", "Maybe"],
    ]
    table = records.month(date(2026, 11, 1), held, tally(held), TODAY)
    assert chinese_in(table) == []
    widths = {len(line) for line in seen(table.text).split("\n") if "%" in line or "Rate" in line}
    assert len(widths) == 1, "the columns stand under one another"


@pytest.mark.usefixtures("english")
def test_a_calendar_says_in_which_language_it_is() -> None:
    one = replace(reminder_of("每周五 15:00 X 主题 Y"), uid="u")
    file = calendars.calendar([Entry(one, recurrence.upcoming(one, NOW))], NOW).decode()
    assert "PRODID:-//studybot//reminders//EN" in file
    assert "DESCRIPTION:Theme: Y" in file


@given(every=months)
def test_an_english_caption_of_a_trend_fits(corpus: Corpus, every: tuple[MonthCount, ...]) -> None:
    undated = ((2023, 300), (2024, 1), (2025, 2), (2026, 12))
    term = "新" * trends.LONGEST_TERM
    one = Trend(term, every, undated, corpus.quotes[0], corpus.readings[-1])
    with speaking(Language.ENGLISH):
        told = trends.caption(one, {term: 1}, typed="旧" * 40)
    assert units(seen(told.text)) <= CAPTION_LIMIT


def test_the_picture_of_a_trend_differs_by_language(corpus: Corpus) -> None:
    font = chinese_font()
    assert isinstance(font, Path), "the extra `pictures` belongs to what tests need"
    one = Trend("X", (MonthCount(2024, 3, 2, 1),), (), corpus.quotes[0], corpus.quotes[0])
    drawn = picture.draw(one, font)
    with speaking(Language.ENGLISH):
        assert picture.draw(one, font) != drawn
    assert picture.draw(one, font) == drawn


def test_what_is_shared_is_in_the_script_that_the_chat_reads(corpus: Corpus) -> None:
    quote = corpus.quotes[0]
    with speaking(Language.TRADITIONAL, Script.TRADITIONAL):
        shared = seen(inline.shared(quote, corpus))
        assert as_read(quote.text) in shared
        assert as_read(quote.occasion) in shared
    assert as_read(quote.text) == quote.text
    assert quote.text in seen(inline.shared(quote, corpus))
