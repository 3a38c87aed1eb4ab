"""The story of one day's push, told from the ledger.

Here lives what `/why` says. Nothing is guessed: where the ledger holds no row, only what
follows from the subscription as it stands today is said, and said to be that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import Answer, Cause, Delivery, SkipReason, State, Subscription
from bot.render import dates
from bot.render.html import bold, code, escape, one_line

_ON_TIME = timedelta(minutes=5)

# What the ledger notes as a reason, in plain words; a detail may follow after a colon.
_REASONS: dict[str, str] = {
    SkipReason.TOO_LATE: "能送的时候已经晚了太久，就不再打扰了",
    SkipReason.UNSUBSCRIBED: "送出之前已经退订",
    SkipReason.EARLIER_PART: "前一段没有送成",
    SkipReason.MOVED: "群升级搬家了，那一条记在新群的账上",
    Cause.NOTHING: "按现在的设置没有可推的内容，请看看 /settings 里的专题",
    Cause.CHAT_GONE: "机器人当时不在群里，或被停用了",
    Cause.TOPIC_GONE: "原来的话题关闭或删除了",
    Cause.MIGRATED: "群升级搬家，换了编号",
    Cause.THROTTLED: "Telegram 让稍等再发",
    Cause.NOT_SENT: "网络不通",
    Cause.IN_DOUBT: "发送途中断了线",
    Cause.REJECTED: "Telegram 没有接受",
    Cause.UNAUTHORIZED: "机器人的令牌失效了",
}


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of local date `on`.

    `rows` are the push's rows of the ledger, in the order of their parts. `is_push_day`
    and `due_at` follow from the subscription as it is now (None without one).
    """

    on: date
    today: date
    now: datetime
    zone: str
    subscription: Subscription | None
    rows: Sequence[Delivery]
    is_push_day: bool
    due_at: datetime | None


def story(one: Day) -> Answer:
    """What happened, or will happen, to the push of that day."""
    named = dates.day_of_week(one.on)
    if one.on.year != one.today.year:
        named = f"{one.on.year}年{named}"
    lines = [bold(f"📮 {named}的推送"), ""]
    if one.rows:
        for row in one.rows:
            lines += _row(row, one)
    else:
        lines.append(_without_row(one))
    return Answer("\n".join(lines))


def _row(row: Delivery, one: Day) -> list[str]:
    due = _clock(row.due_at, one)
    lines = [f"预定 {due}。{_state(row, one)}"]
    if row.may_be_duplicate:
        lines.append("发送途中断过线，同一条可能收到两次。")
    if row.choice.quote_id or row.choice.section_id:
        ids = [code(one_id) for one_id in (row.choice.quote_id, row.choice.section_id) if one_id]
        lines.append(f"内容：{'、'.join(ids)}")
    return lines


def _state(row: Delivery, one: Day) -> str:
    match row.state:
        case State.SENT:
            return _sent(row, one)
        case State.DUE | State.CLAIMED:
            return "正排队等着送出，请稍等一两分钟。"
        case State.SENDING:
            return "正在发送。"
        case State.RETRY:
            again = _clock(row.not_before_at, one)
            return f"第 {row.attempts} 次没送成，{again} 再试。{_because(row)}"
        case State.DEAD:
            return f"没有送成，不会再试了。{_because(row)}"
        case State.SKIPPED:
            return f"没有送。{_because(row)}"


def _sent(row: Delivery, one: Day) -> str:
    number = f"（消息编号 {row.message_id}）" if row.message_id else ""
    if row.sent_at is None:
        return f"已经送到{number}。"
    told = f"{_clock(row.sent_at, one)} 送到{number}"
    late = row.sent_at - row.due_at
    if late <= _ON_TIME:
        return f"{told}。"
    cause = f"，{_plain(row.reason)}" if row.reason else "，当时程序没在运行，或发送受限在排队"
    tried = f"，试了 {row.attempts} 次" if row.attempts > 1 else ""
    return f"{told}，晚了{_length(late)}{cause}{tried}。"


def _because(row: Delivery) -> str:
    return f"原因：{_plain(row.reason)}。" if row.reason else ""


def _plain(reason: str) -> str:
    """A reason in plain words, with Telegram's own where it gave any; HTML."""
    known, _, detail = reason.partition(": ")
    if known not in _REASONS:
        return escape(reason)
    return _REASONS[known] + (f"（{escape(detail)}）" if detail else "")


def _without_row(one: Day) -> str:
    subscription = one.subscription
    if subscription is None:
        return "这里还没有订阅每日推送。要订阅请发 /subscribe 08:00"
    if not subscription.is_active and one.on >= one.today:
        return "不会推送：现在是退订状态。想恢复请发 /subscribe"
    if one.on < subscription.first_on:
        first = dates.near_day(subscription.first_on, one.today)
        if one.on < one.today:
            return f"那天还没有订阅：推送从{first}开始。"
        return f"不推送：订阅的时候已经过了点，从{first}开始。"
    if not one.is_push_day:
        return _day_off(subscription)
    if one.due_at is not None and one.due_at > one.now:
        return f"还没到时候，会在{dates.moment(one.due_at, one.zone, one.today)} 推送。"
    if one.on >= one.today and one.due_at is not None:
        return f"预定 {_clock(one.due_at, one)}，正要送出，请稍等一两分钟。"
    return "账上没有这一天的推送：那天可能正处于退订状态，或者推送日是后来才改成现在这样的。"


def _day_off(subscription: Subscription) -> str:
    rule = dates.days(subscription.days)
    if rule == "工作日":
        return "那天休息：现在的设置是只在工作日推送，国家法定节假日和周末不推。"
    return f"那天不推送：现在的设置是{rule}推送。要改请发 /settings"


def _clock(at: datetime, one: Day) -> str:
    """A moment as the wall clock showed it; with the day when that is not the one told of."""
    local = at.astimezone(ZoneInfo(one.zone))
    shown = dates.clock(local.time())
    return shown if local.date() == one.on else f"{local.month}月{local.day}日 {shown}"


def _length(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return f" {minutes} 分钟"
    return f" {hours} 小时" + (f" {minutes} 分钟" if minutes else "")


def not_a_day(text: str) -> Answer:
    """`/why` with something that is not one day."""
    return Answer(
        f"“{escape(one_line(text, 40))}”不是某一天。请这样问，例如：/why 昨天，或 /why 11月23日"
    )
