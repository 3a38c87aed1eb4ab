"""What is said around quizzes: how to ask for one, the schedule read back, how it went.

Here live the words of `/quiz` and its buttons. The questions themselves are `quiz_poll`.
Nobody is named in a result, nor compared: a group's quiz is for finding out together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.model import Answer, Button, QuizPoll, QuizTally, Schedule
from bot.render import callbacks, dates
from bot.render.actions import AskQuiz
from bot.render.html import bold, escape, one_line, quoted
from bot.render.language import N_, _, _n, as_read

ASKED_ALREADY = N_("下一题已经出了，看下面")
_MOST_TOPICS = 12


def another(topic: str = "") -> tuple[tuple[Button, ...], ...]:
    """The button under a question: one more, on the same topic."""
    action = AskQuiz(topic)
    if not callbacks.fits(action):
        action = AskQuiz()
    return ((Button(_("再来一题"), callbacks.compose(action)),),)


def no_question(topic: str, topics: Sequence[str]) -> Answer:
    """Nothing can be asked about that; some of what can."""
    if not topic:
        return Answer(_("资料里还没有可以出题的内容。可以发 /read 看看文章。"))
    some = _("、").join(as_read(one) for one in topics[:_MOST_TOPICS])
    example = as_read(topics[0]) if topics else _("人工智能")
    return Answer(
        _(
            "关于“{topic}”出不了题。可以换一个专题：{topics}。\n例如：{example}",
            topic=escape(one_line(topic, 40)),
            topics=escape(some),
            example=f"/quiz {escape(example)}",
        )
    )


def no_polls() -> Answer:
    """Telegram lets the bot send no polls here."""
    return Answer(
        _(
            "这里不让我发投票，所以出不了题。请管理员在群权限里允许发送投票，再发：{example}",
            example="/quiz",
        )
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule as it is shown. `next_at` is None when nothing is ahead."""

    schedule: Schedule
    questions: int
    today: date
    next_at: datetime | None


def scheduled(one: Standing) -> Answer:
    """Reads back what was understood, with the next time."""
    schedule = one.schedule
    days, at = dates.days(schedule.days), dates.clock(schedule.at)
    when = _("{days} {time}", days=days, time=at)
    asked = _n("{count} 道题", one.questions)
    lines = [_("✅ 定好了：{when} 出 {asked}。", when=escape(when), asked=asked)]
    if one.next_at is not None:
        lines.append(
            _(
                "下一次：{moment}（{zone}）",
                moment=dates.moment(one.next_at, schedule.zone, one.today),
                zone=escape(dates.zone_name(schedule.zone)),
            )
        )
    if schedule.thread_id is not None:
        lines.append(_("测验会发到这个话题里。"))
    lines += ["", _("答错多的题，过几天会再出。要停发 /quiz 停，看结果发 /quiz 成绩")]
    return Answer("\n".join(lines))


def stopped(*, was_active: bool) -> Answer:
    """After `/quiz 停`; says so when there was nothing to stop."""
    if not was_active:
        return Answer(_("本来就没有定时的测验。要定一个，例如：/quiz 每周五 20:00 3题"))
    return Answer(_("已停掉定时的测验。想恢复，例如：/quiz 每周五 20:00 3题"))


@dataclass(frozen=True, slots=True)
class Week:
    """What was asked in a chat in the last seven days. `hardest` is worded already."""

    tallies: Sequence[QuizTally]
    people: int
    hardest: tuple[QuizTally, QuizPoll] | None
    is_private: bool


def results(week: Week) -> Answer:
    """How it went, all together."""
    answered = sum(one.answered for one in week.tallies)
    right = sum(one.right for one in week.tallies)
    lines = [bold(_("🧩 近7天的测验")), ""]
    if not week.tallies:
        return Answer(
            "\n".join([*lines, _("还没有出过题。现在来一题：{example}", example="/quiz")])
        )
    lines.append(_n("出了 {count} 道题", len(week.tallies)))
    if not answered:
        lines.append(_("还没有人作答，点选项就能答。"))
        return Answer("\n".join(lines))
    rate = round(100 * right / answered)
    if week.is_private:
        lines.append(_("你答了 {answered} 道，答对 {right} 道", answered=answered, right=right))
    else:
        lines.append(
            _(
                "{people} 人参加，一共作答 {answered} 次，答对 {right} 次（{rate}%）",
                people=week.people,
                answered=answered,
                right=right,
                rate=rate,
            )
        )
    if week.hardest is not None:
        lines += ["", *_hardest(*week.hardest, is_private=week.is_private)]
    return Answer("\n".join(lines), another())


def _hardest(tally: QuizTally, poll: QuizPoll, *, is_private: bool) -> list[str]:
    """The question that most missed, with its answer: to be learnt, and it comes back."""
    head = _("最值得再看一眼的题：") if is_private else _("最难的一题，一起再看一眼：")
    if not is_private:
        missed = tally.answered - tally.right
        head += _("（{answered} 人答，{missed} 人没答上）", answered=tally.answered, missed=missed)
    return [
        bold(head),
        quoted(poll.question),
        _("答案：{answer}", answer=escape(poll.options[poll.correct])),
        escape(poll.explanation),
        "",
        _("不久它会再出来。") if is_private else _("过几天它会再出来。"),
    ]
