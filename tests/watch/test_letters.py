"""Letters to the owner are written in the language of the owner's private chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

from bot.model import ChatKind, Language
from bot.store import Store
from bot.watch.alarms import Owner
from bot.watch.signs import Troubles
from bot.watch.watchman import Nightly, Watchman
from tests.clock import Clock
from tests.watch.conftest import ZONE, Reader

OWNER_ID = 4711


async def owner_who_reads(store: Store, reader: Reader, clock: Clock, spoken: Language) -> Owner:
    met = await store.meet_chat(OWNER_ID, ChatKind.PRIVATE, "老王", ZONE)
    await store.save_chat(replace(met, language=spoken))
    return Owner(store, reader.send, ZONE, clock, OWNER_ID)


def watchman(store: Store, owner: Owner, clock: Clock, folder: Path) -> Watchman:
    troubles = Troubles()
    troubles.backup_failed("no room.")
    nightly = Nightly(time(3), 0, 0)
    return Watchman(
        store, owner, troubles, data_dir=folder, zone=ZONE, nightly=nightly, clock=clock
    )


async def test_an_alarm_comes_in_the_owners_language(
    store: Store, reader: Reader, clock: Clock, tmp_path: Path
) -> None:
    owner = await owner_who_reads(store, reader, clock, Language.ENGLISH)
    await watchman(store, owner, clock, tmp_path).round()
    (letter,) = reader.came
    assert letter.startswith("🗄 Last night’s backup of the database failed: no room. Once")


async def test_an_owner_who_never_wrote_reads_chinese(
    store: Store, reader: Reader, clock: Clock, tmp_path: Path
) -> None:
    owner = Owner(store, reader.send, ZONE, clock, OWNER_ID)
    await watchman(store, owner, clock, tmp_path).round()
    assert reader.came[0].startswith("🗄 昨夜的数据库备份没有做成")
