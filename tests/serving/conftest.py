"""A bot wired as in production over a Telegram in this process, with files that may change.

Only the clock is not as in production: it stands until a test moves it. The corpus is a copy
of the shipped one in a directory of the test's own, the index and the database are real.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.service import Studybot, wired
from bot.config import Settings, read_settings
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalChat, LocalMessage, LocalUser
from bot.model import Corpus
from tests.clock import Clock
from tests.conftest import NewDataDir
from tests.pressing import Pressing

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday
SHIPPED = "2026-04-future-industries"

COMPILATION = """\
title: 深入学习关于数字中国的重要论述
publisher: 学习小组
issued: {issued}
theme: 数字中国
topics: [数字中国]
"""
QUOTE = """\
- id: q-{on}
  date: {on}
  occasion: 在一次座谈会上的讲话
  topics: [数字中国]
  text: |
    {text}
"""


@dataclass
class Files:
    """The operator's files: the corpus of the settings, and the data directory."""

    home: Path

    @property
    def corpus(self) -> Path:
        return self.home / "corpus"

    @property
    def data(self) -> Path:
        return self.home / "data"

    def add(self, name: str, *quotes: tuple[str, str]) -> Path:
        """A compilation of its own, of (day, text) quotations; its directory."""
        folder = self.corpus / name
        folder.mkdir(exist_ok=True)
        (folder / "compilation.yaml").write_text(COMPILATION.format(issued=name[:7]), "utf-8")
        entries = "\n".join(QUOTE.format(on=on, text=text) for on, text in quotes)
        (folder / "quotes.yaml").write_text(entries, encoding="utf-8")
        return folder

    def replace(self, name: str, old: str, new: str) -> None:
        """Edit a file of the shipped compilation; `old` must be in it."""
        path = self.corpus / SHIPPED / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass
class Serving(Pressing):
    """The bot at work: say or press something, see what comes back."""

    studybot: Studybot
    telegram: LocalTelegram
    clock: Clock
    files: Files
    owner: LocalUser
    reader: LocalUser

    @property
    def corpus(self) -> Corpus:
        """The corpus in force."""
        return self.studybot.application.bot_data["services"].library()[0]  # type: ignore[no-any-return]

    @property
    def presser(self) -> LocalUser:
        return self.reader

    async def settle(self) -> None:
        """Let the bot handle every update there is."""
        while waiting := self.telegram.updates.collect():
            for update in waiting:
                await self.studybot.handle(update)

    async def say(
        self, text: str, by: LocalUser | None = None, chat: LocalChat | None = None, **how: Any
    ) -> list[LocalMessage]:
        """Somebody writes (the reader, in private, unless told otherwise); what comes back."""
        who = by or self.reader
        where = chat or self.telegram.private(who)
        before = len(self.telegram.sent(where))
        self.telegram.say(where, who, text, **how)
        await self.settle()
        return self.telegram.sent(where)[before:]

    async def answer(
        self, text: str, by: LocalUser | None = None, chat: LocalChat | None = None
    ) -> LocalMessage:
        """Like `say`, where exactly one message must come back."""
        (only,) = await self.say(text, by, chat)
        return only

    async def pass_days(self, days: int) -> list[str]:
        """Let days pass, everything due being delivered; the quotations the reader got."""
        before = len(self.telegram.sent(self.telegram.private(self.reader)))
        for _ in range(days):
            self.clock.at += timedelta(days=1)
            await self.studybot.catch_up()
        assert len(self.telegram.sent(self.telegram.private(self.reader))) == before + days
        history = await self.studybot.store.history(self.reader.id)
        return [one.choice.quote_id for one in history[-days:]]


def settings_of(files: Files, owner_id: int) -> Settings:
    """Settings as an operator writes them."""
    file = files.home / "studybot.yaml"
    file.write_text(
        f"data_dir: {files.data}\ncorpus_dirs: [{files.corpus}]\nowner_id: {owner_id}\n"
        f"synonyms_file: {files.home / 'synonyms.yaml'}\n"
        "limits: {person_per_minute: 0, chat_per_minute: 0}\n",
        encoding="utf-8",
    )
    return read_settings(file)


@pytest.fixture
def files(tmp_path: Path, shipped_corpus: Path, new_data_dir: NewDataDir) -> Files:
    shutil.copytree(shipped_corpus, tmp_path / "corpus")
    new_data_dir(tmp_path / "data")
    return Files(tmp_path)


@pytest.fixture
async def serving(files: Files) -> AsyncIterator[Serving]:
    clock = Clock(NOON)
    telegram = LocalTelegram(clock=clock)
    owner, reader = telegram.user("管理员"), telegram.user("小王")
    settings = settings_of(files, owner.id)

    async with (
        wired(
            settings,
            token=telegram.token,
            requests=(LocalRequest(telegram), LocalRequest(telegram)),
            store_url=f"sqlite:///{files.data / 'studybot.sqlite3'}",
            clock=clock,
            sleep=clock.sleep,
        ) as studybot,
        studybot.application,
    ):
        yield Serving(studybot, telegram, clock, files, owner, reader)
