"""What a refusal says, in the language of the chat.

Here lives the way from an error of another room to its sentence. The messages stand where
they are raised (`search`, `study`), which know no language but the code's; the catalogues
have them as any other (`make messages`).
"""

from __future__ import annotations

from datetime import date

from bot.errors import DatePart, RefusedError, StudybotError
from bot.model import PartialDate
from bot.render import dates
from bot.render.language import _

_LEAP_YEAR = 2000  # has every day that any year has


def sentence(error: StudybotError) -> str:
    """The error for people, plain text; in Chinese or English as the chat has chosen.

    What is no refusal of something typed is said as it stands.
    """
    if not isinstance(error, RefusedError):
        return str(error)
    values = {
        name: _date(value) if isinstance(value, DatePart) else value
        for name, value in error.values.items()
    }
    return _(error.message, **values)


def _date(part: DatePart) -> str:
    """`2024年3月5日`, `3月5日`, `2024年2月`, `2月`, and the same in English."""
    if part.year is not None and part.day is not None:
        return dates.day(date(part.year, part.month, part.day))
    if part.year is not None:
        return dates.partial(PartialDate(part.year, part.month))
    if part.day is not None:
        return dates.day_of_year(date(_LEAP_YEAR, part.month, part.day))
    return dates.month_name(part.month)
