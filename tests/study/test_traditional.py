"""What is written in traditional characters means the same, and stays as it was written."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from bot.study import quiz_words, reading_wishes
from bot.study.words import simplified
from tests.study.reminder_table import LINES
from tests.study.test_reminders import read

TRADITIONAL = OpenCC("s2tw")


@pytest.mark.parametrize("text", [one[0] for one in LINES])
def test_a_reminder_means_the_same_in_traditional_characters(text: str) -> None:
    plain, other = read(text), read(TRADITIONAL.convert(text))
    assert (other.recurrence, other.at, other.lasts, other.leads, other.takes_part) == (
        *(plain.recurrence, plain.at, plain.lasts, plain.leads, plain.takes_part),
    )


def test_what_is_peoples_own_stays_as_they_wrote_it() -> None:
    wish = read("每週五 15:00 讀書會 提前30分鐘 @會議室 主題「雙碳時代」")
    assert (wish.title, wish.place, wish.theme) == ("讀書會", "會議室", "雙碳時代")


def test_a_title_that_was_cut_in_two_stays_as_it_was_written() -> None:
    assert read("週會 每週五 15:00 題庫").title == "週會 題庫"


@pytest.mark.parametrize("text", ["每周五 20:00 3题", "周一三五 早上8点 两道题", "每天 7:30"])
def test_a_quiz_means_the_same_in_traditional_characters(text: str) -> None:
    assert quiz_words.read_wish(TRADITIONAL.convert(text)) == quiz_words.read_wish(text)


@pytest.mark.parametrize("text", ["4周", "两周 20:00 工作日", "暂停", "补课"])
def test_a_reading_plan_means_the_same_in_traditional_characters(text: str) -> None:
    assert reading_wishes.read_wish(TRADITIONAL.convert(text)) == reading_wishes.read_wish(text)


def test_nothing_moves_when_it_is_simplified() -> None:
    text = "每週五下午三點學習會，隔兩個禮拜後"
    assert len(simplified(text)) == len(text)
