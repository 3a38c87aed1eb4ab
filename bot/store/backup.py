"""Copies of a SQLite database: made while it is in use, checked, and brought back.

Here live files. When a copy is made and which are kept is decided in the room `watch`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import StoreError
from bot.store.engine import address_of, connect
from bot.store.offices import BOT_OFFICE, file_office
from bot.store.restoring import Restored, Restoring
from bot.store.version import refuse_unknown

_BUSY_SECONDS = 10.0
_BESIDE = ("-wal", "-shm")  # what SQLite keeps next to a database in use


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL. Raises StoreError for neither."""
    address = address_of(url)
    if address.get_backend_name() != "sqlite" or address.database is None:
        return None
    return Path(address.database)


def postgresql_address(url: str) -> str:
    """The address as PostgreSQL's own tools take it, without a password."""
    address = address_of(url)
    return URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    ).render_as_string()


def copy_online(source: Path, target: Path) -> None:
    """Copy the database `source`, which may be written to meanwhile, to the new file `target`.

    `VACUUM INTO` reads in one transaction, so the copy is of one moment, and under WAL
    no writer waits for it (sqlite.org/lang_vacuum.html). Raises StoreError.
    """
    unfinished = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with _opened(source) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _flush(unfinished)
        unfinished.replace(target)
        _flush(target.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreError(f"The backup {target} cannot be written: {error}") from error


def check_backup(file: Path) -> str:
    """The version of the backup `file`, which was read whole and found sound.

    Raises StoreError when it is damaged, no database of studybot, newer than this program,
    or the file of a database in use.
    """
    if not file.is_file():
        raise StoreError(f"There is no file {file}.")
    if _is_there(_with_suffix(file, "-wal")):
        raise StoreError(
            f"{file} is a database in use and not a backup; make one with: studybot db backup"
        )
    try:
        with _opened(file, "?mode=ro&immutable=1") as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            if said != ["ok"]:
                raise StoreError(f"The backup {file} is damaged: {said[0]}")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{file} is no backup of studybot, or damaged: {error}") from error
    revision = str(row[0]) if row else ""
    refuse_unknown(revision)
    return revision


async def restore(url: str, file: Path, *, clock: Callable[[], datetime] | None = None) -> Restored:
    """Put the backup `file` in the place of the database, marked as restored.

    Nothing is changed unless the backup is sound, no bot runs on the database and nobody has
    it open. `clock` is as for `open_store`. Raises StoreError.
    """
    target = sqlite_file(url)
    if target is None:
        raise StoreError("PostgreSQL is restored with its own tools.")
    await asyncio.to_thread(check_backup, file)
    target.parent.mkdir(parents=True, exist_ok=True)
    held = file_office(target, BOT_OFFICE)
    if not await held.take():
        raise StoreError("A bot is running on this database; stop it first.")
    incoming = target.with_name(f"{target.name}.incoming")
    try:
        await asyncio.to_thread(_bring, file, incoming)
        restored = await _marked(incoming, clock)
        replaced = await asyncio.to_thread(_exchange, target, incoming)
    except OSError as error:
        raise StoreError(f"The backup cannot be put in place: {error}") from error
    finally:
        for suffix in ("", *_BESIDE):
            with contextlib.suppress(OSError):
                _with_suffix(incoming, suffix).unlink(missing_ok=True)
        await held.leave()
    return replace(restored, replaced=replaced)


def _bring(file: Path, incoming: Path) -> None:
    for suffix in _BESIDE:  # of an attempt that was cut off
        _with_suffix(incoming, suffix).unlink(missing_ok=True)
    shutil.copyfile(file, incoming)
    incoming.chmod(0o600)


async def _marked(incoming: Path, clock: Callable[[], datetime] | None) -> Restored:
    database = connect(f"sqlite:///{incoming}", clock, timedelta(seconds=_BUSY_SECONDS))
    try:
        return await Restoring(database).mark_restored()
    finally:
        await database.close()


def _exchange(target: Path, incoming: Path) -> Path | None:
    _close_for_good(incoming)
    _flush(incoming)
    replaced = _put_aside(target)
    incoming.replace(target)
    _flush(target.parent)
    return replaced


def _put_aside(target: Path) -> Path | None:
    """Give the database in place another name, whole; None when there is none."""
    if not target.exists():
        return None
    _close_for_good(target)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    replaced = target.with_name(f"{target.name}.replaced-{stamp}")
    for suffix in ("", *_BESIDE):
        if _with_suffix(target, suffix).exists():
            # As a copy is: by its owner only.
            _with_suffix(target, suffix).chmod(0o600)
            _with_suffix(target, suffix).rename(_with_suffix(replaced, suffix))
    return replaced


def _close_for_good(target: Path) -> None:
    """Fold the write-ahead log into the file. Raises StoreError while anybody has it open.

    Leaving WAL needs the database to oneself (sqlite.org/wal.html): a connection that
    only waits, as that of an idle bot, is noticed too.
    """
    try:
        with _opened(target, timeout=0.5) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(
                "The database is in use; stop the bot (and whatever else has it open) first."
            ) from error
        raise StoreError(f"The database in place cannot be put aside: {error}") from error
    except sqlite3.DatabaseError:
        return  # damaged, perhaps the reason for all this: it is kept as it is


@contextlib.contextmanager
def _opened(
    file: Path, options: str = "?mode=rw", *, timeout: float = _BUSY_SECONDS
) -> Iterator[sqlite3.Connection]:
    """A connection that begins no transaction by itself, and makes no file."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}{options}", uri=True, timeout=timeout, isolation_level=None
    )
    try:
        yield connection
    finally:
        connection.close()


def _with_suffix(file: Path, suffix: str) -> Path:
    return file.with_name(f"{file.name}{suffix}")


def _is_there(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _flush(path: Path) -> None:
    """Have a file, or a folder's list of files, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
