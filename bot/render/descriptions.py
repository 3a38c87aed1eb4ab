"""What Telegram's descriptions of an error mean, and what to do about them.

Here live those that a chat's own settings bring about, by the words that the Bot API has for
them: its server's source (tdlib/telegram-bot-api, `Client.cpp`: access to a chat, and errors
it words itself) and the errors of core.telegram.org/method/messages.sendMessage, which it
passes on by their names. The Bot API promises no wording: what is not known here is said as
it stands. What the ledger does about an error is decided in `delivery.send`.
"""

from __future__ import annotations

import re
from typing import Final

from bot.render.language import N_, _

_PREFIX: Final = re.compile(r"(?:bad request|forbidden|unauthorized): ")

# The first that is the whole of the description, without regard to case, says what it means.
_MEANINGS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (
            r"not enough rights to send (?:text )?messages to the chat"
            r"|have no (?:rights to send a message|write access to the chat)"
            r"|chat_(?:write|send_plain)_forbidden|user_banned_in_channel",
            N_("机器人在这里没有发言的权限：请管理员在群的权限里允许它发消息，或把它设为管理员"),
        ),
        (
            r"need administrator rights in the channel chat|chat_admin_required",
            N_("机器人要当管理员才能在这里发言：请把它设为管理员，并打开“发布消息”的权限"),
        ),
        (
            r"not enough rights to send polls to the chat|chat_send_poll_forbidden",
            N_("这里不许机器人发投票，测验就发不出来：请管理员在群的权限里允许发投票"),
        ),
        (
            r"not enough rights to send [\w ]+ to the chat|chat_send_\w+_forbidden",
            N_("这里不许机器人发这类内容：请管理员在群的权限里允许，或把机器人设为管理员"),
        ),
        (
            r"chat_restricted",
            N_(
                "Telegram 限制了这个群，或限制了机器人在这里发言：请管理员解除对机器人的限制；"
                "如果是群被限制，要等 Telegram 放开"
            ),
        ),
        (
            r"bot was blocked by the user|user_is_blocked",
            N_("对方屏蔽了机器人：解除屏蔽并发一次 /start 就恢复，设置都还在"),
        ),
        (
            r"user is deactivated|(?:input_)?user_deactivated",
            N_("对方的 Telegram 账号已经注销，没有什么可做的"),
        ),
        (
            r"bot can't initiate conversation with a user",
            N_("对方还没有找过机器人：请对方先给机器人发一次 /start"),
        ),
        (
            r"bot was kicked from the (?:group|supergroup) chat",
            N_("机器人被移出了群：把它重新加进来就恢复，设置都还在"),
        ),
        (
            r"bot is not a member of the (?:group|supergroup) chat",
            N_("机器人不在群里：把它加进来就恢复，设置都还在"),
        ),
        (
            r"bot (?:was kicked from|is not a member of) the channel chat|channel_private",
            N_("机器人不在频道里：把它重新设为管理员就恢复，设置都还在"),
        ),
        (
            r"the group chat was deleted|group chat (?:is|was) deactivated",
            N_("群已经解散，没有什么可做的"),
        ),
        (
            r"(?:chat|user) not found|peer_id_invalid|chat_id_invalid",
            N_(
                "Telegram 找不到这个聊天，它可能已经删除：如果还在，请把机器人重新加进去"
                "（私聊请发一次 /start）"
            ),
        ),
        (
            r"topic_closed|topic_deleted|message thread not found",
            N_("话题已经关闭或删除：请管理员重新打开，或在别的话题里重新订阅"),
        ),
        (
            r"message(?: is |_)too[ _]long|(?:message )?caption is too long|media_caption_too_long"
            r"|can't parse entities.*|message text is empty|reply markup is too long",
            N_("消息不合 Telegram 的格式，这是机器人的毛病：请把这一行告诉维护它的人"),
        ),
        (
            r"(?:internal server error|bad gateway|service unavailable|gateway timeout).*",
            N_("Telegram 那边出了故障，不是这里的问题"),
        ),
        (
            r"unauthorized|invalid server response; probably bad token",
            N_("令牌无效：请到 @BotFather 核对；如果换过令牌，要改配置再重启"),
        ),
    )
)


def meaning(description: str) -> str:
    """What Telegram's description of an error means and what to do; "" of one unknown. Plain.

    With or without its prefix (`Bad Request: `), and whatever its capitals: libraries change
    both. A clause without a full stop.
    """
    said = _PREFIX.sub("", description.strip().casefold(), count=1)
    for pattern, meant in _MEANINGS:
        if pattern.fullmatch(said):
            return _(meant)
    return ""


def explained(description: str) -> str:
    """What it means, with Telegram's own words in brackets; of one unknown, these alone."""
    meant = meaning(description)
    return _("{reason}（{detail}）", reason=meant, detail=description) if meant else description
