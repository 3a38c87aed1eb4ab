"""Reading plans: reading one back, where it stands, and what is caught up on.

Here live the words and buttons of `/readplan`. The message of a part, which comes by itself,
is `parts`. Nobody is told of who is behind: what is still unread is shown to the person alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.model import Answer, Button, Chat, PlanState, ReadingPlan
from bot.render import callbacks, dates
from bot.render.callbacks import PlanVerb, ReadTogether
from bot.render.html import bold, code, escape, one_line
from bot.render.language import N_, _, _n, as_read
from bot.render.pages import in_rows

EXAMPLE = "/readplan 4周"
TIME_EXAMPLE = "/readplan 21:30"
_EXAMPLES = (
    EXAMPLE,
    "/readplan 《加快推进人工智能赋能新型工业化》 2周 20:00 工作日",
    "/readplan 第1篇 1周 周一三五 12:30",
)
DONE = N_("好的 ✅")
CONFIRMED = N_("开始了 ✅")
OVER = N_("这个读书计划已经结束了")
NOT_YOURS = N_("这里没有这个读书计划")
ALL_READ = N_("都读完了，一部分也没落下 👏")
_BAR_LENGTH = 10
_MOST_BUTTONS = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as it stands here, seen from the local date `today`.

    `at` and `zone` are when the parts come here, `given` how many have come, and `last_on` the
    date of the last, `next_at` the moment of the next (None: all have come). `read` says how many
    people have read the newest. `mine` are the parts that the person has read, in private; None
    in a group. `is_guessing`: some working days are in a year whose holidays are not known.
    `is_followed`: the plan is a group's; `is_resting`: who follows it has paused.
    """

    plan: ReadingPlan
    at: time
    zone: str
    today: date
    given: int
    last_on: date
    next_at: datetime | None = None
    read: int = 0
    mine: frozenset[int] | None = None
    is_guessing: bool = False
    is_followed: bool = False
    is_resting: bool = False


def title_of(plan: ReadingPlan) -> str:
    """`《…》`, plain text."""
    return f"《{as_read(plan.title)}》"


def place_of(plan: ReadingPlan, number: int) -> str:
    """`第3/20部分`, plain text."""
    return _("第{number}/{total}部分", number=number, total=len(plan.parts))


def bar(done: int, total: int) -> str:
    """How much of it that is, drawn and in figures: `▓▓▓░░░░░░░ 30%`."""
    filled = _BAR_LENGTH * done // total
    drawn = "▓" * filled + "░" * (_BAR_LENGTH - filled)
    return f"{drawn} {100 * done // total}%"


# ------------------------------------------------------------------ before it begins


def usage(*, is_private: bool) -> Answer:
    """`/readplan` where nothing is read."""
    lines = [
        bold(_("📖 读书计划")),
        _("一本资料或一篇文章，分成小份，一天读一份，几周读完："),
        *(f"· {code(one)}" for one in _EXAMPLES),
    ]
    if is_private:
        lines += ["", _("想跟着群里的计划读：在群里点“跟读”，或者先在群里点一次“我读完了”。")]
    return Answer("\n".join(lines))


def open_plans(found: Sequence[tuple[Chat, ReadingPlan]]) -> Answer:
    """The plans of a person's groups, to be followed in private."""
    lines = [_("你的群里正在读："), ""]
    for chat, plan in found:
        place = escape(one_line(chat.title, 30))
        lines.append(_("· {title}（{place}）", title=escape(title_of(plan)), place=place))
    lines += ["", _("点一下，就按自己的时间跟着读，进度算在群里。")]
    rows = tuple(
        (_to(_("跟读{title}", title=one_line(title_of(plan), 24)), PlanVerb.FOLLOW, plan),)
        for _chat, plan in found
    )
    return Answer("\n".join(lines), rows)


def read_back(shown: Shown) -> Answer:
    """What was understood, to be confirmed."""
    lines = [_("我是这样理解的："), "", *_about(shown), "", *_span(shown)]
    lines += ["", _("对的话请点“确认”，之后才会开始。")]
    row = (
        _to(_("✅ 确认"), PlanVerb.CONFIRM, shown.plan),
        _to(_("✏️ 修改"), PlanVerb.EDIT, shown.plan),
    )
    return Answer("\n".join(lines), (row,))


def to_be_edited(plan: ReadingPlan, line: str) -> Answer:
    """How to say it differently: the line as it could be typed, to be copied."""
    return Answer(_("好，请改好再发一次（点一下可以复制）：") + f"\n{code(line)}")


def line_of(plan: ReadingPlan, *, is_article: bool) -> str:
    """The plan as it could be typed, in the words that are understood."""
    title = f"《{plan.title}》 " if is_article else ""
    days = _typed(plan)
    return f"/readplan {title}{plan.weeks}周 {dates.clock(plan.at)} {days}"


def _typed(plan: ReadingPlan) -> str:
    chosen = sorted(plan.days.weekdays)
    if plan.days.rule == "workdays":
        return "工作日"
    return "周" + "".join("一二三四五六日"[day - 1] for day in chosen) if chosen else "每天"


def _about(shown: Shown) -> list[str]:
    plan = shown.plan
    days, zone = dates.days(plan.days), escape(dates.zone_name(shown.zone))
    every = _("{days} {time}（{zone}）一部分", days=days, time=dates.clock(shown.at), zone=zone)
    return [f"📖 {bold(title_of(plan))}", _n("分成 {count} 部分", len(plan.parts)), every]


def _span(shown: Shown) -> list[str]:
    plan = shown.plan
    first = dates.dated_day_of_week(plan.starts_on, shown.today)
    last = dates.dated_day_of_week(shown.last_on, shown.today)
    lines = [_("第一部分：{day}", day=first), _("最后一部分：{day}", day=last)]
    if all(len(part) == 1 for part in plan.parts):
        lines.append(_("（一天一节，读完为止，可能用不了 {weeks} 周）", weeks=plan.weeks))
    if shown.is_guessing:
        lines.append(_("（放假安排公布之前，工作日先按周一至周五算）"))
    return lines


# ------------------------------------------------------------------------ as it stands


def panel(shown: Shown, heading: str = "") -> Answer:
    """Where the plan stands, and what can be done."""
    plan = shown.plan
    lines = [bold(heading), ""] if heading else []
    lines += [*_about(shown), "", *_progress(shown)]
    is_paused = plan.state is PlanState.PAUSED or shown.is_resting
    if is_paused:
        lines += ["", _("⏸ 暂停中，恢复后从下一部分接着读。")]
    elif shown.next_at is not None:
        following = dates.moment(shown.next_at, shown.zone, shown.today)
        lines.append(_("下一部分：{time}", time=following))
        last = dates.dated_day_of_week(shown.last_on, shown.today)
        lines.append(_("最后一部分：{day}", day=last))
    else:
        lines += ["", _("全部都发完了 👏 没读完的随时可以补。")]
    if shown.is_followed:
        change = _("改时间请发：{example}", example=code(TIME_EXAMPLE))
        lines += ["", _("这是你自己的跟读，进度算在群里。") + change]
    return Answer("\n".join(lines), _buttons(shown, is_paused=is_paused))


def _progress(shown: Shown) -> list[str]:
    plan, given = shown.plan, shown.given
    if not given:
        return [_("还没开始。")]
    lines = [
        _("{place} · 进度 {bar}", place=place_of(plan, given), bar=bar(given, len(plan.parts)))
    ]
    if shown.mine is not None:
        lines.append(_n("你读完了 {count} 部分", len(shown.mine)))
    elif shown.read:
        lines.append(_n("这一部分已有 {count} 人读完", shown.read))
    return lines


def _buttons(shown: Shown, *, is_paused: bool) -> tuple[tuple[Button, ...], ...]:
    plan = shown.plan
    rows: list[tuple[Button, ...]] = []
    if shown.given:
        today = _("读今天的") if shown.next_at is not None else _("读最后一部分")
        rows.append(
            (
                _to(today, PlanVerb.READ, plan, shown.given),
                _to(_("✅ 我读完了"), PlanVerb.DONE, plan, shown.given),
                _to(_("补课"), PlanVerb.CATCH_UP, plan),
            )
        )
    switch = (
        _to(_("▶️ 恢复"), PlanVerb.RESUME, plan)
        if is_paused
        else _to(_("⏸ 暂停"), PlanVerb.PAUSE, plan)
    )
    stop = _("不再跟读") if shown.is_followed else _("结束")
    rows.append((switch, _to(stop, PlanVerb.STOP, plan)))
    if shown.mine is None:
        rows.append((_to(_("🔔 到私聊跟读"), PlanVerb.FOLLOW, plan),))
    return tuple(rows)


def catching_up(plan: ReadingPlan, unread: Sequence[int]) -> Answer:
    """The parts that a person has not read, oldest first, each openable; or that all are."""
    if not unread:
        return Answer(_(ALL_READ))
    lines = [
        bold(title_of(plan)),
        _n("还有 {count} 部分可以补。不着急，从哪一部分读起都行：", len(unread)),
    ]
    return Answer("\n".join(lines), _parts(plan, unread))


def every_part(plan: ReadingPlan, given: int) -> Answer:
    """The parts that have come, for a whole group: nothing is said of who has read them."""
    if not given:
        return Answer(_("还没开始。"))
    told = _("已经发过的部分，点开就能读。想看自己还差哪些，请在私聊里发 /readplan 补课")
    return Answer(f"{bold(title_of(plan))}\n{told}", _parts(plan, range(1, given + 1)))


def _parts(plan: ReadingPlan, numbers: Sequence[int]) -> tuple[tuple[Button, ...], ...]:
    shown = numbers[-_MOST_BUTTONS:]
    buttons = [
        _to(_("第{number}部分", number=number), PlanVerb.READ, plan, number) for number in shown
    ]
    return tuple(in_rows(buttons, 4))


def stopping(shown: Shown) -> Answer:
    """Asks once more."""
    title = escape(title_of(shown.plan))
    asked = (
        _("确定不再跟读{title}吗？群里的计划不受影响。", title=title)
        if shown.is_followed
        else _("确定结束{title}的读书计划吗？以后不再发，跟读的人也不再收到。", title=title)
    )
    row = (
        _to(_("确定"), PlanVerb.STOP_NOW, shown.plan),
        _to(_("‹ 返回"), PlanVerb.OPEN, shown.plan),
    )
    return Answer(asked, (row,))


def stopped(plan: ReadingPlan, *, is_followed: bool) -> Answer:
    """After it was ended, in place of the question."""
    title = escape(title_of(plan))
    if is_followed:
        return Answer(_("已经不再跟读{title}。想再跟：发 /readplan", title=title))
    told = _("{title}的读书计划结束了。要读别的，例如：", title=title)
    return Answer(f"{told}\n{code(EXAMPLE)}")


# -------------------------------------------------------------------- notices, refusals


def read_notice(plan: ReadingPlan, number: int, people: int, *, is_news: bool) -> str:
    """What a tap on 我读完了 is acknowledged with; plain text."""
    place = place_of(plan, number)
    if not is_news:
        return _("{place}已经记过了", place=place)
    if people > 1:
        return _n("{place}读完 ✅ 已有 {count} 人", people, place=place)
    return _("{place}读完 ✅", place=place)


def nothing_here() -> Answer:
    """Something is to be done with a plan where there is none."""
    return Answer(_("这里现在没有读书计划。可以这样开始一个：") + f"\n{code(EXAMPLE)}")


def how_long() -> Answer:
    """What is to be read was said, but not over how long."""
    return Answer(_("🤔 还没说几周读完。可以这样写：") + f"\n{code(EXAMPLE)}")


def no_such(text: str) -> Answer:
    """No article has this in its title, or this number."""
    told = _("🤔 没有找到《{title}》这篇文章，目录请看 /read。可以这样写：", title=escape(text))
    return Answer(f"{told}\n{code(EXAMPLE)}")


def nothing_to_read() -> Answer:
    """The corpus has no article."""
    return Answer(_("资料里还没有文章可以读。"))


def has_own(plan: ReadingPlan) -> Answer:
    """Who reads by a plan of their own cannot follow another as well."""
    told = _("你自己正在读{title}。想改成跟着群里读，请先结束它：", title=escape(title_of(plan)))
    return Answer(f"{told}\n{code('/readplan 结束')}")


def refused(sentence: str) -> Answer:
    """A line that is not understood; the sentence already has its example."""
    return Answer(f"🤔 {escape(sentence)}")


def _to(label: str, verb: PlanVerb, plan: ReadingPlan, part: int = 0) -> Button:
    return Button(label, callbacks.compose(ReadTogether(verb, plan.id, part)))
