"""Files that a person sends, as a bot downloads them: over this process and over HTTP."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, InvalidToken
from telegram.ext import ExtBot

from bot.delivery.transport import AiohttpRequest
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalMessage
from tests.bot_api_server import BotApiServer

CONTENT = "汇编".encode() * 1000


def bot_of(telegram: LocalTelegram) -> ExtBot[None]:
    request = LocalRequest(telegram)
    return ExtBot(telegram.token, request=request, get_updates_request=request)


def sent(telegram: LocalTelegram, content: bytes) -> LocalMessage:
    person = telegram.user("小王")
    return telegram.send_file(telegram.private(person), person, "五月.md", content, caption="请看")


async def test_a_file_that_a_person_sends_comes_with_its_name_and_size() -> None:
    telegram = LocalTelegram()
    sent(telegram, CONTENT)
    (update,) = telegram.updates.collect()
    document = update["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("五月.md", len(CONTENT))
    assert update["message"]["caption"] == "请看"


async def test_its_content_is_downloaded_whole() -> None:
    telegram = LocalTelegram()
    message = sent(telegram, CONTENT)
    async with bot_of(telegram) as bot:
        file = await bot.get_file(message.extra["document"]["file_id"])
        assert file.file_size == len(CONTENT)
        assert bytes(await file.download_as_bytearray()) == CONTENT


async def test_more_than_twenty_megabytes_are_refused_but_by_a_server_of_ones_own() -> None:
    large = b"1" * (20 * 1024**2 + 1)
    telegram = LocalTelegram()
    async with bot_of(telegram) as bot:
        with pytest.raises(BadRequest, match="File is too big"):
            await bot.get_file(sent(telegram, large).extra["document"]["file_id"])
    own = LocalTelegram(is_local_server=True)
    async with bot_of(own) as bot:
        file = await bot.get_file(sent(own, large).extra["document"]["file_id"])
        assert file.file_size == len(large)


async def test_an_id_that_is_none_is_refused() -> None:
    async with bot_of(LocalTelegram()) as bot:
        with pytest.raises(BadRequest, match="Invalid file_id"):
            await bot.get_file("nothing")


async def test_over_http_a_file_is_served_to_its_bot_alone() -> None:
    telegram = LocalTelegram()
    message = sent(telegram, CONTENT)
    async with BotApiServer(telegram) as server:
        files = server.base_url.removesuffix("/bot") + "/file/bot"
        request = AiohttpRequest()
        async with ExtBot(
            telegram.token, server.base_url, files, request=request, get_updates_request=request
        ) as bot:
            file = await bot.get_file(message.extra["document"]["file_id"])
            assert bytes(await file.download_as_bytearray()) == CONTENT
            file._unfreeze()
            file.file_path = str(file.file_path).replace("local", "nowhere")
            with pytest.raises((BadRequest, InvalidToken)):
                await file.download_as_bytearray()
