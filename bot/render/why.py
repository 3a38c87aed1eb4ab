"""The story of one day's push, told from the ledger.

Here lives what `/why` says. Nothing is guessed: where the ledger holds no row, only what
follows from the subscription as it stands today is said, and said to be that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.model import (
    Answer,
    Cause,
    Choice,
    DayRule,
    Delivery,
    DeliveryKind,
    Notice,
    NoticeRole,
    Reminder,
    SkipReason,
    State,
    Subscription,
    earlier_reason,
)
from bot.render import dates, descriptions
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n
from bot.render.recurrences import length

_ON_TIME = timedelta(minutes=5)
_FROM_COPY = N_("数据恢复过，同一条可能收到两次。")

# What the ledger notes as a reason, in plain words; a detail may follow after a colon.
_REASONS: dict[str, str] = {
    SkipReason.TOO_LATE: N_("能送的时候已经晚了太久，就不再打扰了"),
    SkipReason.UNSUBSCRIBED: N_("送出之前已经退订"),
    SkipReason.EARLIER_PART: N_("前面有一条放弃了，后面的就不接着送了"),
    SkipReason.MOVED: N_("群升级搬家了，那一条记在新群的账上"),
    Cause.NOTHING: N_("按现在的设置没有可推的内容，请看看 /settings 里的专题"),
    Cause.CHAT_GONE: N_("机器人当时被移出或停用了"),
    Cause.TOPIC_GONE: N_("原来的话题关闭或删除了"),
    Cause.MIGRATED: N_("群升级搬家，换了编号"),
    Cause.THROTTLED: N_("Telegram 让稍等再发"),
    Cause.NOT_SENT: N_("网络不通"),
    Cause.IN_DOUBT: N_("发送途中断了线"),
    Cause.REJECTED: N_("Telegram 没有接受"),
    Cause.UNAUTHORIZED: N_("机器人的令牌失效了"),
}

# As `_REASONS`, where it means something else of what is no push.
_REASONS_OF_OTHERS: dict[str, str] = {
    SkipReason.UNSUBSCRIBED: N_("送出之前已经停用"),
    Cause.NOTHING: N_("到时候没有可以送的内容"),
}

KINDS: dict[DeliveryKind, str] = {
    DeliveryKind.PUSH: N_("📮 每日推送"),
    DeliveryKind.REMINDER: N_("⏰ 提醒"),
    DeliveryKind.QUIZ: N_("🧩 测验"),
    DeliveryKind.BOARD: N_("📅 打卡榜"),
    DeliveryKind.PART: N_("📖 读书计划"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of local date `on`.

    `rows` are the push's rows of the ledger, in the order of their parts. `is_push_day`
    and `due_at` follow from the subscription as it is now (None without one). `others` are
    the day's rows of every other kind; `notices` says of which reminder those of reminders
    are, by their subjects. `elsewhere` is what another bot showed that day.
    """

    on: date
    today: date
    now: datetime
    zone: str
    subscription: Subscription | None
    rows: Sequence[Delivery]
    is_push_day: bool
    due_at: datetime | None
    others: Sequence[Delivery] = ()
    notices: Mapping[int, tuple[Reminder, Notice]] = field(default_factory=dict)
    elsewhere: Sequence[Choice] = ()


def story(one: Day) -> Answer:
    """What happened, or will happen, to the push of that day."""
    named = dates.dated_day_of_week(one.on, one.today)
    lines = [bold(_("📮 {day}的推送", day=named)), ""]
    if one.rows:
        for messages in _deliveries(one.rows):
            lines += _delivery(messages, one)
    elif one.elsewhere:
        lines.append(_("由搬来以前的机器人推送。"))
        lines += _contents(one.elsewhere)
    else:
        lines.append(_without_row(one))
    for messages in _deliveries(one.others):
        lines += ["", _heading(messages[0], one), *_delivery(messages, one)]
    return Answer("\n".join(lines))


def _heading(row: Delivery, one: Day) -> str:
    """What it was, of a reminder's messages which; HTML."""
    if row.kind is not DeliveryKind.REMINDER or row.subject_id not in one.notices:
        return bold(_(KINDS[row.kind]))
    reminder, notice = one.notices[row.subject_id]
    match notice.role:
        case NoticeRole.NUDGE:
            what = _("催签到")
        case NoticeRole.SUMMARY:
            what = _("小结")
        case NoticeRole.LEAD:
            lead = -notice.offset
            what = _("提前{lengths}", lengths=length(lead)) if lead else _("准时")
    return bold(_("⏰ {title} · {what}", title=one_line(reminder.title, 40), what=what))


def _deliveries(rows: Sequence[Delivery]) -> list[list[Delivery]]:
    """The rows that are messages of one delivery together, as the ledger has them in order."""
    return [list(same) for _key, same in groupby(rows, lambda row: (row.kind, row.subject_id))]


def _delivery(messages: Sequence[Delivery], one: Day) -> list[str]:
    """One delivery: once what its messages share, then what became of each; HTML lines."""
    due = _clock(messages[0].due_at, one)
    if len(messages) == 1:
        lines = [_("预定 {time}。{state}", time=due, state=_fate(messages[0], one))]
    else:
        lines = [_n("预定 {time}，共 {count} 条。", len(messages), time=due)]
        fates = ((_fate(row, one), row.part) for row in messages)
        for fate, same in groupby(fates, lambda told: told[0]):
            numbers = _("、").join(str(part) for _fate, part in same)
            lines.append(_("第 {numbers} 条：{state}", numbers=numbers, state=fate))
    return lines + _contents(row.choice for row in messages)


def _fate(row: Delivery, one: Day) -> str:
    """What became of one message, and whether it may have come, or come twice; HTML."""
    doubt = ""
    if row.may_be_duplicate and not _is_unheard(row):
        has_ended = row.state in (State.DEAD, State.SKIPPED)
        if row.is_from_copy:
            doubt = _("数据恢复过，也许早先已经送到了。") if has_ended else _(_FROM_COPY)
        elif has_ended:
            doubt = _("发送途中断过线，也许已经送到了。")
        elif row.state is State.RETRY and row.reason.startswith(Cause.IN_DOUBT):
            doubt = _("同一条可能收到两次。")  # the reason has said the rest
        else:
            doubt = _("发送途中断过线，同一条可能收到两次。")
    return _sentences(_state(row, one), doubt)


def _contents(choices: Iterable[Choice]) -> list[str]:
    """Each content once: the messages of a push show it together."""
    return list(dict.fromkeys(line for choice in choices for line in _content(choice)))


def _content(choice: Choice) -> list[str]:
    ids = [code(one_id) for one_id in (choice.quote_id, choice.section_id) if one_id]
    return [_("内容：{ids}", ids=_("、").join(ids))] if ids else []


def _state(row: Delivery, one: Day) -> str:
    match row.state:
        case State.SENT:
            return _sent(row, one)
        case State.DUE | State.CLAIMED:
            return _("正排队等着送出，请稍等一两分钟。")
        case State.SENDING:
            return _("正在发送。")
        case State.RETRY:
            return _sentences(_tried(row, one), _because(row))
        case State.DEAD if _is_unheard(row):
            return _n(
                "发了 {count} 次，每次都没等到 Telegram 的回话，送到没有说不准；不会再发了。",
                row.attempts,
            )
        case State.DEAD:
            ended = _("不会再送了。") if row.may_be_duplicate else _("没有送成，不会再试了。")
            return _sentences(ended, _because(row))
        case State.SKIPPED:
            return _skipped(row)


def _tried(row: Delivery, one: Day) -> str:
    """How often it was tried, and when it is tried again."""
    if row.not_before_at <= one.now:
        waiting = _("还没有送出，正等着再试。")
        told = _n("试了 {count} 次，正等着再试。", row.attempts)
        return told if row.attempts else waiting
    again = _clock(row.not_before_at, one)
    if not row.attempts:
        return _("还没有送出，{time} 再试。", time=again)
    return _n("试了 {count} 次，{time} 再试。", row.attempts, time=again)


def _skipped(row: Delivery) -> str:
    """Why it was not sent, and what came of it before; HTML."""
    if row.may_be_duplicate:
        ended = _("没有再送。")
    else:
        ended = _("没有送成。") if row.attempts else _("没有送。")
    said = _sentences(ended, _because(row))
    before = escape(in_words(row.kind, earlier_reason(row.reason)))
    if row.attempts and before:
        tried = _n("在那之前试过 {count} 次；{reason}。", row.attempts, reason=before)
    elif row.attempts:
        tried = _n("在那之前试过 {count} 次。", row.attempts)
    else:
        tried = _("在那之前没能送：{reason}。", reason=before) if before else ""
    return _sentences(said, tried)


def _is_unheard(row: Delivery) -> bool:
    """Given up because nobody could know whether it arrived."""
    return row.state is State.DEAD and row.reason.startswith(Cause.IN_DOUBT)


def _sent(row: Delivery, one: Day) -> str:
    number = _("（消息编号 {number}）", number=row.message_id) if row.message_id else ""
    if row.sent_at is None:
        return _("已经送到{number}。", number=number)
    time = _clock(row.sent_at, one)
    late = row.sent_at - row.due_at
    if late <= _ON_TIME:
        return _("{time} 送到{number}。", time=time, number=number)
    told = [
        _("{time} 送到{number}", time=time, number=number),
        _("晚了{length}", length=_length(late)),
    ]
    if row.attempts > 1:
        told.append(_n("试了 {count} 次", row.attempts))
    # Whether the program ran, or was let, the ledger does not know.
    no_reason = _("原因没有记下")
    told.append(_("先前遇到：{reason}", reason=_plain(row)) if row.reason else no_reason)
    return _("{clauses}。", clauses=_("，").join(told))


def _because(row: Delivery) -> str:
    return _("原因：{reason}。", reason=_plain(row)) if row.reason else ""


def _sentences(*every: str) -> str:
    """One after the other; Chinese stops need no blank after them."""
    return _("{first}{next}", first=every[0], next=every[1]) if every[1] else every[0]


def _plain(row: Delivery) -> str:
    """The row's reason in plain words; HTML."""
    return escape(in_words(row.kind, row.reason))


def in_words(kind: DeliveryKind, reason: str) -> str:
    """What the ledger notes as a reason, with Telegram's own words where it gave any; plain.

    Where these are known, what they mean is said in place of what the ledger knows of it.
    """
    known, separator, detail = reason.partition(": ")
    if known == SkipReason.TOO_LATE:
        separator = ""  # what follows is a reason too: that of the time before
    words = _REASONS if kind is DeliveryKind.PUSH else _REASONS | _REASONS_OF_OTHERS
    if known not in words:
        return reason
    if separator and descriptions.meaning(detail):
        return descriptions.explained(detail)
    said = _(words[known])
    return _("{reason}（{detail}）", reason=said, detail=detail) if separator else said


def _without_row(one: Day) -> str:
    subscription = one.subscription
    if subscription is None:
        return _("这里还没有订阅每日推送。要订阅请发 /subscribe 08:00")
    if not subscription.is_active and one.on >= one.today:
        return _("不会推送：现在是退订状态。想恢复请发 /subscribe")
    if one.on < subscription.first_on:
        first = dates.near_day(subscription.first_on, one.today)
        if one.on < one.today:
            return _("那天还没有订阅：推送从{day}开始。", day=first)
        return _("不推送：订阅的时候已经过了点，从{day}开始。", day=first)
    if not one.is_push_day:
        return _day_off(subscription)
    if one.due_at is not None and one.due_at > one.now:
        at = dates.moment(one.due_at, one.zone, one.today)
        return _("还没到时候，会在{time} 推送。", time=at)
    if one.on >= one.today and one.due_at is not None:
        return _("预定 {time}，正要送出，请稍等一两分钟。", time=_clock(one.due_at, one))
    return _("账上没有这一天的推送：那天可能正处于退订状态，或者推送日是后来才改成现在这样的。")


def _day_off(subscription: Subscription) -> str:
    if subscription.days.rule is DayRule.WORKDAYS:
        return _("那天休息：现在的设置是只在工作日推送，国家法定节假日和周末不推。")
    rule = dates.days(subscription.days)
    return _("那天不推送：现在的设置是{days}推送。要改请发 /settings", days=rule)


def _clock(at: datetime, one: Day) -> str:
    """A moment as the wall clock showed it; with the day when that is not the one told of."""
    local = at.astimezone(ZoneInfo(one.zone))
    shown = dates.clock(local.time())
    if local.date() == one.on:
        return shown
    return _("{day} {time}", day=dates.day_of_year(local.date()), time=shown)


def _length(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return _n(" {count} 分钟", minutes)
    told = _n(" {count} 小时", hours)
    return told + _n(" {count} 分钟", minutes) if minutes else told


def not_a_day(text: str) -> Answer:
    """`/why` with something that is not one day."""
    shown = escape(one_line(text, 40))
    return Answer(_("“{text}”不是某一天。请这样问，例如：/why 昨天，或 /why 11月23日", text=shown))
