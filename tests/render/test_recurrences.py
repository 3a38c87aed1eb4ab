"""How rules and durations are put in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.render.recurrences import until


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (timedelta(minutes=9), "9分钟"),
        (timedelta(minutes=90), "1小时30分钟"),
        (timedelta(minutes=138), "2小时18分钟"),
        (timedelta(hours=21), "21小时"),
        (timedelta(days=1), "1天"),
        (timedelta(days=1, hours=3, minutes=5), "1天3小时"),
        (timedelta(days=2, minutes=5), "2天5分钟"),
        (timedelta(seconds=20), "0分钟"),
    ],
)
def test_what_is_still_to_come_is_told_in_its_two_largest_units(
    duration: timedelta, told: str
) -> None:
    assert until(duration) == told
