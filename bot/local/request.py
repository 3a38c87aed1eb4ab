"""python-telegram-bot's transport over LocalTelegram: nothing but the network is different.

The library builds the request and reads the response as it does with the real server; only
the step between is a call in this process.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from telegram.request import BaseRequest, RequestData

from bot.local.files import content_at
from bot.local.rules import Upload
from bot.local.telegram import LocalTelegram

_NO_FILE = b'{"ok": false, "error_code": 404, "description": "Not Found"}'


class LocalRequest(BaseRequest):
    """Give it to `Application.builder().request(...)` and `.get_updates_request(...)`.

    Any number of these may serve one LocalTelegram. A wrong token is answered 401. Time-outs
    do not apply: an answer is never late here.
    """

    __slots__ = ("_telegram",)

    def __init__(self, telegram: LocalTelegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. The parameters go as a form would carry them: as strings."""
        path = unquote(urlsplit(url).path)
        files = f"/file/bot{self._telegram.token}/"
        if path.startswith(files):
            content = content_at(self._telegram, path.removeprefix(files))
            return (HTTPStatus.NOT_FOUND, _NO_FILE) if content is None else (HTTPStatus.OK, content)
        owner, _, name = path.rpartition("/")
        response = await answer(self._telegram, owner, name, _params(request_data))
        code = HTTPStatus.OK if response["ok"] else response["error_code"]
        return code, json.dumps(response, ensure_ascii=False).encode()


async def answer(
    telegram: LocalTelegram, owner: str, method: str, params: dict[str, Any]
) -> dict[str, Any]:
    """The response to a request for `<owner>/<method>`, where owner ends in `bot<TOKEN>`."""
    if not owner.endswith(f"bot{telegram.token}"):
        return {"ok": False, "error_code": 401, "description": "Unauthorized"}
    return await telegram.call(method, params)


def _params(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    params: dict[str, Any] = dict(request_data.json_parameters)
    for name, (file_name, content, mime_type) in request_data.multipart_data.items():
        body = content if isinstance(content, bytes) else content.read()
        params[name] = Upload(file_name, body, mime_type)
    return params
