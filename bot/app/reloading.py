"""The corpus in force while the bot runs, and how it takes up a new one.

Here live the one reference that everybody reads the corpus and its index through, its
replacement, and the command that asks a running bot for it. What a corpus must look like is
`corpus`; how the outcome reads, `render.reload`.

A new corpus is read, checked and indexed in a thread beside the answering of questions, and
replaces the old one in a single assignment: a question is answered from the one or from the
other. One with mistakes replaces nothing. Of the index only what changed is written anew (see
`search.storage`). SIGHUP and `/reload` ask for it. Where several processes share a database,
nobody could ask them all; there each looks once a minute whether the files have changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.app.library import Library, corpus_directories, open_library
from bot.config import Settings, read_settings
from bot.corpus.load import load_corpus
from bot.errors import CorpusError, StoreError, StudybotError
from bot.model import Reload
from bot.render import reload as wording
from bot.store import Store, office_holder, open_store, sqlite_file
from bot.watch.signs import Troubles

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 60.0
_MOST_READINGS: Final = 3  # of files that change while they are read
_SERVED: Final = "corpus served"  # the fact that says which corpus the bot has in force
_ASK_SECONDS: Final = 0.2
_PATIENCE_SECONDS: Final = 60.0


class LibraryInForce:
    """The corpus and its index at this moment; `current` is what handlers and pushes ask.

    `open_again` reads and indexes the corpus anew, in another thread.
    """

    def __init__(self, library: Library, open_again: Callable[[], Library]) -> None:
        self._library = library
        self._open_again = open_again
        self._turn = asyncio.Lock()

    def current(self) -> Library:
        """A corpus and the index of that corpus; both are kept by whoever got them."""
        return self._library

    async def reload(self) -> Reload:
        """Put what stands on the disk in force, unless there is a mistake in it.

        One at a time: who asks while another is at it waits, and gets a reading of their own.
        """
        async with self._turn:
            before = self._library[0]
            try:
                self._library = await asyncio.to_thread(self._open_again)
            except CorpusError as error:
                return Reload(before, before, str(error), error.mistakes)
            except (StudybotError, OSError) as error:
                return Reload(before, before, str(error))
            return Reload(before, self._library[0])


def open_settled(settings: Settings) -> Library:
    """The library of these settings, ready for every kind of query, read from files at rest.

    Files that change while they are read are read again, or two versions could be mixed.
    Raises CorpusError and ConfigError.
    """
    stamp = _stamp(settings)
    for _ in range(_MOST_READINGS):
        library = open_library(settings)
        before, stamp = stamp, _stamp(settings)
        if before == stamp:
            break
    library[1].warm()
    return library


def _stamp(settings: Settings) -> str:
    """Names, sizes and times of all files that a library is made of: the same while they rest."""
    digest = hashlib.sha256()
    for directory in corpus_directories(settings):
        # What is imported stands behind links.
        for folder, folders, names in os.walk(directory, followlinks=True):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                _note(digest, Path(folder, name))
    _note(digest, settings.synonyms_file)
    return digest.hexdigest()


def _note(digest: hashlib._Hash, path: Path) -> None:
    try:
        status = path.stat()
    except OSError:  # just removed, or not there
        return
    digest.update(f"{path}\0{status.st_size} {status.st_mtime_ns} {status.st_ino}\n".encode())


class Reloading:
    """Takes up a changed corpus: when asked to, and among replicas when the files changed."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: LibraryInForce,
        troubles: Troubles,
        *,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._settings = settings
        self._store = store
        self._library = library
        self._troubles = troubles
        self._look_seconds = look_seconds
        self._asked = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def ask(self) -> None:
        """Have the corpus reloaded soon, once however often this is asked: for a signal."""
        self._asked.set()

    async def reload(self) -> Reload:
        """Reload now, and tell the log, the watch and who waits for it what came of it."""
        done = await self._library.reload()
        if done.is_refused:
            _log.error("the corpus could not be reloaded; the one before is served")
            self._troubles.corpus_failed(done.refusal, wording.served(done.now))
        else:
            _log.info("corpus reloaded", extra={"fingerprint": done.now.fingerprint[:12]})
            self._troubles.corpus_loaded()
        await self._note_served()
        return done

    def start(self) -> None:
        """Begin to listen for the signal, and among replicas to look at the files."""
        self._running = asyncio.create_task(self._run(), name="reloading")

    async def stop(self) -> None:
        """Stop; a reload that is under way is given up."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        await self._note_served()
        seen = ""  # the files may have changed since they were read at the start: look once
        while True:
            is_asked = await self._is_asked_within(
                self._look_seconds if self._store.is_shared else None
            )
            stamp = await asyncio.to_thread(_stamp, self._settings)
            if is_asked or stamp != seen:
                # Until they are read: a full disk, say, is no fault of theirs and may pass.
                seen = ""
                try:
                    done = await self.reload()
                    if not done.is_refused or done.mistakes:
                        seen = stamp
                except Exception:  # noqa: BLE001 - the bot goes on with the corpus it has
                    _log.exception("the corpus could not be reloaded")

    async def _is_asked_within(self, seconds: float | None) -> bool:
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except TimeoutError:
            return False
        self._asked.clear()
        return True

    async def _note_served(self) -> None:
        """Say which corpus is in force, to `studybot reload`."""
        try:
            await self._store.save_fact(_SERVED, self._library.current()[0].fingerprint)
        except StoreError as error:
            _log.warning("which corpus is served could not be noted: %s", error)


# ------------------------------------------------------------------------ the command


def reload_running(config: Path | None) -> str:
    """Have the bot that runs on these settings take up the corpus; what it then serves.

    Raises CorpusError, the bot left alone, when the corpus has mistakes, and StudybotError
    when no bot runs here or it does not follow.
    """
    settings = read_settings(config)
    corpus = load_corpus(corpus_directories(settings))
    what = f"{len(corpus.compilations)} compilation(s), {len(corpus.quotes)} quotations"
    database = sqlite_file(settings.store_url)
    if database is None:
        return f"No mistake: {what}. Every replica takes it up by itself within a minute."
    process = office_holder(database)
    if process is None:
        raise StudybotError(
            f"no studybot is running on {database}; it reads the corpus when it starts"
        )
    os.kill(process, signal.SIGHUP)
    asyncio.run(_taken_up(settings.store_url, corpus.fingerprint, process))
    return f"Process {process} serves it: {what}."


async def _taken_up(url: str, fingerprint: str, process: int) -> None:
    """Return when the bot says that it serves this corpus."""
    store = await open_store(url, upgrade=False)
    try:
        for _ in range(int(_PATIENCE_SECONDS / _ASK_SECONDS)):
            if await store.fact(_SERVED) == fingerprint:
                return
            await asyncio.sleep(_ASK_SECONDS)
        raise StudybotError(
            f"process {process} has not taken up the corpus within "
            f"{_PATIENCE_SECONDS:.0f} s; its log says why"
        )
    finally:
        await store.close()
