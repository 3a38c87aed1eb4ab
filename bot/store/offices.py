"""Offices: what only one process at a time may do, and who does it.

Here live two kinds of lock with one meaning. On PostgreSQL an office is an advisory lock of
a session, on a connection of its own: it ends with the connection, so with the process or
the way to it, and another takes over. On SQLite it is a lock on a file beside the database,
which ends with the process. Neither leaves anything behind that would have to be cleared.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

from bot.errors import StoreError
from bot.store.engine import Part

# Of running a bot, on SQLite; of seeing to the updates, on PostgreSQL.
BOT_OFFICE: Final = "bot"


class Office(Protocol):
    """Something that one process at a time may do. Made by `Store.office`."""

    async def take(self) -> bool:
        """Take the office if nobody holds it; true when it is held here now.

        False also while the database cannot be asked. Raises StoreError where it never can.
        """

    async def is_held(self) -> bool:
        """True while it is held here for certain; false for ever once it was lost."""

    async def leave(self) -> None:
        """Give it up; nothing happens when it is not held."""


class Offices(Part):
    """The store's share that says who may do what only one may do."""

    @property
    def is_shared(self) -> bool:
        """True when processes on several machines may use this database (PostgreSQL)."""
        return not self._database.is_sqlite

    def office(self, name: str) -> Office:
        """The office of this name, not taken yet. Equal names are the same office."""
        if self._database.is_sqlite:
            file = self._database.engine.url.database
            assert file is not None, "SQLite has a file here"
            return file_office(Path(file), name)
        from bot.store.session_office import SessionOffice  # needs the driver

        return SessionOffice(self._database.postgresql_address, name)


def file_office(database: Path, name: str) -> Office:
    """The office of this name on the SQLite database in that file, which need not be open."""
    return _FileOffice(_lock_file(database, name))


def office_holder(database: Path, name: str = BOT_OFFICE) -> int | None:
    """The process that holds this office on the SQLite database in that file; None: nobody.

    A file that a dead process left behind says nothing: it is the lock that counts.
    """
    import fcntl  # as below

    try:
        descriptor = os.open(_lock_file(database, name), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        process = os.read(descriptor, 32).strip()
        return int(process) if process.isdigit() else None
    finally:
        os.close(descriptor)
    return None


def _lock_file(database: Path, name: str) -> Path:
    return Path(f"{database}.{name}.lock")


class _FileOffice:
    """A lock on a file, held by this process; the file says which one that is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    async def take(self) -> bool:
        if self._descriptor is not None:
            return True
        import fcntl  # not there on Windows, where nothing but this needs it

        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"The lock {self._path} cannot be made: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    async def is_held(self) -> bool:
        return self._descriptor is not None

    async def leave(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)
