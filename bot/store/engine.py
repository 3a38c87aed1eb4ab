"""The database as the parts of the store see it: transactions that are retried, and a clock.

Here live addresses, connections, transactions, the retry of what passes and the
translation of the drivers' errors into StoreError. No table and no query stands here.

Safety on SQLite. "Nothing is sent before its intent is stored" must outlive a power cut,
so commits are flushed (`synchronous=FULL`; under NORMAL, WAL may lose the last ones). Two
kinds of transaction forgo the flush: taking a lease and taking a sending slot. Lost, the
row is due again and the slot free again, which harms nobody; and the flush that follows
before anything is sent makes them durable too, as a log is flushed from its beginning.

A transaction is plain, blocking code, and runs from its beginning to its end in a thread: one
errand for the event loop, which never waits for a disk. (A driver that crosses over to a
thread and back for every statement takes five times as long, and holds the lock as long.)
"""

from __future__ import annotations

import asyncio
import functools
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, StatementError

from bot.errors import StoreError
from bot.store.columns import DatabaseNow, UtcMoment

_SQLITE_READERS = 3
_ROWS_AT_ONCE = 1000  # in one statement: more would be too many parameters
_POSTGRESQL_CONNECTIONS = 16
# Parameters of libpq, unless the address has its own. An end that went silent is given up
# within half a minute; by the system's usual settings that takes two hours.
_POSTGRESQL_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
_HURRIED = timedelta(milliseconds=500)
_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 1.0

# SQLSTATEs (PostgreSQL, appendix A) of what passes: serialization failure and deadlock, then
# by class: connection exceptions, insufficient resources, operator intervention (a restart).
_PASSING_STATES = ("40001", "40P01")
_PASSING_CLASSES = ("08", "53", "57")
_DISK_FULL = "53100"

_WRITES = "studybot_writes"
_FLUSHED = "flushed"
_UNFLUSHED = "unflushed"
_WAITS = "studybot_waits"

P = ParamSpec("P")
T = TypeVar("T")
Upsert = sqlite.Insert | postgresql.Insert
Work = Callable[[Connection], T]


@dataclass(slots=True)
class _Patience:
    """How long a database that is locked or away is waited for."""

    length: timedelta


class Database:
    """One database of either kind. Made by `connect`; belongs to one event loop."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] | None, patience: _Patience
    ) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._clock = clock
        self._patience = patience
        self._moment = select(self.now())
        if self.is_sqlite:
            # SQLite has one writer. Waiting for it in this thread's line is fair and at once;
            # SQLite's own waiting, which other processes still need, sleeps and has no order.
            self._writing = ThreadPoolExecutor(1, "sqlite-writer")
            self._reading = ThreadPoolExecutor(_SQLITE_READERS, "sqlite-reader")
        else:
            self._writing = ThreadPoolExecutor(_POSTGRESQL_CONNECTIONS, "postgresql")
            self._reading = self._writing

    @property
    def postgresql_address(self) -> str:
        """The address for who asks psycopg directly, with the password that is in it."""
        address = self.engine.url.set(drivername="postgresql")
        return address.render_as_string(hide_password=False)

    def now(self, plus: timedelta = timedelta()) -> ColumnElement[datetime]:
        """The moment now, and `plus`, as an expression: the given clock's or the database's.

        Of the moment at which a statement is executed, so it can be built long before.
        """
        clock = self._clock
        if clock is None:
            return DatabaseNow(plus)
        return bindparam(None, callable_=lambda: clock() + plus, type_=UtcMoment(), unique=True)

    def moment(self, connection: Connection) -> datetime:
        """The moment now on that clock, as a value, read within a transaction."""
        moment = connection.scalar(self._moment)
        assert isinstance(moment, datetime)
        return moment

    async def read(self, work: Work[T]) -> T:
        """Do `work` in one transaction that only reads."""

        def transaction() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        return await self._persist(lambda: _uncut(self._reading, transaction))

    async def write(self, work: Work[T], *, flushed: bool = True) -> T:
        """Do `work` in one writing transaction. It may be done again, so it must bear that.

        A commit whose answer was lost counts as failed and is repeated: every method of
        the store is written so that a second time changes nothing or does no harm.
        """
        options = {_WRITES: _FLUSHED if flushed else _UNFLUSHED}

        def transaction() -> T:
            connecting = self.engine.connect().execution_options(**options)
            with connecting as connection, connection.begin():
                return work(connection)

        return await self._persist(lambda: _uncut(self._writing, transaction))

    def hurry(self) -> None:
        """From now on wait but a moment for a database that is away.

        What is waiting already may still wait as long as it would have.
        """
        self._patience.length = min(self._patience.length, _HURRIED)

    async def close(self) -> None:
        """Let what is under way end, and close every connection."""
        for threads in {self._reading, self._writing}:
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
        await asyncio.to_thread(self.engine.dispose)

    async def _persist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try until it works, fails for good, or patience ends. Raises StoreError."""
        began_at = time.monotonic()
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return await attempt()
            except DBAPIError as error:
                waited = timedelta(seconds=time.monotonic() + pause - began_at)
                if not _will_pass(error) or waited > self._patience.length:
                    raise StoreError(_sentence(error)) from error
            except StatementError as error:
                # A value that its column refuses (a moment without a zone) is the caller's.
                raise (error.orig or error) from error
            jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, hides nothing
            await asyncio.sleep(pause * jitter)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


async def _uncut(threads: Executor, transaction: Callable[[], T]) -> T:
    """Run it in one of the threads to its end, and only then be cancelled.

    One that has not begun yet never does. Raises StoreError once the database is closed.
    """
    try:
        running = threads.submit(transaction)
    except RuntimeError as error:
        raise StoreError("The database is closed.") from error
    try:
        return await asyncio.shield(asyncio.wrap_future(running))
    except asyncio.CancelledError:
        if not running.cancel():
            await asyncio.wait({asyncio.wrap_future(running)})
        raise


class Part:
    """One subject's share of the store. Its public methods are one transaction each."""

    def __init__(self, database: Database) -> None:
        self._database = database


S = TypeVar("S", bound=Part)
Method = Callable[Concatenate[S, Connection, P], T]
Wrapped = Callable[Concatenate[S, P], Coroutine[Any, Any, T]]


def reads(method: Method[S, P, T]) -> Wrapped[S, P, T]:
    """Make of a method on a connection one that opens its own reading transaction."""

    @functools.wraps(method)
    async def wrapped(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.read(
            lambda connection: method(self, connection, *args, **kwargs)
        )

    return wrapped


def writes(method: Method[S, P, T]) -> Wrapped[S, P, T]:
    """The same with a writing transaction, on the disk when the method returns."""

    @functools.wraps(method)
    async def wrapped(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.write(
            lambda connection: method(self, connection, *args, **kwargs)
        )

    return wrapped


def writes_unflushed(method: Method[S, P, T]) -> Wrapped[S, P, T]:
    """The same for what a power cut may undo without harm."""

    @functools.wraps(method)
    async def wrapped(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.write(
            lambda connection: method(self, connection, *args, **kwargs), flushed=False
        )

    return wrapped


def insert(connection: Connection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT, in the connection's dialect."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def add_new(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str] = (),
) -> int:
    """Insert the rows that are not there, by the table's primary key or `key`; how many."""
    added = 0
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        done = connection.execute(
            insert(connection, table)
            .values(list(rows[start : start + _ROWS_AT_ONCE]))
            .on_conflict_do_nothing(
                index_elements=list(key) or [column.name for column in table.primary_key]
            )
            .returning(next(iter(table.primary_key)))
        )
        added += len(done.all())
    return added


def connect(url: str, clock: Callable[[], datetime] | None, patience: timedelta) -> Database:
    """The database at `url`: `sqlite:///path` or `postgresql://user@host/name`.

    Nothing is opened yet, except that the folder of a SQLite file is made. Raises StoreError
    when the address is of neither kind, or the PostgreSQL driver is not installed.
    """
    address = address_of(url)
    waits = _Patience(patience)
    if address.get_backend_name() == "sqlite":
        return Database(_sqlite_engine(address, waits), clock, waits)
    return Database(_postgresql_engine(address), clock, waits)


def address_of(url: str) -> URL:
    """`url` with the drivers we use. Its text stands in no error: it may hold a password.

    Raises StoreError for what is neither SQLite in a file nor PostgreSQL.
    """
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "The database's address cannot be read; expected sqlite:///path or postgresql://…"
        ) from error
    if backend == "sqlite":
        if address.database in (None, "", ":memory:"):
            raise StoreError("SQLite needs a file; expected an address like sqlite:///data/bot.db.")
        return address.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise StoreError(f"{backend} is no database for studybot; expected sqlite or postgresql.")


def _sqlite_engine(address: URL, patience: _Patience) -> Engine:
    assert address.database is not None
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The database's folder cannot be made: {error.strerror}.") from error
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=1 + _SQLITE_READERS,
        max_overflow=0,
        # Every transaction is ended by us, so there is nothing to roll back at its return.
        pool_reset_on_return=None,
        connect_args={"timeout": patience.length.total_seconds()},
    )

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: DBAPIConnection, _record: object) -> None:
        # Transactions are begun by us alone (below), not by the driver at the first write.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITES)
        if writing is None:
            connection.exec_driver_sql("BEGIN")
            return
        flush = "FULL" if writing == _FLUSHED else "NORMAL"
        if connection.info.get(_WRITES) != flush:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA synchronous = {flush}")
            connection.info[_WRITES] = flush
        if connection.info.get(_WAITS) != patience.length:
            busy = f"PRAGMA busy_timeout = {patience.length // timedelta(milliseconds=1)}"
            connection.exec_driver_sql(busy)
            connection.info[_WAITS] = patience.length
        # IMMEDIATE: a transaction that reads first and then finds another writer ahead
        # of it could not go on; this one waits before it reads.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(address: URL) -> Engine:
    address = address.set(query={**_POSTGRESQL_PATIENCE, **address.query})
    try:
        engine = create_engine(
            address, hide_parameters=True, pool_size=_POSTGRESQL_CONNECTIONS, max_overflow=0
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            "PostgreSQL needs its driver; install it with: pip install 'studybot[postgresql]'"
        ) from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES) == _UNFLUSHED:
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")

    return engine


def _will_pass(error: DBAPIError) -> bool:
    """True when the same may work a moment later: locked, in conflict, or disconnected."""
    if error.connection_invalidated:
        return True
    name = getattr(error.orig, "sqlite_errorname", "")
    if name:
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # PostgreSQL: no server answered at all
        return type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")
    return state != _DISK_FULL and (state in _PASSING_STATES or state.startswith(_PASSING_CLASSES))


def _sentence(error: DBAPIError) -> str:
    """What is wrong, in one sentence, without the statement and its values."""
    name = getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "The database is locked by another program and did not come free in time."
    if name.startswith("SQLITE_CANTOPEN"):
        return "The database file cannot be opened; check that its folder may be written to."
    if name.startswith("SQLITE_NOTADB"):
        return "The database file is not a SQLite database."
    if name.startswith("SQLITE_FULL") or getattr(error.orig, "sqlstate", None) == _DISK_FULL:
        return "The disk that holds the database is full."
    said = " ".join(str(error.orig).split())
    if _will_pass(error):
        return f"The database cannot be reached: {said}"
    return f"The database refused: {said}"
