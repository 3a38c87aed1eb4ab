"""A month of check-ins as it is said and as it is drawn."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.app.fonts import chinese_font
from bot.model import Diligence, Habit, Language, Member, Month, Streak
from bot.render import check_ins, heatmap, weekly
from bot.render.language import speaking
from bot.render.split import units
from tests.render.conftest import seen

CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto
NOTICE_LIMIT = 200  # https://core.telegram.org/bots/api#answercallbackquery
TODAY = date(2026, 11, 24)
STRONGEST = (20, 92, 52)  # of the light theme


def month_of(draw: st.DrawFn) -> Month:
    first_on = date(draw(st.integers(2015, 2100)), draw(st.integers(1, 12)), 1)
    days = st.integers(1, monthrange(first_on.year, first_on.month)[1])
    counts = draw(st.dictionaries(days, st.integers(1, 200_000), min_size=1))
    today = first_on + timedelta(days=draw(st.integers(0, 90)))
    return Month(first_on, today, {first_on.replace(day=day): counts[day] for day in counts})


months = st.composite(month_of)()


@pytest.fixture(scope="module")
def font() -> Path:
    found = chinese_font()
    assert found is not None, "the extra `pictures` belongs to what tests need"
    return found


@given(months, st.lists(st.text(min_size=1, max_size=200), max_size=30))
def test_what_stands_under_a_picture_fits(month: Month, titles: list[str]) -> None:
    habits = [Habit(title, 31, Streak(9999, 9999)) for title in titles]
    assert units(seen(check_ins.own_month(month, habits).text)) <= CAPTION_LIMIT
    assert units(seen(check_ins.group_month(month).text)) <= CAPTION_LIMIT


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("is_news", [True, False])
@pytest.mark.parametrize("pushed_on", [TODAY, date(2025, 1, 1)])
def test_a_notice_fits_over_the_button(language: Language, is_news: bool, pushed_on: date) -> None:
    with speaking(language):
        notice = check_ins.notice(
            Streak(10_000, 10_000), is_news=is_news, today=TODAY, pushed_on=pushed_on
        )
        assert len(notice) <= NOTICE_LIMIT
        assert len(check_ins.not_named().text) > 0


@settings(max_examples=20, deadline=None)
@given(month=months, is_group=st.booleans(), is_dark=st.booleans())
def test_any_month_can_be_drawn_for_a_phone(
    font: Path, month: Month, is_group: bool, is_dark: bool
) -> None:
    sheet = check_ins.sheet(month, is_group=is_group, is_dark=is_dark)
    drawn = heatmap.draw(sheet, font)
    with Image.open(BytesIO(drawn)) as image:
        assert image.format == "PNG"
        assert image.width == 1080
        assert 0.8 < image.height / image.width < 1.3
    assert len(drawn) < 200_000


def test_the_fullest_day_has_the_strongest_shade_and_an_empty_one_none() -> None:
    counts = {TODAY: 40, TODAY - timedelta(days=1): 1, TODAY - timedelta(days=2): 11}
    sheet = check_ins.sheet(Month(TODAY.replace(day=1), TODAY, counts), is_group=True, is_dark=True)
    assert sheet.levels[20:24] == (0, 2, 1, 4)
    assert sheet.counts[20:24] == (0, 11, 1, 40)
    assert (sheet.today, sheet.ahead, sheet.first_weekday) == (24, 24, 6)


def test_of_a_person_every_day_is_of_one_shade(font: Path) -> None:
    day, other = TODAY - timedelta(days=1), TODAY - timedelta(days=3)  # today has a ring
    month = Month(TODAY.replace(day=1), TODAY, {day: 1, other: 1})
    one, two = (
        shaded(heatmap.draw(check_ins.sheet(some, is_group=False, is_dark=False), font))
        for some in (Month(month.first_on, month.today, {day: 1}), month)
    )
    assert two == pytest.approx(2 * one, rel=0.02)


def shaded(png: bytes) -> int:
    """Pixels of the strongest shade."""
    with Image.open(BytesIO(png)) as image:
        colours = image.convert("RGB").getcolors(maxcolors=2**20)
    assert colours is not None
    return {colour: count for count, colour in colours}[STRONGEST]


@pytest.mark.parametrize("look", [heatmap._LIGHT, heatmap._DARK], ids=["light", "dark"])
def test_what_is_written_can_be_read_on_its_ground(look: heatmap._Theme) -> None:
    """By the contrast of WCAG 2.2: 4.5 to 1 for text, 3 to 1 for large text."""
    assert contrast(look.text, look.paper) >= 4.5
    assert contrast(look.muted, look.paper) >= 4.5
    for shade, ink in zip(look.shades, look.inks, strict=True):
        assert contrast(shade, ink) >= 3
    levels = [luminance(shade) for shade in look.shades]
    assert levels == sorted(levels) or levels == sorted(levels, reverse=True)


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_board_is_one_message_whatever_the_names() -> None:
    who = [
        Diligence(Member(number, "&<>" * 40), 7, Streak(9999, 9999))
        for number in range(weekly.MOST_LISTED + 30)
    ]
    board = weekly.board(TODAY - timedelta(days=6), TODAY, who, 3)
    assert units(seen(board.text)) <= 4096
    assert "还有 33 人也打了卡" in board.text
