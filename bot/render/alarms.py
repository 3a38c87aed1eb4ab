"""What the owner is told when something is wrong: one sentence, then what to do. Plain text.

Here lives their wording. When they are said, and that they are not said too often, is
decided in `watch`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.render.split import MESSAGE_LIMIT

_ROOM_FOR_REST = 40
_MOST_MISTAKES = 10


def late(pushes: int, oldest_due_at: datetime | None, zone: str) -> str:
    """Pushes due more than five minutes ago have not been sent."""
    since = f"，最早的一条应在 {_minute(oldest_due_at, zone)} 送出" if oldest_due_at else ""
    return (
        f"⏰ 有 {pushes} 条推送晚了五分钟以上{since}。"
        "都还在账上，不会丢。请看日志，再运行 studybot doctor。"
    )


def disk(free_percent: float, folder: str, machine: str) -> str:
    """The disk that holds the data directory is nearly full."""
    return (
        f"💾 {machine} 的磁盘只剩 {free_percent:.1f}%（{folder}）。"
        "写满以后什么都发不出去：请清出空间，或者把 data_dir 换到别的盘。"
    )


def corpus(said: str, served: str = "") -> str:
    """A corpus that was changed could not be loaded; the one before, `served`, still is.

    `said` is why: a mistake a line, or a sentence.
    """
    lines = said.splitlines()
    some = "\n".join(line[:300] for line in lines[:_MOST_MISTAKES])
    rest = f"\n另有 {len(lines) - _MOST_MISTAKES} 处。" if len(lines) > _MOST_MISTAKES else ""
    kept = f"那份：{served}" if served else "那份"
    return (
        f"📚 资料重新装载失败，现在用的还是原来{kept}。请运行 studybot check 并改正：\n{some}{rest}"
    )


def workdays(known_until: date) -> str:
    """The calendar of Chinese working days ends soon."""
    return (
        f"📅 中国节假日安排只知道到 {known_until}，之后的“工作日”推送会按周一到周五算。"
        "请升级：pip install -U chinese-calendar，然后重启。"
    )


def backup(said: str) -> str:
    """The nightly backup could not be written."""
    return f"🗄 昨夜的数据库备份没有做成：{said} 改好以后请运行 studybot db backup。"


def over(alarm: str) -> str:
    """What an alarm told of is over."""
    return f"✅ 已恢复：{alarm.partition('。')[0]}"


def delayed(text: str, at: datetime, zone: str) -> str:
    """A message that could not be told when it should have been."""
    return f"（{_minute(at, zone)} 的消息，现在才发得出来）{text}"


def together(texts: Sequence[str]) -> str:
    """Several messages as one that fits; how many did not fit stands at its end."""
    shown = ""
    for number, text in enumerate(texts):
        longer = f"{shown}\n\n{text}" if shown else text[: MESSAGE_LIMIT // 2]
        # Telegram counts UTF-16 code units.
        if len(longer.encode("utf-16-le")) // 2 > MESSAGE_LIMIT - _ROOM_FOR_REST:
            return f"{shown}\n\n另有 {len(texts) - number} 条，请看日志。"
        shown = longer
    return shown


def _minute(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"
