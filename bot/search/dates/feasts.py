"""Days with names: fixed days of the year, days of the lunar calendar, solar terms.

Here live the names and how a name becomes a day of a year. Lunar conversion and the
solar terms are those of `borax` (1900-2100).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.errors import QueryError

_FIRST_LUNAR_YEAR, _LAST_LUNAR_YEAR = 1901, 2100
_LAST_MONTH = 12
_NEW_YEARS_EVE = (12, 30)  # of the lunar year: the day before the next one begins


@dataclass(frozen=True, slots=True)
class Feast:
    """A named day. Exactly one of `fixed` (month, day), `lunar` (month, day), `term` is given.

    A day of the last lunar month belongs to the year of the Spring Festival it leads to:
    2024年除夕 is 2024-02-09, the eve of 2024's. `holidays` is the number of days of the
    statutory holiday that begins with it, where that is one fixed length. A date of the
    lunar calendar in figures (`is_lunar_date`) is of the lunar year instead.
    """

    name: str
    fixed: tuple[int, int] | None = None
    lunar: tuple[int, int] | None = None
    term: str = ""
    holidays: int = 1
    is_lunar_date: bool = False

    def on(self, year: int) -> date:
        """The day in that year. Raises QueryError outside the years the lunar calendar covers."""
        if self.fixed:
            return date(year, *self.fixed)
        if not _FIRST_LUNAR_YEAR <= year <= _LAST_LUNAR_YEAR:
            raise QueryError(
                "{feast}只能查{first}年到{last}年。可以这样写：{example}",
                f"2024年{self.name}",
                feast=self.name,
                first=_FIRST_LUNAR_YEAR,
                last=_LAST_LUNAR_YEAR,
            )
        if self.is_lunar_date:
            return self._on_lunar_date(year)
        return _lunar_day(year, self.lunar) if self.lunar else _solar_term(year, self.term)

    def _on_lunar_date(self, year: int) -> date:
        month, day = self.lunar or (1, 1)
        try:
            return _solar_day(year, month, day)
        except ValueError as error:  # a month of 29 days, or no such month at all
            raise QueryError(
                "{year}年没有{feast}。可以这样写：{example}",
                "2024年农历八月十五",
                year=year,
                feast=self.name,
            ) from error


@lru_cache(maxsize=512)
def _lunar_day(year: int, lunar: tuple[int, int]) -> date:
    month, day = lunar
    if lunar == _NEW_YEARS_EVE:
        return _solar_day(year, 1, 1) - timedelta(days=1)
    return _solar_day(year - (month == _LAST_MONTH), month, day)


def _solar_day(lunar_year: int, month: int, day: int) -> date:
    """Raises ValueError when the lunar calendar has no such day."""
    from borax.calendars.lunardate import LunarDate  # 12 ms to import, seldom needed

    solar: date = LunarDate(lunar_year, month, day).to_solar_date()
    return solar


@lru_cache(maxsize=512)
def _solar_term(year: int, term: str) -> date:
    from borax.calendars.lunardate import TermUtils

    day: date = TermUtils.day_start_from_term(year, term)
    return day


def lunar_date(month: int, day: int) -> Feast:
    """A day of the lunar calendar in figures: 农历八月十五."""
    return Feast(f"农历{month}月{day}日", lunar=(month, day), is_lunar_date=True)


def _named(names: str, **day: object) -> dict[str, Feast]:
    return {name: Feast(name, **day) for name in names.split()}  # type: ignore[arg-type]


# Names that mean their day wherever they stand alone.
FEASTS: Mapping[str, Feast] = {
    **_named("元旦 元旦节", fixed=(1, 1)),
    **_named("情人节", fixed=(2, 14)),
    **_named("三八 妇女节 三八节 三八妇女节 三八国际妇女节 国际妇女节", fixed=(3, 8)),
    **_named("植树节", fixed=(3, 12)),
    **_named("国家安全教育日 全民国家安全教育日", fixed=(4, 15)),
    **_named("世界读书日 全民阅读日", fixed=(4, 23)),
    **_named("航天日 中国航天日", fixed=(4, 24)),
    **_named("五一 五一节 劳动节 五一劳动节 五一国际劳动节 国际劳动节", fixed=(5, 1), holidays=5),
    **_named("五四 青年节 五四青年节", fixed=(5, 4)),
    **_named("全国科技工作者日 科技工作者日", fixed=(5, 30)),
    **_named("六一 儿童节 六一儿童节 六一国际儿童节 国际儿童节", fixed=(6, 1)),
    **_named("世界环境日", fixed=(6, 5)),
    **_named("七一 建党节 七一建党节 党的生日", fixed=(7, 1)),
    **_named("八一 建军节 八一建军节", fixed=(8, 1)),
    **_named("中国医师节 医师节", fixed=(8, 19)),
    **_named("抗战胜利纪念日 中国人民抗日战争胜利纪念日", fixed=(9, 3)),
    **_named("教师节", fixed=(9, 10)),
    **_named("九一八", fixed=(9, 18)),
    **_named("烈士纪念日", fixed=(9, 30)),
    **_named("国庆 国庆节 十一国庆节 十一国庆", fixed=(10, 1), holidays=7),
    **_named("记者节 中国记者节", fixed=(11, 8)),
    **_named("宪法日 国家宪法日", fixed=(12, 4)),
    **_named("国家公祭日", fixed=(12, 13)),
    **_named("圣诞 圣诞节", fixed=(12, 25)),
    **_named("春节 农历新年 大年初一 正月初一", lunar=(1, 1), holidays=7),
    **_named("元宵 元宵节 正月十五", lunar=(1, 15)),
    **_named("端午 端午节", lunar=(5, 5)),
    **_named("七夕 七夕节", lunar=(7, 7)),
    **_named("中元节", lunar=(7, 15)),
    **_named("中秋 中秋节", lunar=(8, 15)),
    **_named("重阳 重阳节", lunar=(9, 9)),
    **_named("腊八 腊八节", lunar=(12, 8)),
    **_named("除夕 大年三十 年三十 大年夜", lunar=_NEW_YEARS_EVE),
    **_named("清明 清明节", term="清明"),
    **_named("冬至 冬至节", term="冬至"),
    **_named("丰收节 农民丰收节 中国农民丰收节", term="秋分"),
}

# Names that are everyday words too: a day only behind a year (2024年大雪, 去年十一).
FEASTS_OF_A_YEAR: Mapping[str, Feast] = {
    **FEASTS,
    **_named("十一", fixed=(10, 1), holidays=7),
    **{
        term: Feast(term, term=term)
        for term in (
            *(
                "小寒",
                "大寒",
                "立春",
                "雨水",
                "惊蛰",
                "春分",
                "谷雨",
                "立夏",
                "小满",
                "芒种",
                "夏至",
            ),
            *(
                "小暑",
                "大暑",
                "立秋",
                "处暑",
                "白露",
                "秋分",
                "寒露",
                "霜降",
                "立冬",
                "小雪",
                "大雪",
            ),
        )
    },
}
