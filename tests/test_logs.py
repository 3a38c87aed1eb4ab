"""Logs: readable, and never with a secret in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import ChatNames, redact, start_logging
from bot.render.notes import chat_named

TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"

# What is logged here holds a token, to see that what comes out does not.
pytestmark = pytest.mark.tells_tokens


@pytest.fixture(params=["console", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging("INFO", request.param, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_token_in_a_message_is_masked(lines: io.StringIO) -> None:
    logging.getLogger("bot.some").info("POST http://127.0.0.1/bot%s/getMe", TOKEN)
    assert TOKEN not in lines.getvalue()
    assert "bot123456789:***/getMe" in lines.getvalue()


def test_a_token_in_an_extra_fact_is_masked(lines: io.StringIO) -> None:
    logging.getLogger("bot.some").info("asked", extra={"url": f"http://x/bot{TOKEN}/getMe"})
    assert TOKEN not in lines.getvalue()
    assert "asked" in lines.getvalue()


def test_a_token_in_a_traceback_is_masked(lines: io.StringIO) -> None:
    try:
        raise OSError(f"cannot reach http://127.0.0.1/bot{TOKEN}/getMe")
    except OSError:
        logging.getLogger("bot.some").exception("failed")
    assert TOKEN not in lines.getvalue()
    assert "cannot reach" in lines.getvalue()


def test_the_password_of_a_database_address_is_masked() -> None:
    shown = redact("postgresql+psycopg://study:geheim/x@db.example:5432/study refused")
    assert shown == "postgresql+psycopg://study:***@db.example:5432/study refused"


def test_text_without_secrets_is_left_as_it_is() -> None:
    text = "08:00 因地制宜发展新质生产力 q-2024-03-05: 12:30"
    assert redact(text) == text


def test_json_lines_carry_the_facts_by_name() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        start_logging("INFO", "json", stream)
        logging.getLogger("bot.some").info("sent", extra={"delivery": 7})
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["delivery"], line["level"]) == ("sent", 7, "info")


@pytest.mark.parametrize("chatty", ["httpx", "httpcore"])
def test_libraries_that_log_whole_addresses_are_silent_at_info(
    lines: io.StringIO, chatty: str
) -> None:
    logging.getLogger(chatty).info("HTTP Request: POST http://x/bot%s/getMe", TOKEN)
    assert lines.getvalue() == ""


def told(level: str, line_format: str, names: ChatNames, **facts: object) -> str:
    """One line at INFO with these facts, under that level."""
    root = logging.getLogger()
    handlers, before = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        start_logging(level, line_format, stream, names)
        logging.getLogger("bot.some").info("group -1009876543210: seen", extra=facts)
    finally:
        root.handlers[:] = handlers
        root.setLevel(before)
    return stream.getvalue()


@pytest.mark.parametrize("line_format", ["console", "json"])
@pytest.mark.parametrize("fact", ["chat", "chat_id"])
def test_a_chat_stands_under_its_name_and_never_its_id(line_format: str, fact: str) -> None:
    names = ChatNames(b"key")
    line = told("INFO", line_format, names, **{fact: 123456789})
    assert names.name(123456789) in line
    assert "123456789" not in line


def test_the_id_of_a_group_is_replaced_wherever_it_stands_in_a_line() -> None:
    names = ChatNames(b"key")
    line = told("INFO", "console", names)
    assert f"group {names.name(-1009876543210)}" in line.replace("\x1b[0m", "")
    assert "1009876543210" not in line


@pytest.mark.parametrize("line_format", ["console", "json"])
@pytest.mark.parametrize("chat_id", [5001000029, -1009876543210, 777000])
def test_the_id_of_a_chat_in_a_letter_is_replaced_by_its_name(
    line_format: str, chat_id: int
) -> None:
    names = ChatNames(b"key")
    letter = f"私聊 {chat_id}，2026-11-24。看详情：studybot why {chat_id} 2026-11-24"
    line = told("INFO", line_format, names, letter=letter)
    name = names.name(chat_id)
    assert f"私聊 {name}，2026-11-24。看详情：studybot why {name} 2026-11-24" in line
    assert str(abs(chat_id)) not in line


@pytest.mark.parametrize("line_format", ["console", "json"])
def test_the_title_of_a_chat_in_a_letter_is_left_out(line_format: str) -> None:
    names = ChatNames(b"key")
    letter = f"{chat_named(-1009876543210, '读书会')}，2026-11-24，第 1 条。"
    line = told("INFO", line_format, names, letter=letter)
    assert "读书会" not in line
    assert f"群聊“…”（{names.name(-1009876543210)}），2026-11-24" in line


def test_with_the_level_debug_the_title_stands_in_the_letter() -> None:
    letter = chat_named(-1009876543210, "读书会")
    assert json.loads(told("DEBUG", "json", ChatNames(b"key"), letter=letter))["letter"] == letter


def test_with_the_level_debug_the_id_stands_beside_the_name() -> None:
    names = ChatNames(b"key")
    line = json.loads(told("DEBUG", "json", names, chat=-1001234567890))
    assert line["chat"] == names.name(-1001234567890)
    assert line["chat_id"] == -1001234567890


def test_a_chat_has_the_same_name_under_the_same_key_only() -> None:
    assert ChatNames(b"one").name(-5) == ChatNames(b"one").name(-5)
    assert ChatNames(b"one").name(-5) != ChatNames(b"two").name(-5)


def test_dates_offsets_and_owners_of_leases_are_no_chats() -> None:
    names = ChatNames(b"key")
    text = "2026-11-24 host-123456-abcdef01 20261124-050300 -12 -0.1234567"
    assert text in told("INFO", "console", names, what=text)
