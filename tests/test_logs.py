"""Logs: readable, and never with a secret in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import redact, start_logging

TOKEN = "123456789:" + "AbCdEfGhIj" * 3 + "KlMn_"


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
