"""`studybot doctor`: every finding says what it means and what to do, and no secret."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.config import Settings, read_settings
from bot.local.telegram import LocalTelegram
from bot.store import open_store
from bot.watch import doctor
from bot.watch.account import Account, examine_account
from bot.watch.findings import Finding, Verdict
from tests.bot_api_server import Fault, FaultKind, serving
from tests.clock import Clock
from tests.conftest import ROOT
from tests.postgresql_server import PostgresqlServer
from tests.watch.conftest import CHAT, subscribe

SEEN = "http://127.0.0.1:1/bot"  # nothing listens there


class Desk:
    """An operator's settings, and what the doctor says to them."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self.set(DATA_DIR=str(home / "data"), TELEGRAM__BASE_URL=SEEN)

    def set(self, **values: str) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(f"STUDYBOT_{name}", value)

    def use(self, telegram: LocalTelegram, url: str) -> None:
        self._monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.token)
        self.set(TELEGRAM__BASE_URL=url)

    @property
    def settings(self) -> Settings:
        return read_settings()

    def examine(self) -> dict[str, list[Finding]]:
        """The findings by what they are about."""
        found = asyncio.run(doctor.examine_all(self.settings, [ROOT / "corpus"]))
        return {
            about: [one for one in found if one.about == about]
            for about in {one.about for one in found}
        }

    def only(self, about: str) -> Finding:
        (finding,) = self.examine()[about]
        return finding

    def make_database(self) -> None:
        async def make() -> None:
            await (await open_store(self.settings.store_url)).close()

        asyncio.run(make())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command as an operator runs it."""
        return subprocess.run(
            [sys.executable, "-m", "bot", "doctor", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in [one for one in os.environ if one.startswith(("STUDYBOT_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    return Desk(tmp_path, monkeypatch)


@pytest.fixture
def telegram() -> LocalTelegram:
    return LocalTelegram(is_local_server=True)


@pytest.fixture
def connected(desk: Desk, telegram: LocalTelegram) -> Iterator[Desk]:
    """The desk of a bot whose Telegram can be reached."""
    with serving(telegram) as url:
        desk.use(telegram, url)
        yield desk


@contextmanager
def answering(**answers: Mapping[str, Any]) -> Iterator[str]:
    """A Bot API server that gives these results, whatever the token."""
    loop = asyncio.new_event_loop()

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": answers[request.match_info["method"]]})

    app = web.Application()
    app.router.add_get("/bot{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)  # it tells whole addresses

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port: int = runner.addresses[0][1]
        return port

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        yield f"http://127.0.0.1:{port}/bot"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def account_of(desk: Desk) -> dict[str, Finding]:
    examined: Account = asyncio.run(examine_account(desk.settings))
    return {one.about: one for one in examined.findings}


# --------------------------------------------------------------------------- the command


def test_a_bot_that_is_well_is_told_so_and_the_status_is_zero(connected: Desk) -> None:
    connected.make_database()
    done = connected.run()
    assert done.returncode == 0, done.stdout
    assert "ok     token" in done.stdout
    assert done.stdout.rstrip().endswith("0 wrong")


def test_with_json_a_program_gets_one_object(connected: Desk) -> None:
    record = json.loads(connected.run("--json").stdout)
    assert record["wrong"] is False
    assert {"about", "verdict", "found", "to_do"} == set(record["findings"][0])


def test_when_anything_is_wrong_the_status_is_one_and_it_says_what_to_do(desk: Desk) -> None:
    done = desk.run()
    assert done.returncode == 1
    assert "wrong  token" in done.stdout
    assert "-> get one from @BotFather" in done.stdout


def test_what_is_wrong_or_doubtful_always_says_what_to_do(desk: Desk) -> None:
    for finding in (one for every in desk.examine().values() for one in every):
        assert bool(finding.to_do) == (finding.verdict is not Verdict.OK), finding


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.NOT_JSON, FaultKind.STATUS])
def test_no_failure_tells_the_token(desk: Desk, telegram: LocalTelegram, kind: FaultKind) -> None:
    def fail(_method: str, _params: Mapping[str, Any], _before: int) -> Fault:
        return Fault(kind, status=502)

    with serving(telegram, fail) as url:
        desk.use(telegram, url)
        done = desk.run()
    assert done.returncode == 1
    assert telegram.token not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# --------------------------------------------------------------------------- at Telegram


def test_a_token_that_telegram_refuses_is_wrong(
    connected: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456789:" + "wrong" * 7)
    finding = connected.only("token")
    assert finding.verdict is Verdict.WRONG
    assert "@BotFather" in finding.to_do


def test_a_telegram_that_cannot_be_reached_is_wrong_and_nothing_due_is_lost(
    desk: Desk, telegram: LocalTelegram
) -> None:
    desk.use(telegram, SEEN)
    finding = desk.only("telegram")
    assert finding.verdict is Verdict.WRONG
    assert "cannot be reached" in finding.found
    assert "due pushes wait" in finding.to_do


def test_privacy_mode_switched_off_is_a_warning(desk: Desk) -> None:
    telegram = LocalTelegram(has_privacy_mode=False)
    with serving(telegram) as url:
        desk.use(telegram, url)
        finding = account_of(desk)["privacy mode"]
    assert finding.verdict is Verdict.WARN
    assert "/setprivacy" in finding.to_do


def test_rights_that_are_missing_are_named_with_botfathers_commands(
    desk: Desk, telegram: LocalTelegram
) -> None:
    with answering(getMe={"id": 1, "username": "studybot"}, getWebhookInfo={"url": ""}) as url:
        desk.use(telegram, url)
        found = account_of(desk)
    assert found["groups"].verdict is Verdict.WRONG
    assert "/setjoingroups" in found["groups"].to_do
    assert found["inline mode"].verdict is Verdict.WARN
    assert "/setinline" in found["inline mode"].to_do


def test_a_webhook_left_over_is_a_warning_to_one_that_polls(
    connected: Desk, telegram: LocalTelegram
) -> None:
    asyncio.run(telegram.call("setWebhook", {"url": "https://example.org/telegram"}))
    finding = account_of(connected)["updates"]
    assert finding.verdict is Verdict.WARN
    assert "settings say polling" in finding.found


def test_a_webhook_that_fails_is_wrong_and_tells_telegrams_words(
    desk: Desk, telegram: LocalTelegram
) -> None:
    desk.set(UPDATES="webhook", WEBHOOK__URL="https://example.org/telegram", LISTEN__PORT="8080")
    info = {
        "url": "https://example.org/telegram",
        "pending_update_count": 17,
        "last_error_date": int(datetime.now(UTC).timestamp()) - 30,
        "last_error_message": "Connection refused",
    }
    with answering(getMe={"id": 1}, getWebhookInfo=info) as url:
        desk.use(telegram, url)
        finding = account_of(desk)["updates"]
    assert finding.verdict is Verdict.WRONG
    assert "Connection refused; 17 updates wait" in finding.found


# ---------------------------------------------------------------------------- the owner


def owner_of(desk: Desk, owner_id: int) -> Finding:
    desk.set(OWNER_ID=str(owner_id))
    return desk.only("owner")


def test_an_owner_who_never_sent_start_hears_no_alarm(
    connected: Desk, telegram: LocalTelegram
) -> None:
    owner = telegram.user("老王")
    finding = owner_of(connected, owner.id)
    assert finding.verdict is Verdict.WRONG
    assert f"no alarm can reach {owner.id}: that account never sent the bot /start" in finding.found
    assert f"send @{telegram.bot.username} /start" in finding.to_do


def test_a_number_that_is_nobodys_hears_no_alarm(connected: Desk) -> None:
    finding = owner_of(connected, 424242)
    assert finding.verdict is Verdict.WRONG
    assert "chat not found" in finding.found
    assert "set owner_id" in finding.to_do


def test_an_owner_who_blocked_the_bot_hears_no_alarm(
    connected: Desk, telegram: LocalTelegram
) -> None:
    owner = telegram.user("老王")
    telegram.say(telegram.private(owner), owner, "/start")
    telegram.block(owner)
    finding = owner_of(connected, owner.id)
    assert finding.verdict is Verdict.WRONG
    assert "unblock it" in finding.to_do


def test_an_owner_who_sent_start_is_reached_and_reads_nothing_of_it(
    connected: Desk, telegram: LocalTelegram
) -> None:
    owner = telegram.user("老王")
    telegram.say(telegram.private(owner), owner, "/start")
    finding = owner_of(connected, owner.id)
    assert (finding.verdict, finding.found) == (Verdict.OK, f"alarms reach {owner.id}")
    assert telegram.sent(telegram.private(owner)) == []


def test_a_server_too_busy_to_say_is_no_fault_of_the_owners(
    desk: Desk, telegram: LocalTelegram
) -> None:
    def busy(method: str, _params: Mapping[str, Any], _before: int) -> Fault | None:
        return Fault(FaultKind.STATUS, status=502) if method == "sendChatAction" else None

    with serving(telegram, busy) as url:
        desk.use(telegram, url)
        finding = owner_of(desk, telegram.user("老王").id)
    assert finding.verdict is Verdict.WARN
    assert "does not say whether they arrive (Bad Gateway)" in finding.found


def test_without_telegram_nobody_knows_whether_alarms_arrive(desk: Desk) -> None:
    finding = owner_of(desk, 4711)
    assert finding.verdict is Verdict.WARN
    assert "Telegram was not asked" in finding.found


def test_the_clock_of_telegram_is_compared_with_this_one(connected: Desk) -> None:
    assert connected.only("this machine's clock") == Finding(
        "this machine's clock", Verdict.OK, "right"
    )


@pytest.mark.parametrize(
    ("seconds", "verdict", "found"),
    [
        (1.0, Verdict.OK, "right"),
        (-20.0, Verdict.WARN, "20 s slow"),
        (90.0, Verdict.WRONG, "90 s fast"),
    ],
)
def test_a_clock_is_judged_by_how_wrong_it_goes(
    seconds: float, verdict: Verdict, found: str
) -> None:
    finding = doctor._skew("clock", seconds)
    assert (finding.verdict, finding.found) == (verdict, found)


# ------------------------------------------------------------------------ on this machine


def test_a_database_that_is_not_there_yet_is_no_fault_and_is_not_made(desk: Desk) -> None:
    assert desk.only("database").verdict is Verdict.OK
    assert not (desk.home / "data").exists()


def test_a_database_in_order_is_told_with_engine_and_version(desk: Desk) -> None:
    desk.make_database()
    assert desk.only("database").found.startswith("SQLite 3.")
    assert desk.only("database's clock").found == "right"


def test_postgresql_is_examined_as_well(desk: Desk, postgresql: PostgresqlServer) -> None:
    desk.set(DATABASE_URL=postgresql.create_database())
    assert "studybot db upgrade" in desk.only("database").found
    desk.make_database()
    found = desk.examine()
    assert found["database"][0].found.startswith("PostgreSQL")
    assert found["backups"][0].verdict is Verdict.WARN


def test_a_database_of_a_newer_version_is_wrong(desk: Desk) -> None:
    desk.make_database()
    file = desk.home / "data" / "studybot.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    finding = desk.only("database")
    assert finding.verdict is Verdict.WRONG
    assert "install a newer studybot" in finding.found


def test_late_pushes_are_wrong(desk: Desk) -> None:
    async def subscribe_yesterday() -> None:
        store = await open_store(desk.settings.store_url)
        await subscribe(store, Clock(datetime(2026, 11, 1, tzinfo=UTC)), CHAT)
        await store.close()

    asyncio.run(subscribe_yesterday())
    finding = desk.only("pushes")
    assert finding.verdict is Verdict.WRONG
    assert finding.found.startswith("1 are late")


def test_a_corpus_with_mistakes_is_wrong_and_the_first_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "compilation.yaml").write_text("title: [", encoding="utf-8")
    finding = doctor._corpus([tmp_path / "broken"])
    assert finding.verdict is Verdict.WRONG
    assert "compilation.yaml:" in finding.found


@pytest.mark.parametrize(
    ("least", "few", "verdict"),
    [(0.0, 0.0, Verdict.OK), (0.0, 100.1, Verdict.WARN), (100.1, 100.1, Verdict.WRONG)],
)
def test_the_disk_is_judged_by_what_is_free(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, least: float, few: float, verdict: Verdict
) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_PERCENT", least)
    monkeypatch.setattr(doctor, "_FEW_FREE_PERCENT", few)
    assert desk.only("data directory").verdict is verdict


def test_backups_are_missed_until_there_is_one(desk: Desk) -> None:
    desk.make_database()
    assert desk.only("backups").verdict is Verdict.WARN
    done = subprocess.run(
        [sys.executable, "-m", "bot", "db", "backup"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "is backed up in" in done.stdout
    assert desk.only("backups").verdict is Verdict.OK


def test_time_zones_and_working_days_are_told_with_their_release(desk: Desk) -> None:
    found = desk.examine()
    assert "release 20" in found["time zones"][0].found
    assert found["working days"][0].found.startswith("known until 20")
