"""Booklets that the owner sends in chat: read apart, kept until decided on, put in force, undone.

Here live the files under `<data>/uploads`, the process that reads them and its limits. What a
booklet is stands in `corpus.importing`, how the outcome reads in `render.upload`.

    <data>/uploads/<key>/       one upload: the file, and what `apart` has written

What waits longer than a day is removed, and of more than four the oldest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.app import apart
from bot.app.importing import installed
from bot.app.library import corpus_directories, own_directory
from bot.chat.booklets import Booklets
from bot.config import Settings
from bot.corpus.importing.versions import (
    NoSuchVersionError,
    current_version,
    roll_back,
    withdraw,
)
from bot.corpus.load import load_corpus
from bot.errors import Mistake, StudybotError
from bot.model import Counts, Doubt, Enabled, Reload, Remark, Repair, Report, Staged
from bot.render import upload as wording
from bot.render.language import _

_KEY: Final = re.compile(r"[0-9a-f]{12}")
_KEPT: Final = 4
_KEPT_SECONDS: Final = 24 * 3600.0
_PACKAGE_HOME: Final = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may take: time by the wall, and address space (on Linux)."""

    seconds: float = 60.0
    memory_bytes: int = 2**30


class Staging:
    """The owner's uploads. `reload` takes up a changed corpus (`Reloading.reload`)."""

    def __init__(
        self,
        settings: Settings,
        reload: Callable[[], Awaitable[Reload]],
        limits: Limits = Limits(),
    ) -> None:
        self._settings = settings
        self._reload = reload
        self._limits = limits
        self._home = settings.data_dir / "uploads"
        self._turn = asyncio.Lock()  # one reading at a time: each may take a core

    @property
    def booklets(self) -> Booklets:
        """What the handlers are given of it."""
        return Booklets(self.stage, self.enable, self.discard, self.go_back)

    async def stage(self, suffix: str, content: bytes) -> Staged:
        """Read a file; what it holds, kept under a key. `suffix` is of its name: `.docx`.

        Raises StudybotError with one sentence for what cannot be read.
        """
        async with self._turn:
            await asyncio.to_thread(self._sweep)
            key = secrets.token_hex(6)
            folder = self._home / key
            try:
                file = await asyncio.to_thread(_kept, folder, suffix, content)
                await self._read_apart(file, folder)
                return await asyncio.to_thread(self._load, key)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    async def enable(self, key: str) -> Enabled:
        """Put a staged booklet in force. Raises StudybotError, everything as it was, if it cannot.

        Also for a key that was decided on already.
        """
        async with self._turn:
            staged = await asyncio.to_thread(self._load, key)
            one = staged.compilation
            await asyncio.to_thread(installed, self._settings, one)
            done = await self._reload()
            if done.is_refused:
                await asyncio.to_thread(self._undo, one.id)
                await self._reload()
                raise StudybotError(done.refusal)
            await asyncio.to_thread(shutil.rmtree, self._home / key, ignore_errors=True)
            return Enabled(one.id, current_version(own_directory(self._settings), one.id), done)

    async def discard(self, key: str) -> bool:
        """Forget a staged booklet; false when there is none of this key any more."""
        if not self._is_kept(key):
            return False
        await asyncio.to_thread(shutil.rmtree, self._home / key, ignore_errors=True)
        return True

    async def go_back(self, compilation_id: str, version: int) -> Reload:
        """Undo an enabling: the version before, or what the repository ships, is in force again.

        Raises StudybotError when another version than this has come into force since.
        """
        async with self._turn:
            if current_version(own_directory(self._settings), compilation_id) != version:
                raise StudybotError(_(wording.NOT_IN_FORCE))
            await asyncio.to_thread(self._undo, compilation_id)
            return await self._reload()

    def _undo(self, compilation_id: str) -> None:
        own = own_directory(self._settings)
        try:
            roll_back(own, compilation_id)
        except NoSuchVersionError:
            withdraw(own, compilation_id)

    # ------------------------------------------------------------------------- reading

    async def _read_apart(self, file: Path, folder: Path) -> None:
        """Have another process read the file. Raises StudybotError."""
        limits = self._limits
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot.app.apart", str(limits.memory_bytes), str(int(limits.seconds) + 1)),
            *(str(file), str(folder), *map(str, corpus_directories(self._settings))),
            cwd=_PACKAGE_HOME,
            # Neither the bot's token nor anything else of its environment.
            env={"PYTHONUTF8": "1", "HOME": str(folder), "TMPDIR": str(folder)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            status = await asyncio.wait_for(process.wait(), limits.seconds)
        except TimeoutError:
            raise StudybotError(wording.too_long(limits.seconds)) from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if status == apart.OUT_OF_MEMORY:
            raise StudybotError(_(wording.TOO_MUCH))
        if status != 0:  # a crash, or killed by a limit
            raise StudybotError(_(wording.BROKEN))

    def _load(self, key: str) -> Staged:
        """What was staged under a key. Raises StudybotError."""
        if not self._is_kept(key):
            raise StudybotError(_(wording.GONE))
        folder = self._home / key
        outcome = json.loads((folder / apart.OUTCOME).read_text(encoding="utf-8"))
        if "refusal" in outcome:
            raise StudybotError(wording.unreadable(outcome["refusal"]))
        mistakes = tuple(Mistake(*each) for each in outcome["mistakes"])
        if mistakes:
            raise StudybotError(wording.faulty(mistakes))
        corpus = load_corpus([folder / apart.CORPUS])
        (compilation,) = corpus.compilations
        return Staged(key, compilation, _report(outcome["report"]), outcome["replaces"])

    def _is_kept(self, key: str) -> bool:
        return bool(_KEY.fullmatch(key)) and (self._home / key / apart.OUTCOME).is_file()

    def _sweep(self) -> None:
        """Remove what waited too long, or is too much."""
        if not self._home.is_dir():
            return
        folders = sorted(self._home.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        for at, folder in enumerate(folders):
            is_old = folder.stat().st_mtime < time.time() - _KEPT_SECONDS
            if is_old or at + 1 >= _KEPT:
                shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path, suffix: str, content: bytes) -> Path:
    folder.mkdir(mode=0o700, parents=True)
    file = folder / f"booklet{suffix}"
    file.write_bytes(content)
    return file


def _report(record: dict[str, Any]) -> Report:
    return Report(
        tuple(Remark(Repair(one["kind"]), one["line"], one["text"]) for one in record["repairs"]),
        tuple(Remark(Doubt(one["kind"]), one["line"], one["text"]) for one in record["doubts"]),
        Counts(**record["counts"]),
    )
