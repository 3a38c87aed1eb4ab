"""What "today" is, everybody reads off the store's clock: those who plan, and those who set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.app.service import wired
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import open_store
from bot.study.calendar import first_push_on, local_date
from tests.clock import Clock
from tests.postgresql_server import PostgresqlServer
from tests.serving.conftest import Files, Serving, settings_of

TWO_DAYS = timedelta(days=2)
# Before pg_catalog in the search path, it stands in for the server's clock.
AHEAD = """
CREATE FUNCTION public.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
AS 'SELECT pg_catalog.statement_timestamp() + interval ''2 days''';
"""
HIDE_THE_CLOCK = "ALTER DATABASE {} SET search_path TO public, pg_catalog"


@pytest.fixture
async def apart(files: Files, postgresql: PostgresqlServer) -> AsyncIterator[Serving]:
    """A bot on a machine whose clock is two days behind that of the database."""
    url = postgresql.create_database()
    await (await open_store(url)).close()
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        name = psycopg.sql.Identifier(connection.info.dbname)
        connection.execute(AHEAD)
        connection.execute(psycopg.sql.SQL(HIDE_THE_CLOCK).format(name))
    telegram = LocalTelegram(clock=lambda: datetime.now(UTC))
    owner, reader = telegram.user("管理员"), telegram.user("小王")
    async with (
        wired(
            settings_of(files, owner.id),
            token=telegram.token,
            requests=(LocalRequest(telegram), LocalRequest(telegram)),
            store_url=url,
        ) as studybot,
        studybot.application,
    ):
        yield Serving(studybot, telegram, Clock(datetime.now(UTC)), files, owner, reader)


async def test_a_subscription_begins_by_the_clock_that_delivers_it(apart: Serving) -> None:
    store = apart.studybot.store
    assert await store.now() > datetime.now(UTC) + TWO_DAYS - timedelta(minutes=1)
    await apart.say("/subscribe 08:00")
    subscription = await store.subscription(apart.reader.id)
    assert subscription is not None
    there = await store.now()
    assert subscription.first_on == first_push_on(subscription.push_at, subscription.zone, there)
    assert subscription.next_due_at is not None
    assert subscription.next_due_at > there


async def test_today_is_that_of_the_store(apart: Serving) -> None:
    await apart.say("/subscribe 08:00")
    today = local_date(await apart.studybot.store.now(), "Asia/Shanghai")
    assert f"{today.month}月{today.day}日" in (await apart.answer("/why")).text
