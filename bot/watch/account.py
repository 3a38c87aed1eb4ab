"""The examination at Telegram: is the token good, what may the bot do, is it heard.

Here lives what is asked of the Bot API, over HTTP and with nothing that anybody could read
afterwards, and what the answers mean. The token is part of every address: no error's text,
which may quote the address, is passed on.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp

from bot.config import Settings
from bot.watch.findings import Finding, ok, warn, wrong

_TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
_MANY_PENDING: Final = 100
_RECENT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class _Reply:
    """What Telegram answered: its `result`, or the `error_code` and `description` of a refusal.

    `said_at` is Telegram's clock, to the second; `took_seconds` the whole call.
    """

    result: Mapping[str, Any]
    error_code: int
    description: str
    said_at: datetime | None
    took_seconds: float


@dataclass(frozen=True, slots=True)
class Account:
    """The findings about the bot's account, and how far this clock is ahead of Telegram's.

    `ahead_seconds` is None when that could not be seen; it is exact to about a second. `owner`
    says whether alarms can reach the owner; None where Telegram could not be asked.
    """

    findings: tuple[Finding, ...]
    ahead_seconds: float | None = None
    owner: Finding | None = None


async def examine_account(settings: Settings) -> Account:
    """Ask Telegram who the bot is and how it gets its updates."""
    token = settings.telegram.token.get_secret_value()
    if not token:
        return Account(
            (
                wrong(
                    "token",
                    "there is none",
                    "get one from @BotFather; set TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE",
                ),
            )
        )
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            me = await _ask(session, settings, token, "getMe")
            if not me.result:
                return Account((_refused(me),), _ahead(me))
            webhook = await _ask(session, settings, token, "getWebhookInfo")
            owner = await _reach_owner(session, settings, token, me.result)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Account((_unreachable(settings, error),))
    return Account((*_rights(me.result), _webhook(settings, webhook)), _ahead(me), owner)


async def _ask(
    session: aiohttp.ClientSession,
    settings: Settings,
    token: str,
    method: str,
    **fields: str | int,
) -> _Reply:
    """One call. Raises ClientError, TimeoutError, OSError, and ValueError for no valid reply."""
    began_at = datetime.now(UTC)
    address = f"{settings.telegram.base_url}{token}/{method}"
    async with session.get(address, params=fields, allow_redirects=False) as response:
        body = json.loads(await response.text())
        said_at = None
        with contextlib.suppress(ValueError):
            said_at = parsedate_to_datetime(response.headers.get("Date", ""))
    if not isinstance(body, dict) or "ok" not in body:
        raise ValueError("no reply of the Bot API")
    return _Reply(
        result=body["result"] if isinstance(body.get("result"), dict) else {},
        error_code=body.get("error_code", 0),
        description=str(body.get("description", "")),
        said_at=said_at.astimezone(UTC) if said_at else None,
        took_seconds=(datetime.now(UTC) - began_at).total_seconds(),
    )


async def _reach_owner(
    session: aiohttp.ClientSession, settings: Settings, token: str, me: Mapping[str, Any]
) -> Finding | None:
    """Whether the owner can be written to; None without an owner.

    Asked by showing them for five seconds that the bot is "typing": that is refused as a
    message is. (getChat is not: it knows accounts that never wrote to the bot.)
    """
    if not settings.owner_id:
        return None
    reply = await _ask(
        session, settings, token, "sendChatAction", chat_id=settings.owner_id, action="typing"
    )
    return _owner(settings.owner_id, reply, f"@{me.get('username', '?')}")


def _owner(owner_id: int, reply: _Reply, bot: str) -> Finding:
    about, said = "owner", reply.description
    if not reply.error_code:
        return ok(about, f"alarms reach {owner_id}")
    unheard = f"no alarm can reach {owner_id}"
    if reply.error_code not in (400, 403):
        return warn(
            about,
            f"alarms go to {owner_id}; Telegram does not say whether they arrive ({said})",
            "run studybot doctor again in a few minutes",
        )
    if "blocked" in said:
        return wrong(
            about,
            f"{unheard}: that account has blocked the bot ({said})",
            f"open the chat with {bot} from that account, unblock it and send /start",
        )
    if "deactivated" in said:
        return wrong(
            about,
            f"{unheard}: that account was deleted ({said})",
            "set owner_id to your present Telegram user id and send the bot /start from it",
        )
    return wrong(
        about,
        f"{unheard}: that account never sent the bot /start, or is none ({said})",
        f"send {bot} /start from that account; if the number is not yours, set owner_id to your "
        "own Telegram user id",
    )


def _ahead(reply: _Reply) -> float | None:
    """How far this machine's clock is ahead of Telegram's, taken in the middle of the call."""
    if reply.said_at is None:
        return None
    middle = datetime.now(UTC).timestamp() - reply.took_seconds / 2
    # The header has whole seconds, cut off: on average half a second has passed since.
    return middle - (reply.said_at.timestamp() + 0.5)


def _unreachable(settings: Settings, error: Exception) -> Finding:
    if isinstance(error, ValueError):
        return wrong(
            "telegram",
            f"what answers at {settings.telegram.base_url} is not the Bot API",
            "check telegram.base_url (it ends in /bot) and whatever proxy is in between",
        )
    return wrong(
        "telegram",
        f"{settings.telegram.base_url} cannot be reached ({type(error).__name__})",
        "check this machine's network, DNS and firewall; due pushes wait in the ledger meanwhile",
    )


def _refused(reply: _Reply) -> Finding:
    if reply.error_code in (401, 404):
        return wrong(
            "token",
            "Telegram refuses it",
            "compare it with what @BotFather shows under API Token, or revoke it there for a new "
            "one; nothing due is lost meanwhile",
        )
    return wrong(
        "telegram",
        f"getMe is answered with {reply.error_code}: {reply.description}",
        "try again in a few minutes; if it stays so, ask who runs this Bot API server",
    )


def _rights(me: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What BotFather's settings allow the bot."""
    found = [ok("token", f"good: this is @{me.get('username', '?')}")]
    if me.get("can_join_groups", False):
        found.append(ok("groups", "the bot may be added to groups"))
    else:
        found.append(
            wrong(
                "groups",
                "the bot may not be added to groups",
                "BotFather: /setjoingroups, Enable",
            )
        )
    if me.get("can_read_all_group_messages", False):
        found.append(
            warn(
                "privacy mode",
                "off: in groups Telegram shows the bot everything that is said",
                "BotFather: /setprivacy, Enable; then take the bot out of its groups and add it "
                "again, for in those it keeps the old setting",
            )
        )
    else:
        found.append(ok("privacy mode", "on: in groups the bot sees only what is for it"))
    if me.get("supports_inline_queries", False):
        found.append(ok("inline mode", "on"))
    else:
        found.append(
            warn(
                "inline mode",
                "off: @bot in other chats offers nothing",
                "BotFather: /setinline, placeholder 关键词或日期",
            )
        )
    return tuple(found)


def _webhook(settings: Settings, reply: _Reply) -> Finding:
    """How updates reach the bot, against how the settings say they should."""
    about, info = "updates", reply.result
    url, pending = str(info.get("url", "")), int(info.get("pending_update_count", 0))
    waiting = f"{pending} updates wait"
    if settings.updates == "polling" and url:
        return warn(
            about,
            f"Telegram delivers to a webhook, and the settings say polling; {waiting}",
            "start the bot: it removes the webhook (if another program uses this token, give it "
            "a token of its own)",
        )
    if settings.updates == "webhook" and url != settings.webhook.url:
        return warn(
            about,
            f"Telegram delivers to {url or 'no webhook'}, the settings say {settings.webhook.url}",
            "start the bot: it sets the webhook",
        )
    failed_seconds = datetime.now(UTC).timestamp() - int(info.get("last_error_date", 0))
    if url and failed_seconds < _RECENT_SECONDS:
        return wrong(
            about,
            f"the webhook failed {failed_seconds:.0f} s ago: {info.get('last_error_message', '')}; "
            f"{waiting}",
            "check the reverse proxy, its certificate, and that the bot runs",
        )
    if pending > _MANY_PENDING:
        return warn(about, f"{settings.updates}; {waiting}", "check that the bot runs")
    return ok(about, f"{settings.updates}; {waiting}")
