"""Health and metrics: what a supervisor and Prometheus are told about a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.app.listener import Listener
from bot.delivery.plan import tick
from bot.errors import StoreError
from bot.model import Cause, Choice, Delivery, SkipReason, State
from bot.store import Store
from bot.watch.health import Health, examine
from bot.watch.metrics import Metrics
from bot.watch.routes import routes
from tests.clock import Clock
from tests.faults.conftest import full_disk
from tests.ledger import begin
from tests.watch.conftest import subscribe


@pytest.fixture
def metrics(clock: Clock) -> Metrics:
    return Metrics(clock)


class Complaints:
    """What is wrong with the parts that a test stands for."""

    corpus = ""
    updates = ""


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
async def address(store: Store, metrics: Metrics, complaints: Complaints) -> AsyncIterator[str]:
    async def health() -> Health:
        return await examine(
            store, corpus=lambda: complaints.corpus, updates=lambda: complaints.updates
        )

    listener = Listener("127.0.0.1", 0)
    listener.add_routes(routes(store, metrics, health))
    await listener.start()
    yield f"http://127.0.0.1:{listener.port}"
    await listener.stop()


async def get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


async def samples(address: str) -> dict[str, float]:
    """Every sample by its name and labels, such as `name{state="due"}`."""
    _, text = await get(f"{address}/metrics")
    return {
        sample.name
        + ("{" + ",".join(f'{k}="{v}"' for k, v in sample.labels.items()) + "}")
        * bool(sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def claimed(store: Store, clock: Clock) -> Delivery:
    """A row that was planned and claimed."""
    await subscribe(store, clock)
    assert await tick(store)
    (row,) = await store.claim("one", 1, timedelta(minutes=1))
    return row


# -------------------------------------------------------------------------------- health


async def test_a_process_is_ready_when_all_is_well(address: str, store: Store) -> None:
    await store.note_tick()
    async with aiohttp.ClientSession() as session, session.get(f"{address}/healthz") as response:
        record = await response.json()
    assert response.status == 200
    assert record["ready"] is True
    assert record["late_pushes"] == 0
    assert record["version"] == __version__
    assert set(record["checks"].values()) == {"ok"}


async def test_a_tick_two_minutes_old_makes_it_unready(
    address: str, store: Store, clock: Clock
) -> None:
    await store.note_tick()
    clock.advance(minutes=1, seconds=59)
    assert (await get(f"{address}/healthz"))[0] == 200
    clock.advance(seconds=2)
    status, text = await get(f"{address}/healthz")
    assert status == 503
    assert "the last was 121 s ago" in text


async def test_a_full_disk_makes_it_unready_though_the_database_can_be_read(
    address: str, store: Store, clock: Clock, tmp_path: Path
) -> None:
    await store.note_tick()
    clock.advance(minutes=2, seconds=15)
    with full_disk(tmp_path / "data" / "studybot.sqlite3"):
        with pytest.raises(StoreError):
            await tick(store)
        status, text = await get(f"{address}/healthz")
    assert status == 503
    assert '"database": "ok", "tick": "the last was 135 s ago"' in text


@pytest.mark.parametrize("part", ["corpus", "updates"])
async def test_a_part_that_is_not_well_makes_it_unready(
    address: str, store: Store, complaints: Complaints, part: str
) -> None:
    await store.note_tick()
    setattr(complaints, part, "it is gone")
    status, text = await get(f"{address}/healthz")
    assert status == 503
    assert f'"{part}": "it is gone"' in text


async def test_late_pushes_are_counted_and_do_not_make_it_unready(
    address: str, store: Store, clock: Clock
) -> None:
    await claimed(store, clock)
    clock.advance(minutes=6)
    await store.note_tick()
    status, text = await get(f"{address}/healthz")
    assert status == 200
    assert '"late_pushes": 1' in text
    assert '"oldest_late_due_at": "2026-11-24T00:00:00+00:00"' in text


async def test_a_database_that_cannot_be_used_makes_it_unready(store: Store) -> None:
    with store._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE facts")
    health = await examine(store, corpus=str, updates=str)
    assert not health.is_ready
    assert "facts" in health.checks["database"]


# ------------------------------------------------------------------------------- metrics


async def test_what_is_sent_is_counted_with_its_lateness(
    address: str, store: Store, metrics: Metrics, clock: Clock
) -> None:
    row = await claimed(store, clock)
    clock.advance(seconds=4)
    metrics.settled(row, State.SENT, "")
    found = await samples(address)
    assert found["studybot_deliveries_sent_total"] == 1
    assert found["studybot_delivery_lateness_seconds_sum"] == 4
    assert found['studybot_delivery_lateness_seconds_bucket{le="2.0"}'] == 0
    assert found['studybot_delivery_lateness_seconds_bucket{le="5.0"}'] == 1


async def test_retries_and_the_dead_are_counted_by_cause_without_its_detail(
    address: str, store: Store, metrics: Metrics, clock: Clock
) -> None:
    row = await claimed(store, clock)
    metrics.settled(row, State.RETRY, Cause.IN_DOUBT.of("no reply in time"))
    metrics.settled(row, State.RETRY, Cause.THROTTLED)
    metrics.settled(row, State.DEAD, Cause.REJECTED.of("message is too long"))
    metrics.settled(row, State.SKIPPED, "something nobody foresaw")
    found = await samples(address)
    assert found['studybot_deliveries_retried_total{cause="in doubt"}'] == 1
    assert found['studybot_deliveries_retried_total{cause="throttled"}'] == 1
    assert found["studybot_deliveries_in_doubt_total"] == 1
    assert found['studybot_deliveries_dead_total{cause="rejected"}'] == 1
    assert found['studybot_deliveries_skipped_total{cause="other"}'] == 1


async def test_each_cause_has_a_sample_before_its_first_event(address: str) -> None:
    found = await samples(address)
    for count in ("retried", "dead", "skipped"):
        for cause in (*Cause, "other"):
            assert found[f'studybot_deliveries_{count}_total{{cause="{cause}"}}'] == 0
    assert found[f'studybot_deliveries_skipped_total{{cause="{SkipReason.TOO_LATE}"}}'] == 0


async def test_a_doubt_is_counted_whether_it_is_tried_again_or_given_up(
    address: str, store: Store, metrics: Metrics, clock: Clock
) -> None:
    row = await claimed(store, clock)
    metrics.settled(row, State.RETRY, Cause.IN_DOUBT.of("no reply in time"))
    metrics.settled(row, State.DEAD, Cause.IN_DOUBT.of("no reply in time"))
    assert (await samples(address))["studybot_deliveries_in_doubt_total"] == 2


async def test_open_rows_in_doubt_are_told_of_all_processes(
    address: str, store: Store, clock: Clock
) -> None:
    row = await claimed(store, clock)
    assert (await samples(address))["studybot_deliveries_open_in_doubt"] == 0
    await begin(store, row, Choice())
    clock.advance(minutes=2)
    await store.claim("another", 1, timedelta(minutes=1))
    assert (await samples(address))["studybot_deliveries_open_in_doubt"] == 1


async def test_a_tick_tells_how_many_came_due_and_how_long_it_took(
    address: str, store: Store, metrics: Metrics, clock: Clock
) -> None:
    await subscribe(store, clock)
    await tick(store, observer=metrics)
    found = await samples(address)
    assert found["studybot_deliveries_due_total"] == 1
    assert found["studybot_tick_seconds_count"] == 1
    assert 0 < found["studybot_tick_seconds_sum"] < 10


async def test_open_rows_are_told_by_state_and_late_ones_counted(
    address: str, store: Store, clock: Clock
) -> None:
    await claimed(store, clock)
    clock.advance(minutes=6)
    found = await samples(address)
    assert found['studybot_deliveries_open{state="claimed"}'] == 1
    assert found['studybot_deliveries_open{state="due"}'] == 0
    assert found["studybot_pushes_late"] == 1


async def test_questions_and_the_build_are_told(address: str, metrics: Metrics) -> None:
    metrics.answered(0.004)
    found = await samples(address)
    assert found["studybot_query_seconds_count"] == 1
    assert any(name.startswith("studybot_build_info") and __version__ in name for name in found)


def test_two_processes_share_no_counters() -> None:
    one, other = Metrics(), Metrics()
    one.answered(1)
    assert other.registry.get_sample_value("studybot_query_seconds_count") == 0
