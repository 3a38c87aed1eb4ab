"""The same bot over a Telegram in this process: `studybot chat` and `studybot demo`.

Here lives the wiring alone. Nothing is kept: the database is in a temporary directory.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console as Terminal

from bot.app.service import wired
from bot.config import Settings, read_settings
from bot.local.clock import MovableClock
from bot.local.console import Console, typed_lines
from bot.local.picture import draw
from bot.local.request import LocalRequest
from bot.local.screen import WIDTH
from bot.local.telegram import LocalTelegram
from bot.local.tour import give_tour
from bot.logs import start_logging


def talk(config: Path | None, *, has_tour: bool, picture: Path | None = None) -> None:
    """Let a person talk to the bot; with `has_tour` after a tour, and only in a terminal.

    `picture` is an SVG file that is written with all that was printed. Raises CorpusError
    and ConfigError.
    """
    settings = read_settings(config)
    start_logging("WARNING", settings.logging.format)
    logging.captureWarnings(True)
    out = Terminal(
        highlight=False,
        record=picture is not None,
        width=WIDTH if picture else None,
    )
    asyncio.run(_talk(settings, out, has_tour=has_tour))
    if picture is not None:
        picture.write_text(draw(out), encoding="utf-8")


async def _talk(settings: Settings, out: Terminal, *, has_tour: bool) -> None:
    clock = MovableClock()
    telegram = LocalTelegram(clock=clock)

    async def sleep(seconds: float) -> None:
        clock.move(timedelta(seconds=seconds))

    with TemporaryDirectory(prefix="studybot-") as folder:
        async with (
            wired(
                settings,
                token=telegram.token,
                requests=(LocalRequest(telegram), LocalRequest(telegram)),
                store_url=f"sqlite:///{folder}/studybot.sqlite3",
                clock=clock,
                sleep=sleep,
            ) as studybot,
            studybot.application,
        ):
            console = Console(
                telegram, studybot.handle, studybot.catch_up, clock, out, zone=settings.zone
            )
            if has_tour:
                await give_tour(console)
            if not has_tour or sys.stdin.isatty():
                await console.run(typed_lines(), echo=not sys.stdin.isatty())
