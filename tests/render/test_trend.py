"""A term through time: the axis, the caption, the chart made of letters, the picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from bot.app.fonts import chinese_font
from bot.model import Corpus, MonthCount, Trend
from bot.render import picture
from bot.render import trend as wording
from bot.render.split import units
from bot.render.trend import Gap, axis
from tests.render.conftest import months, seen

CAPTION_LIMIT = 1024  # https://core.telegram.org/bots/api#sendphoto


@pytest.fixture(scope="module")
def font() -> Path:
    found = chinese_font()
    assert found is not None, "the extra `pictures` belongs to what tests need"
    return found


def trend_of(corpus: Corpus, every: tuple[MonthCount, ...], term: str = "新质生产力") -> Trend:
    undated = ((2023, 300), (2024, 1), (2025, 2), (2026, 12))
    return Trend(term, every, undated, corpus.quotes[0], corpus.readings[-1])


def test_a_short_empty_stretch_is_shown_month_by_month() -> None:
    slots = axis([MonthCount(2025, 11, 1), MonthCount(2026, 2, 1)])
    assert slots == (
        MonthCount(2025, 11, 1),
        MonthCount(2025, 12),
        MonthCount(2026, 1),
        MonthCount(2026, 2, 1),
    )


def test_a_long_empty_stretch_is_one_gap_that_says_how_long() -> None:
    slots = axis([MonthCount(2014, 12, 1), MonthCount(2020, 4, 1)])
    assert slots == (MonthCount(2014, 12, 1), Gap(63), MonthCount(2020, 4, 1))
    assert wording.length(63) == "5年3个月"


@given(months)
def test_the_axis_leaves_out_no_mention_and_no_time(every: tuple[MonthCount, ...]) -> None:
    slots = axis(every)
    assert [slot for slot in slots if isinstance(slot, MonthCount) and slot.total] == [*every]
    first, last = every[0], every[-1]
    span = 12 * (last.year - first.year) + last.month - first.month + 1
    assert sum(slot.months if isinstance(slot, Gap) else 1 for slot in slots) == span


@given(every=months)
def test_a_caption_fits_and_a_chart_of_letters_fits_one_message(
    corpus: Corpus, every: tuple[MonthCount, ...]
) -> None:
    trend = trend_of(corpus, every, "新" * wording.LONGEST_TERM)
    ids = {trend.term: 1}
    assert units(seen(wording.caption(trend, ids, typed="旧" * 40).text)) <= CAPTION_LIMIT
    assert units(seen(wording.in_letters(trend, ids).text)) <= 4096


def test_a_bar_of_letters_is_as_long_as_its_count(corpus: Corpus) -> None:
    trend = trend_of(corpus, (MonthCount(2024, 3, 2, 1), MonthCount(2024, 4, 0, 4)))
    text = seen(wording.in_letters(trend, {trend.term: 1}).text)
    assert "2024-03 ▇▇▒ 3\n2024-04 ▒▒▒▒ 4\n▇ 论述" in text


def test_what_is_of_a_year_alone_is_told_apart(corpus: Corpus) -> None:
    text = seen(
        wording.caption(trend_of(corpus, (MonthCount(2024, 3, 2),)), {"新质生产力": 1}).text
    )
    assert "其中只知道年份、没有画进图里的文章：2024年 1 节、2025年 2 节、2026年 12 节" in text


@settings(max_examples=12, deadline=None)
@given(every=months)
def test_any_trend_can_be_drawn(corpus: Corpus, font: Path, every: tuple[MonthCount, ...]) -> None:
    drawn = picture.draw(trend_of(corpus, every, "新质生产力 " * 6), font)
    with Image.open(BytesIO(drawn)) as image:
        assert image.format == "PNG"
        assert image.width == 1080
        assert 0.5 < image.height / image.width < 1
    assert len(drawn) < 100_000


def test_bars_have_the_height_of_their_counts(corpus: Corpus, font: Path) -> None:
    """Counted in pixels of the quotations' colour: three times the mentions, three times them."""
    one, three = (
        drawn_pixels(picture.draw(trend_of(corpus, (MonthCount(2024, 3, count),)), font))
        for count in (1, 3)
    )
    assert three == pytest.approx(3 * one, rel=0.05)


def drawn_pixels(png: bytes) -> int:
    """Pixels of the quotations' colour below the legend."""
    with Image.open(BytesIO(png)) as image:
        plot = image.convert("RGB").crop((0, 250, image.width, image.height))
    colours = plot.getcolors(maxcolors=2**20)
    assert colours is not None
    return {colour: count for count, colour in colours}[(247, 181, 56)]
