"""Column types: how values of the model stand in SQLite and in PostgreSQL.

Here live type decorators and the expression for the database's own clock, and nothing
about any table. A value goes in and comes out the same on both engines.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Float, Integer, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite numbers rows by itself only where the column is called INTEGER; it is 64 bits wide there.
ROW_ID = BigInteger().with_variant(Integer, "sqlite")

_WORD_LENGTH = 32  # of the longest member of any enumeration, with room to grow


class UtcMoment(TypeDecorator[datetime]):
    """An aware datetime in UTC, to the microsecond.

    `timestamp with time zone` in PostgreSQL; in SQLite text of one width
    (`2026-11-24T05:03:00.000000Z`), so that comparing text compares moments and a person
    with a SQL shell can read it. A naive datetime is refused with ValueError.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; moments are aware and in UTC")
        in_utc = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        return in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


Member = TypeVar("Member", bound=StrEnum)


class Word(TypeDecorator[Member], Generic[Member]):
    """A member of a `StrEnum`, stored as its word; a word that is none raises ValueError."""

    impl = String(_WORD_LENGTH)
    cache_ok = True

    def __init__(self, members: type[Member]) -> None:
        super().__init__(_WORD_LENGTH)
        self.members = members

    def process_bind_param(self, value: Member | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Member | None:
        return None if value is None else self.members(value)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of ISO weekday numbers as their digits in order: `135` is Monday, Wednesday, Friday."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str | None:
        return None if value is None else "".join(map(str, sorted(value)))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[int] | None:
        return None if value is None else frozenset(map(int, value))


class Seconds(TypeDecorator[timedelta]):
    """A duration in whole seconds."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value.total_seconds())

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


class DatabaseNow(FunctionElement[datetime]):
    """The moment on the database's clock, plus a duration; the same within one statement."""

    type = UtcMoment()
    inherit_cache = True

    def __init__(self, plus: timedelta = timedelta()) -> None:
        super().__init__(literal(plus.total_seconds(), Float()))


# statement_timestamp() and not clock_timestamp(): only what is stable within a statement
# may be looked up in an index.
@compiles(DatabaseNow, "postgresql")
def _now_in_postgresql(element: DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:
    plus = compiler.process(element.clauses, **options)
    return f"(statement_timestamp() + ({plus}) * interval '1 second')"


@compiles(DatabaseNow, "sqlite")
def _now_in_sqlite(element: DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:
    plus = compiler.process(element.clauses, **options)
    # SQLite knows milliseconds; the zeros make the width that of a stored moment.
    return f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', ({plus}) || ' seconds')"
