"""How updates are fetched: offsets, waiting, one poller, kinds asked for, webhooks."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.local.conftest import Town

HOOK = "https://example.org/hook"


def say(town: Town, *texts: str) -> None:
    chat = town.telegram.private(town.ming)
    for text in texts:
        town.telegram.say(chat, town.ming, text)


async def test_an_update_stays_until_a_higher_offset_confirms_it(town: Town) -> None:
    say(town, "一", "二")
    first = await town.ok("getUpdates")
    assert await town.ok("getUpdates") == first
    second = await town.ok("getUpdates", offset=first[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in second] == ["二"]
    assert await town.ok("getUpdates", offset=second[0]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_newest(town: Town) -> None:
    say(town, "一", "二", "三")
    (update,) = await town.ok("getUpdates", offset=-1)
    assert update["message"]["text"] == "三"


async def test_a_limit_is_kept(town: Town) -> None:
    say(town, "一", "二", "三")
    assert len(await town.ok("getUpdates", limit=2)) == 2


async def test_a_long_poll_ends_when_an_update_comes(town: Town) -> None:
    polling = asyncio.create_task(town.ok("getUpdates", timeout=30))
    await asyncio.sleep(0)
    say(town, "来了")
    (update,) = await asyncio.wait_for(polling, 5)
    assert update["message"]["text"] == "来了"


async def test_a_long_poll_is_woken_from_another_thread(town: Town) -> None:
    polling = asyncio.create_task(town.ok("getUpdates", timeout=30))
    await asyncio.sleep(0)
    thread = threading.Thread(target=say, args=(town, "来了"))
    thread.start()
    assert len(await asyncio.wait_for(polling, 5)) == 1
    thread.join()


async def test_a_second_poller_ends_the_first(town: Town) -> None:
    first = asyncio.create_task(town.refused("getUpdates", timeout=30))
    await asyncio.sleep(0)
    assert await town.ok("getUpdates") == []
    assert await asyncio.wait_for(first, 5) == (
        "409 Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_a_webhook_ends_polling_and_forbids_it(town: Town) -> None:
    polling = asyncio.create_task(town.refused("getUpdates", timeout=30))
    await asyncio.sleep(0)
    await town.ok("setWebhook", url=HOOK)
    assert await asyncio.wait_for(polling, 5) == "409 Conflict: terminated by setWebhook request"
    assert await town.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await town.ok("deleteWebhook")
    assert await town.ok("getUpdates") == []


async def test_only_the_kinds_asked_for_come(town: Town) -> None:
    await town.ok("getUpdates", allowed_updates=["callback_query"])
    say(town, "一")
    await town.ok("getUpdates", allowed_updates="[]")
    say(town, "二")
    texts = [update["message"]["text"] for update in await town.ok("getUpdates")]
    assert texts == ["二"]


async def test_other_members_are_told_of_only_on_request(town: Town) -> None:
    chat = town.group()
    town.telegram.promote(chat, town.telegram.bot, by=town.fang)
    town.updates()
    town.telegram.promote(chat, town.ming, by=town.fang)
    assert town.updates() == []
    await town.ok("getUpdates", allowed_updates=["chat_member"])
    town.telegram.demote(chat, town.ming, by=town.fang)
    (update,) = town.updates()
    assert update["chat_member"]["new_chat_member"]["status"] == "member"


async def test_a_webhook_is_described(town: Town) -> None:
    say(town, "一")
    await town.ok("setWebhook", url=HOOK, max_connections=5, allowed_updates=["message"])
    assert await town.ok("getWebhookInfo") == {
        "url": HOOK,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 5,
        "allowed_updates": ["message"],
    }
    await town.ok("deleteWebhook", drop_pending_updates=True)
    assert (await town.ok("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"url": "hook"}, "invalid webhook URL specified"),
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:5000/"}, "bad webhook: Webhook can be set up only on ports"),
        ({"url": HOOK, "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": HOOK, "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(town: Town, params: dict[str, str], why: str) -> None:
    assert (await town.refused("setWebhook", **params)).startswith(f"400 Bad Request: {why}")


async def test_a_server_of_ones_own_allows_plain_http(town: Town) -> None:
    town.telegram.is_local_server = True
    assert await town.ok("setWebhook", url="http://127.0.0.1:5000/hook")
