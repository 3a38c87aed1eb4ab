"""Short notes around a delivery: above a message, and to the owner when something is wrong.

Here lives their wording. When they are said is decided in `delivery`.
"""

from __future__ import annotations

import unicodedata

from bot.model import Delivery
from bot.render.descriptions import explained
from bot.render.html import italic, one_line
from bot.render.language import N_, _
from bot.render.why import KINDS, in_words

# UTF-16 units to be left free in a message for the notes above it.
ROOM = 128

_TITLE_LENGTH = 40
_JOINER = "\u200d"  # the one format character that belongs to what is seen: it joins emoji

_DUPLICATE = N_("（网络不稳，这条可能与刚才的重复）")
_RESTORED = N_("（数据恢复过，这条可能与早先的重复）")
_MOVED = N_("（原来的话题已关闭或删除，每日推送改发到这里；要换话题，请到那个话题里重新订阅）")


def may_be_duplicate(html: str) -> str:
    """A message that may have been sent before, saying so first."""
    return f"{italic(_(_DUPLICATE))}\n\n{html}"


def may_have_been_sent(html: str) -> str:
    """A message that may have been sent before the database was restored, saying so first."""
    return f"{italic(_(_RESTORED))}\n\n{html}"


def moved_to_general(html: str) -> str:
    """The first message after its topic was closed or deleted, saying so first."""
    return f"{italic(_(_MOVED))}\n\n{html}"


def chat_named(chat_id: int, title: str = "") -> str:
    """To the owner: which chat that is, by its number and, of a group, its title. Plain text.

    The title is whatever somebody wrote. Of it stands here one line of at most 40 characters,
    none of them invisible, between U+2068 and U+2069 (Unicode Standard Annex 9): so it
    turns the direction of nothing around it, and `logs` finds it and leaves it out.
    """
    # People are numbered above zero; groups and channels below.
    if chat_id > 0:
        return _("私聊 {chat}", chat=chat_id)
    if not (shown := _visible(title)):
        return _("群聊 {chat}", chat=chat_id)
    return _("群聊“{title}”（{chat}）", title=f"\u2068{shown}\u2069", chat=chat_id)


def _visible(title: str) -> str:
    seen = (one for one in title if one == _JOINER or unicodedata.category(one) not in ("Cf", "Cs"))
    # What is a control character is a blank to `one_line`, or nothing.
    flat = one_line("".join(seen), _TITLE_LENGTH)
    return "".join(one for one in flat if unicodedata.category(one) != "Cc").strip(_JOINER)


def owner_of_dead(delivery: Delivery, reason: str, title: str = "") -> str:
    """To the owner: this message will never be sent, to the chat of this title. Plain text.

    The first line is the same for all of them, so that `alarms.together` says it once.
    """
    said = _(
        "{kind}，{chat}，{date}，第 {part} 条。",
        kind=_(KINDS[delivery.kind]),
        chat=chat_named(delivery.chat_id, title),
        date=delivery.local_on,
        part=delivery.part,
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
        reason=explained(reason),
    )
