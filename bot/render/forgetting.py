"""`/forget`: what is known of a person, and that it is gone.

Here live the words of it. What is deleted is `store.forgetting`.
"""

from __future__ import annotations

from bot.model import Answer, Button
from bot.render import callbacks
from bot.render.callbacks import Forget
from bot.render.html import escape, one_line
from bot.render.language import N_, _, _n

NOT_YOURS = N_("这个按钮只有本人能点。要删除自己的信息，请自己发 /forget")
DONE = N_("已经全部删除")


def ask(
    user_id: int,
    name: str,
    *,
    groups: int,
    sessions: int,
    check_ins: int,
    parts: int,
    answers: int,
    has_chat: bool,
) -> Answer:
    """Says exactly what would be deleted, and asks for it."""
    lines = [_("{name}，要我忘记你吗？会删除：", name=escape(one_line(name, 30))), ""]
    if groups:
        lines.append(_n("· 名册里你的名字（{count}个群）", groups))
    if sessions:
        lines.append(_n("· 你的报名和签到记录（{count}次学习）", sessions))
    if check_ins:
        lines.append(_n("· 你的打卡记录（{count}天）", check_ins))
    if parts:
        lines.append(_n("· 你的共读进度（{count}部分）", parts))
    if answers:
        lines.append(_n("· 你的测验答案（{count}道题）", answers))
    if has_chat:
        lines.append(_("· 我和你的私聊里的一切：订阅、提醒、阅读进度、推送记录"))
    lines += ["", _("删除之后不能恢复，群里以后的考勤也不再有你这些记录。")]
    button = Button(_("确定，忘记我"), callbacks.compose(Forget(user_id)))
    return Answer("\n".join(lines), ((button,),))


def nothing(name: str) -> Answer:
    """There is nothing to forget."""
    return Answer(_("{name}，我这里没有关于你的任何记录。", name=escape(one_line(name, 30))))


def forgotten() -> Answer:
    """It is done."""
    return Answer(
        _(
            "✅ 已经忘记你了：名册、报名、签到、打卡、共读和测验的记录，"
            "还有私聊里的订阅、提醒和阅读进度，都已删除。"
        )
    )
