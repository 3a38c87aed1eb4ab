"""Times, days and zones are read as people write them, and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StudyWordError
from bot.model import DayRule, Days
from bot.study.words import read_days, read_time, read_zone
from bot.study.zones import places_by_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00", "08:00"),
        ("8:00", "08:00"),
        (" 20：30 ", "20:30"),
        ("００：００", "00:00"),
        ("23:59", "23:59"),
        ("8点", "08:00"),
        ("8點半", "08:30"),
        ("8时30分", "08:30"),
        ("8点05", "08:05"),
        ("8点5分", "08:05"),
        ("8点零五", "08:05"),
        ("8点整", "08:00"),
        ("8点钟", "08:00"),
        ("十点一刻", "10:15"),
        ("十点三刻", "10:45"),
        ("八点", "08:00"),
        ("八点十分", "08:10"),
        ("二十三点五十九分", "23:59"),
        ("两点", "02:00"),
        ("零点", "00:00"),
        ("早上8点", "08:00"),
        ("早 8 点", "08:00"),
        ("早上07:30", "07:30"),
        ("上午十一点", "11:00"),
        ("上午12点", "12:00"),
        ("中午12点", "12:00"),
        ("中午1点", "13:00"),
        ("下午3点", "15:00"),
        ("下午3:30", "15:30"),
        ("下午15点", "15:00"),
        ("晚上九点半", "21:30"),
        ("晚上12点", "00:00"),
        ("晚8点", "20:00"),
        ("凌晨1点", "01:00"),
        ("午夜0点", "00:00"),
        ("3pm", "15:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("8:30 PM", "20:30"),
    ],
)
def test_a_time_is_read(text: str, expected: str) -> None:
    assert read_time(text) == time.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8",
        "8:5",
        "8点5",
        "24:00",
        "25点",
        "8:60",
        "8点61分",
        "三五点",
        "十十点",
        "点",
        "今天8点",
        "晚上3点",
        "早上9点pm",
        "早上20点",
        "下午9点半钟",
        "-8:00",
        "٣:00",
        "工作日",
        "8:00 9:00",
    ],
)
def test_what_is_no_time_of_day_or_can_be_two_is_refused(text: str) -> None:
    with pytest.raises(StudyWordError):
        read_time(text)


def weekdays(*numbers: int) -> Days:
    return Days(DayRule.WEEKDAYS, frozenset(numbers))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每天", Days()),
        ("daily", Days()),
        ("Every day", Days()),
        ("周一到周日", Days()),
        ("一二三四五六日", Days()),
        ("工作日", Days(DayRule.WORKDAYS)),
        ("每个工作日", Days(DayRule.WORKDAYS)),
        ("workdays", Days(DayRule.WORKDAYS)),
        ("weekdays", weekdays(1, 2, 3, 4, 5)),
        ("周末", weekdays(6, 7)),
        ("週末", weekdays(6, 7)),
        ("周一三五", weekdays(1, 3, 5)),
        ("周135", weekdays(1, 3, 5)),
        ("一三五", weekdays(1, 3, 5)),
        ("1,3,5", weekdays(1, 3, 5)),
        ("周一、周三、周五", weekdays(1, 3, 5)),
        ("周一 周三", weekdays(1, 3)),
        ("每周一和每周三", weekdays(1, 3)),
        ("星期天", weekdays(7)),
        ("礼拜日", weekdays(7)),
        ("每周五", weekdays(5)),
        ("周一至周五", weekdays(1, 2, 3, 4, 5)),
        ("周一 - 周五", weekdays(1, 2, 3, 4, 5)),
        ("周1－5", weekdays(1, 2, 3, 4, 5)),
        ("周一至三、五", weekdays(1, 2, 3, 5)),
        ("周六到周一", weekdays(6, 7, 1)),
        ("周五到周五", weekdays(5)),
        ("mon-fri", weekdays(1, 2, 3, 4, 5)),
        ("Mon, Wed and Fri", weekdays(1, 3, 5)),
        ("Monday to Friday", weekdays(1, 2, 3, 4, 5)),
        ("tuesdays", weekdays(2)),
    ],
)
def test_days_are_read(text: str, expected: Days) -> None:
    assert read_days(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "周",
        "每",
        "5",
        "135",
        "10",
        "周八",
        "周0",
        "十五",
        "周一至",
        "至周五",
        "8点",
        "周一8点",
        "sunshine",
    ],
)
def test_what_is_no_days_is_refused(text: str) -> None:
    with pytest.raises(StudyWordError):
        read_days(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("asia/SHANGHAI", "Asia/Shanghai"),
        ("america/new york", "America/New_York"),
        ("New York", "America/New_York"),
        ("tokyo", "Asia/Tokyo"),
        ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("南京市", "Asia/Shanghai"),
        ("吉林省", "Asia/Shanghai"),
        ("乌鲁木齐", "Asia/Shanghai"),
        ("乌鲁木齐时间", "Asia/Urumqi"),
        ("香港", "Asia/Hong_Kong"),
        ("日本时间", "Asia/Tokyo"),
        ("伦敦", "Europe/London"),
        ("纽约", "America/New_York"),
        ("UTC", "UTC"),
        ("UTC+0", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("utc＋08：00", "Etc/GMT-8"),
        ("GMT-5", "Etc/GMT+5"),
        ("UTC−5", "Etc/GMT+5"),
        ("+08:00", "Etc/GMT-8"),
        ("+14", "Etc/GMT-14"),
        ("-12", "Etc/GMT+12"),
        ("东八区", "Etc/GMT-8"),
        ("西五区", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+0545", "Asia/Kathmandu"),
        ("-9:30", "Pacific/Marquesas"),
    ],
)
def test_a_zone_is_read(text: str, expected: str) -> None:
    assert read_zone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "美国",
        "CST",
        "Pacific",
        "火星",
        "UTC+15",
        "-13",
        "-3:30",
        "+10:30",
        "东十五区",
        "../etc/passwd",
        "posix/Asia/Shanghai",
        "localtime",
        "Factory",
        "8",
    ],
)
def test_what_is_no_zone_or_several_is_refused(text: str) -> None:
    with pytest.raises(StudyWordError):
        read_zone(text)


def test_every_place_of_the_table_has_a_real_zone() -> None:
    for place, zone in places_by_name().items():
        assert ZoneInfo(zone).key == read_zone(place)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("+5:30", 5.5), ("+5:45", 5.75), ("-9:30", -9.5), ("UTC+8", 8), ("GMT-5", -5)],
)
def test_an_offset_is_kept_the_whole_year(text: str, hours: float) -> None:
    zone = ZoneInfo(read_zone(text))
    offsets = {datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}
    assert [offset.total_seconds() / 3600 for offset in offsets if offset is not None] == [hours]


READERS: list[Callable[[str], object]] = [read_time, read_days, read_zone]


@pytest.mark.parametrize("reader", READERS)
def test_a_refusal_ends_in_an_example_that_works(reader: Callable[[str], object]) -> None:
    with pytest.raises(StudyWordError) as caught:
        reader("不知所云")
    assert caught.value.example in str(caught.value)
    reader(caught.value.example)


@pytest.mark.parametrize("reader", READERS)
def test_a_refusal_shows_what_was_typed_cut_short(reader: Callable[[str], object]) -> None:
    with pytest.raises(StudyWordError) as caught:
        reader("很长" * 1000)
    assert str(caught.value).startswith("“很长很长")
    assert len(str(caught.value)) < 120


ANYTHING = st.text() | st.text("0123456789:点半刻分早晚上下午周一二三五十至、每天工作日utc+- ")


@pytest.mark.parametrize("reader", READERS)
@given(text=ANYTHING)
def test_anything_else_is_refused_and_nothing_crashes(
    reader: Callable[[str], object], text: str
) -> None:
    try:
        reader(text)
    except StudyWordError as error:
        assert error.example  # noqa: PT017  either outcome is right; a third is what this is for


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_every_minute_of_the_day_is_read_in_digits(hour: int, minute: int) -> None:
    assert (
        read_time(f"{hour:02d}:{minute:02d}")
        == read_time(f"{hour}点{minute}分")
        == time(hour, minute)
    )
