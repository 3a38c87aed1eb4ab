"""Short notes around a delivery: above a message, and to the owner when something is wrong.

Here lives their wording. When they are said is decided in `delivery`.
"""

from __future__ import annotations

from bot.model import Delivery
from bot.render.html import italic
from bot.render.language import N_, _
from bot.render.why import KINDS, in_words

# UTF-16 units to be left free in a message for the notes above it.
ROOM = 128

_DUPLICATE = N_("（网络不稳，这条可能与刚才的重复）")
_MOVED = N_("（原来的话题已关闭或删除，每日推送改发到这里；要换话题，请到那个话题里重新订阅）")


def may_be_duplicate(html: str) -> str:
    """A message that may have been sent before, saying so first."""
    return f"{italic(_(_DUPLICATE))}\n\n{html}"


def moved_to_general(html: str) -> str:
    """The first message after its topic was closed or deleted, saying so first."""
    return f"{italic(_(_MOVED))}\n\n{html}"


def owner_of_dead(delivery: Delivery, reason: str) -> str:
    """To the owner: this message will never be sent. Plain text.

    The first line is the same for all of them, so that `alarms.together` says it once.
    """
    where = {
        "kind": _(KINDS[delivery.kind]),
        "chat": delivery.chat_id,
        "date": delivery.local_on,
        "part": delivery.part,
    }
    # People are numbered above zero; groups and channels below.
    said = (
        _("{kind}，私聊 {chat}，{date}，第 {part} 条。", **where)
        if delivery.chat_id > 0
        else _("{kind}，群聊 {chat}，{date}，第 {part} 条。", **where)
    )
    why = _(
        "原因：{reason}。看详情：studybot why {chat} {date}",
        reason=in_words(delivery.kind, reason),
        chat=delivery.chat_id,
        date=delivery.local_on,
    )
    return "\n".join((_("⚠️ 有消息没有送成，不会再试："), said, why))


def owner_of_unauthorized(reason: str) -> str:
    """To the owner: Telegram refuses the token. Plain text."""
    return _(
        "⛔️ Telegram 不认这个机器人的令牌，已暂停一切发送；到期的推送都留在账上，"
        "令牌恢复后接着送。原因：{reason}",
        reason=reason,
    )
