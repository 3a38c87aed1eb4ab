"""What an answer of Telegram means: the fault table, row by row, and the pauses after it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.delivery import send
from bot.delivery.transport import (
    AiohttpRequest,
    ConnectTimedOutError,
    InDoubtError,
    NotSentError,
    ReplyTimedOutError,
)
from bot.model import Button
from tests.delivery import wire
from tests.delivery.test_transport import ACCEPTED, TOKEN, bot_at


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotSentError("no route"), send.NotSent("no route")),
        (ConnectTimedOutError("late"), send.NotSent("late")),
        (InDoubtError("reset"), send.InDoubt("reset")),
        (ReplyTimedOutError("late"), send.InDoubt("late")),
        (NetworkError("Bad Gateway (502)"), send.NotSent("Bad Gateway (502)")),
        (
            caused(NetworkError("Bad Gateway (502)"), InDoubtError("a page")),
            send.NotSent("Bad Gateway (502)"),
        ),
        (Conflict("two pollers"), send.NotSent("two pollers")),
        (RetryAfter(17), send.Throttled(timedelta(seconds=17))),
        (ChatMigrated(-100), send.Migrated(-100)),
        (Forbidden("bot was kicked"), send.ChatGone("bot was kicked")),
        (InvalidToken("Unauthorized"), send.Unauthorized("Unauthorized")),
        (BadRequest("Chat not found"), send.Rejected("Chat not found")),
        (TelegramError("Invalid server response"), send.InDoubt("Invalid server response")),
        # python-telegram-bot's own transport tells by the cause.
        (caused(NetworkError("n"), httpx.ConnectError("")), send.NotSent("n")),
        (caused(TimedOut("t"), httpx.ConnectTimeout("")), send.NotSent("t")),
        (caused(TimedOut("t"), httpx.PoolTimeout("")), send.NotSent("t")),
        (caused(TimedOut("t"), httpx.ReadTimeout("")), send.InDoubt("t")),
        (caused(NetworkError("n"), httpx.RemoteProtocolError("")), send.InDoubt("n")),
        (caused(NetworkError("n"), RuntimeError("")), send.InDoubt("n")),
        (TimedOut(), send.InDoubt("Timed out")),
    ],
    ids=repr,
)
def test_every_error_has_its_outcome(error: TelegramError, outcome: send.Outcome) -> None:
    assert send.outcome_of(error) == outcome


@pytest.mark.parametrize(
    "words",
    ["Message thread not found", "Topic_closed", "TOPIC_DELETED", "Topic_id_invalid"],
)
def test_a_topic_that_is_gone_is_told_from_a_chat_that_refuses(words: str) -> None:
    assert send.outcome_of(BadRequest(words), in_topic=True) == send.TopicGone(words)
    assert send.outcome_of(BadRequest(words), in_topic=False) == send.Rejected(words)


def test_another_refusal_in_a_topic_is_a_refusal() -> None:
    assert send.outcome_of(BadRequest("Have no rights"), in_topic=True) == send.Rejected(
        "Have no rights"
    )


@given(attempts=st.integers(0, 10_000), seed=st.integers())
def test_a_pause_is_bounded_and_never_less_than_half(attempts: int, seed: int) -> None:
    full = min(2.0 * 2 ** min(max(attempts - 1, 0), 20), 300.0)
    waited = send.backoff(attempts, Random(seed)).total_seconds()
    assert full / 2 - 1e-5 <= waited <= full + 1e-5


def test_chats_that_failed_together_do_not_come_back_together() -> None:
    random = Random(1)
    assert len({send.backoff(5, random) for _ in range(20)}) == 20


async def test_what_is_sent_is_html_without_previews_with_its_buttons() -> None:
    part = send.Part("<b>好</b>", ((Button("继续", "r:1"),),))
    async with wire.peer(wire.reply(ACCEPTED)) as peer, bot_at(peer.url) as bot:
        outcome = await send.send(bot, part, chat_id=5, thread_id=9, is_silent=True)
    assert outcome == send.Sent(7)
    form = dict(httpx.QueryParams(peer.bodies[0].decode()))
    assert form["text"] == "<b>好</b>"
    assert form["parse_mode"] == "HTML"
    assert form["message_thread_id"] == "9"
    assert form["disable_notification"] == "true"
    assert '"is_disabled": true' in form["link_preview_options"]
    assert "继续" in form["reply_markup"].encode().decode("unicode_escape")
    assert "allow_paid_broadcast" not in form


# httpx logs its addresses, token and all, at INFO; `bot.logs` silences it in the product.
@pytest.mark.parametrize(
    "request_type",
    [AiohttpRequest, pytest.param(HTTPXRequest, marks=pytest.mark.tells_tokens)],
)
@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (wire.say_nothing, send.InDoubt),
        (wire.hang_up, send.InDoubt),
        (wire.reset, send.InDoubt),
        (wire.reply(ACCEPTED[:40], length=len(ACCEPTED)), send.InDoubt),
        (wire.reply(b"<html>"), send.InDoubt),
        (wire.reply(b'{"ok":true,"result":true}'), send.InDoubt),
        (wire.reply(b'{"ok":false,"description":"?"}'), send.InDoubt),
        (wire.reply(b"<html>", "503 Service Unavailable"), send.NotSent),
        (wire.reply(b'{"ok":false,"description":"oops"}', "500 Oops"), send.NotSent),
        (wire.reply(b'{"ok":false,"description":"Unauthorized"}', "401 No"), send.Unauthorized),
        (wire.reply(b'{"ok":false,"description":"Not Found"}', "404 No"), send.Unauthorized),
        (wire.reply(ACCEPTED), send.Sent),
    ],
    ids=[
        "no reply", "closed", "reset", "cut off", "200 and a page", "200 and no message",
        "200 and no result", "503 and a page", "500", "401", "404", "accepted",
    ],
)  # fmt: skip
async def test_both_transports_tell_the_same_story_on_the_wire(
    request_type: type[AiohttpRequest] | type[HTTPXRequest],
    act: wire.Act,
    outcome: type[send.Outcome],
) -> None:
    async with wire.peer(act) as peer, request_type(read_timeout=0.2) as request:
        bot = Bot(TOKEN, base_url=peer.url, request=request)
        assert isinstance(await send.send(bot, send.Part("好"), chat_id=5), outcome)
