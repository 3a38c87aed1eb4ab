"""What the owner is told when something is wrong: one sentence, then what to do. Plain text.

Here lives their wording. When they are said, and that they are not said too often, is
decided in `watch`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.render.language import _, _n
from bot.render.split import MESSAGE_LIMIT

_ROOM_FOR_REST = 40
_MOST_MISTAKES = 10
_MOST_OF_ONE_KIND = 5
_SENTENCE_END = re.compile(r"\u3002|\.(?:\s|$)")  # in whatever language it was told


def late(pushes: int, oldest_due_at: datetime | None, zone: str) -> str:
    """Pushes due more than five minutes ago have not been sent."""
    said = _n("⏰ 有 {count} 条推送晚了五分钟以上", pushes)
    if oldest_due_at:
        minute = _minute(oldest_due_at, zone)
        said = _("{late}，最早的一条应在 {minute} 送出", late=said, minute=minute)
    return _(
        "{late}。都还在账上：过时限以前补送，过了时限的不再送。请看日志，再运行 studybot doctor。",
        late=said,
    )


def missed(
    messages: int,
    chats: int,
    down: tuple[datetime, datetime],
    zone: str,
    *,
    example: tuple[int, date],
    named: str,
) -> str:
    """What was skipped as too late after nothing had run between the moments of `down`.

    `example` is a chat, `named` so, and one of the local dates on which it missed something.
    """
    began, ended = (_minute(at, zone) for at in down)
    chat_id, on = example
    said = _n("有 {count} 条到点的消息（推送、提醒等）", messages)
    where = _n("涉及 {count} 个聊天", chats)
    return _(
        "⏭ 从 {began} 到 {ended} 程序没有运行，{messages}已经过了时限，不再补送，{chats}。"
        "要看一个聊天的经过：studybot why 编号 昨天。例如{chat}：studybot why {number} {date}",
        began=began,
        ended=ended,
        messages=said,
        chats=where,
        chat=named,
        number=chat_id,
        date=on,
    )


def disk(free_percent: float, folder: str, machine: str) -> str:
    """The disk that holds the data directory is nearly full."""
    return _(
        "💾 {machine} 的磁盘只剩 {percent}（{folder}）。"
        "写满以后什么都发不出去：请清出空间，或者把 data_dir 换到别的盘。",
        machine=machine,
        percent=f"{free_percent:.1f}%",
        folder=folder,
    )


def corpus(said: str, served: str = "") -> str:
    """A corpus that was changed could not be loaded; the one before, `served`, still is.

    `said` is why: a mistake a line, or a sentence.
    """
    lines = said.splitlines()
    some = "\n".join(line[:300] for line in lines[:_MOST_MISTAKES])
    if len(lines) > _MOST_MISTAKES:
        some += "\n" + _n("另有 {count} 处。", len(lines) - _MOST_MISTAKES)
    if served:
        said = _(
            "📚 资料重新装载失败，现在用的还是原来那份：{served}。请运行 studybot check 并改正：",
            served=served,
        )
    else:
        said = _("📚 资料重新装载失败，现在用的还是原来那份。请运行 studybot check 并改正：")
    return f"{said}\n{some}"


def workdays(known_until: date) -> str:
    """The calendar of Chinese working days ends soon."""
    return _(
        "📅 中国节假日安排只知道到 {date}，之后的“工作日”会按周一到周五算。"
        "请升级：pip install -U chinese-calendar，然后重启。",
        date=known_until,
    )


def backup(said: str) -> str:
    """The nightly backup could not be written."""
    return _(
        "🗄 昨夜的数据库备份没有做成：{reason} 改好以后请运行 studybot db backup。", reason=said
    )


def deaf(since: datetime, zone: str) -> str:
    """Telegram refused the token for a while, and accepts it again."""
    return _(
        "👂 从 {minute} 起 Telegram 不认这个机器人的令牌，谁的话都没有听到。"
        "现在令牌恢复了，没听到的正在补上。",
        minute=_minute(since, zone),
    )


def over(alarm: str) -> str:
    """What an alarm told of is over."""
    return _("✅ 已恢复：{alarm}", alarm=_SENTENCE_END.split(alarm, maxsplit=1)[0])


def delayed(text: str, at: datetime, zone: str) -> str:
    """A message that could not be told when it should have been."""
    return _("（{minute} 的消息，现在才发得出来）{text}", minute=_minute(at, zone), text=text)


def together(texts: Sequence[str]) -> str:
    """Several messages as one that fits; how many did not fit stands at its end.

    Those of the same first line stand under it together, no more than five of them.
    """
    shown, left = "", len(texts)
    for text, number in _by_first_line(texts):
        longer = f"{shown}\n\n{text}" if shown else text[: MESSAGE_LIMIT // 2]
        # Telegram counts UTF-16 code units.
        if len(longer.encode("utf-16-le")) // 2 > MESSAGE_LIMIT - _ROOM_FOR_REST:
            more = _n("另有 {count} 条，请看日志。", left)
            return f"{shown}\n\n{more}"
        shown = longer
        left -= number
    return shown


def _by_first_line(texts: Sequence[str]) -> list[tuple[str, int]]:
    """One text for all that begin with the same line, and how many they were."""
    alike: dict[str, list[str]] = {}
    for text in texts:
        first, _break, rest = text.partition("\n")
        # Of one line each, they have nothing to be told under.
        alike.setdefault(first if rest else text, []).append(rest)
    return [(_under(first, rests), len(rests)) for first, rests in alike.items()]


def _under(first: str, rests: Sequence[str]) -> str:
    different = list(dict.fromkeys(rests))
    lines = [first, *(rest for rest in different[:_MOST_OF_ONE_KIND] if rest)]
    if len(different) > _MOST_OF_ONE_KIND:
        lines.append(_n("……还有 {count} 条", len(different) - _MOST_OF_ONE_KIND))
    return "\n".join(lines)


def _minute(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"
