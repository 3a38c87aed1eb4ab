"""LocalTelegram: the Bot API of one bot, in this process.

Here live the one door for the bot (`call`), the record of everything that came through it
(`calls`) and waiting for something to happen. What people do is inherited from People; what
each method does is in the module of its subject.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeVar

from bot.local import chats, editing, files, polling, polls, profile, sending
from bot.local.flood import FloodGate, FloodRule
from bot.local.people import People
from bot.local.refusal import RefusedError
from bot.local.rules import METHODS, Fields, read_fields
from bot.local.voters import Voters
from bot.local.world import Json, LocalMessage

Act = Callable[[People, Fields], Any]
Found = TypeVar("Found")

_ACTS: Mapping[str, Act] = {
    "getMe": profile.get_me,
    "getUpdates": polling.get_updates,
    "setWebhook": polling.set_webhook,
    "deleteWebhook": polling.delete_webhook,
    "getWebhookInfo": polling.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendPoll": polls.send_poll,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "answerInlineQuery": editing.answer_inline_query,
    "getFile": files.get_file,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatAdministrators": chats.get_chat_administrators,
    "leaveChat": chats.leave_chat,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
}
_BY_LOWER_NAME = {name.lower(): name for name in METHODS}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot as it came, and what it was answered.

    `method` is spelled as the Bot API spells it, or as it came when there is no such method.
    `at_seconds` is monotonic time.
    """

    method: str
    params: Json
    response: Json
    at_seconds: float

    @property
    def ok(self) -> bool:
        return bool(self.response["ok"])


class LocalTelegram(Voters):
    """A strict Telegram with one bot in it.

    `clock` returns aware UTC and dates everything; `time` is monotonic seconds for the flood
    rule and the record. `strict` refuses parameters that a method does not have (the real one
    ignores them). `is_local_server` allows what only a self-hosted Bot API server does:
    webhooks over plain HTTP on any port. May be used from several threads.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        time: Callable[[], float] = monotonic,
        bot_name: str = "读书会",
        bot_username: str = "studybot_local_bot",
        has_privacy_mode: bool = True,
        strict: bool = True,
        is_local_server: bool = False,
        flood: FloodRule | None = None,
    ) -> None:
        self.token = token or f"700000000:{'local' * 7}"
        super().__init__(
            clock=clock,
            bot_name=bot_name,
            bot_username=bot_username,
            bot_id=int(self.token.partition(":")[0]),
            has_privacy_mode=has_privacy_mode,
            is_local_server=is_local_server,
            flood=FloodGate(flood, time) if flood else None,
        )
        self.strict = strict
        self.calls: list[Call] = []
        self._time = time

    async def call(self, method: str, params: Mapping[str, Any] | None = None) -> Json:
        """Answer one call as the real server would; never raises.

        Values of `params` are as JSON or as a form has them; files are `rules.Upload`. The
        response is a copy: {"ok": True, "result": ...} or {"ok": False, "error_code": ...,
        "description": ..., "parameters": ...}. A method this Telegram does not serve is
        answered as one that does not exist.
        """
        given = dict(params or {})
        name = _BY_LOWER_NAME.get(method.lower(), method)
        try:
            # Through JSON, so that the answer stays as it is when the message changes.
            response = {"ok": True, "result": json.loads(json.dumps(await self._act(name, given)))}
        except RefusedError as refusal:
            response = refusal.response
        with self.lock:
            self.calls.append(Call(name, given, response, self._time()))
            self.lock.notify_all()
        return response

    async def _act(self, name: str, given: Json) -> Any:
        if name not in METHODS:
            raise RefusedError(404, "Not Found: method not found")
        with self.lock:
            outcome = _ACTS[name](self, read_fields(name, given, strict=self.strict))
        return await _awaited(outcome) if inspect.isawaitable(outcome) else outcome

    def calls_of(self, method: str) -> list[Call]:
        """The recorded calls of one method, oldest first."""
        with self.lock:
            return [call for call in self.calls if call.method.lower() == method.lower()]

    def wait_for(self, condition: Callable[[], Found], seconds: float = 10.0) -> Found:
        """Block until `condition` is true (looked at after every change); what it returned.

        For tests whose bot runs in another thread or process. Raises TimeoutError.
        """
        with self.lock:
            found = self.lock.wait_for(condition, seconds)
        if not found:
            raise TimeoutError(f"not within {seconds:g} seconds; last calls: {self.calls[-3:]}")
        return found

    async def until(self, condition: Callable[[], Found], seconds: float = 10.0) -> Found:
        """`wait_for` without blocking the event loop."""
        return await asyncio.to_thread(self.wait_for, condition, seconds)

    def message_of(self, call: Call) -> LocalMessage | None:
        """The message that a successful call made or changed, as it is now; else None."""
        result = call.response.get("result")
        if not isinstance(result, dict) or "message_id" not in result:
            return None
        return self.chats[result["chat"]["id"]].messages[result["message_id"]]


async def _awaited(outcome: Awaitable[Any]) -> Any:
    return await outcome
