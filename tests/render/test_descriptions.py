"""What Telegram says of an error, in plain words where it is known."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, Forbidden

from bot.model import Cause, DeliveryKind, Language
from bot.render import descriptions
from bot.render.language import speaking
from bot.render.why import in_words

# As Telegram words them, with what an operator has to be told to do.
KNOWN = [
    (
        BadRequest,
        "Bad Request: not enough rights to send text messages to the chat",
        "允许它发消息",
    ),
    (BadRequest, "Bad Request: have no rights to send a message", "允许它发消息"),
    (BadRequest, "Bad Request: CHAT_WRITE_FORBIDDEN", "允许它发消息"),
    (BadRequest, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", "允许它发消息"),
    (BadRequest, "Bad Request: not enough rights to send polls to the chat", "允许发投票"),
    (BadRequest, "Bad Request: not enough rights to send photos to the chat", "这类内容"),
    (BadRequest, "Bad Request: need administrator rights in the channel chat", "发布消息"),
    (BadRequest, "Bad Request: CHAT_RESTRICTED", "解除对机器人的限制"),
    (BadRequest, "Bad Request: chat not found", "重新加进去"),
    (BadRequest, "Bad Request: PEER_ID_INVALID", "重新加进去"),
    (BadRequest, "Bad Request: TOPIC_CLOSED", "重新打开"),
    (BadRequest, "Bad Request: message is too long", "机器人的毛病"),
    (Forbidden, "Forbidden: bot was blocked by the user", "解除屏蔽"),
    (Forbidden, "Forbidden: user is deactivated", "已经注销"),
    (Forbidden, "Forbidden: bot can't initiate conversation with a user", "发一次 /start"),
    (Forbidden, "Forbidden: bot was kicked from the group chat", "重新加进来"),
    (Forbidden, "Forbidden: bot was kicked from the supergroup chat", "重新加进来"),
    (Forbidden, "Forbidden: bot is not a member of the supergroup chat", "把它加进来"),
    (Forbidden, "Forbidden: bot was kicked from the channel chat", "设为管理员"),
    (Forbidden, "Forbidden: the group chat was deleted", "已经解散"),
]


@pytest.mark.parametrize(("error", "said", "advice"), KNOWN)
def test_what_is_known_is_said_in_plain_words_with_the_original_in_brackets(
    error: type[BadRequest | Forbidden], said: str, advice: str
) -> None:
    as_noted = str(error(said))  # the library drops prefixes, and changes capitals
    told = descriptions.explained(as_noted)
    assert advice in told
    assert told.endswith(f"（{as_noted}）")


@pytest.mark.parametrize(("error", "said", "advice"), KNOWN)
def test_with_its_prefix_it_means_the_same(
    error: type[BadRequest | Forbidden], said: str, advice: str
) -> None:
    assert descriptions.meaning(said) == descriptions.meaning(str(error(said)))
    assert advice in descriptions.meaning(said)


@pytest.mark.parametrize("said", ["", "Odd <thing>", "Chat not found in the archive", "no reply"])
def test_what_is_unknown_stays_as_it_is(said: str) -> None:
    assert descriptions.explained(said) == said


def test_the_reader_is_told_in_their_own_language() -> None:
    with speaking(Language.ENGLISH):
        told = descriptions.explained("Forbidden: bot was blocked by the user")
    assert told == (
        "the bot was blocked there: once it is unblocked and sent /start it goes on, "
        "with all settings kept (Forbidden: bot was blocked by the user)"
    )


@pytest.mark.parametrize("kind", DeliveryKind)
def test_a_reason_of_the_ledger_gives_way_to_what_telegrams_words_mean(kind: DeliveryKind) -> None:
    reason = Cause.REJECTED.of("Chat_restricted")
    assert in_words(kind, reason) == descriptions.explained("Chat_restricted")


def test_a_reason_with_words_unknown_keeps_both() -> None:
    reason = Cause.CHAT_GONE.of("Forbidden: odd")
    assert in_words(DeliveryKind.PUSH, reason) == "机器人当时被移出或停用了（Forbidden: odd）"
