"""The nightly copy: made once a night, and kept for seven days and four weeks."""
# ruff: noqa: DTZ001 - a copy's name carries a local moment, without its zone

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import Store, check_backup
from bot.watch.alarms import Owner
from bot.watch.backups import file_for, folder_of, is_due, made_in, superfluous
from bot.watch.signs import Troubles
from bot.watch.watchman import Nightly, Watchman
from tests.clock import Clock
from tests.watch.conftest import ZONE

AT = time(3, 30)
FOLDER = Path("backups")
NIGHT = datetime(2026, 11, 24, 3, 30, tzinfo=ZoneInfo(ZONE))


def copies(*moments: datetime) -> dict[Path, datetime]:
    return {file_for(FOLDER, at): at for at in moments}


def nights(count: int) -> dict[Path, datetime]:
    """A copy a night, the last on Tuesday, 2026-11-24."""
    last = NIGHT.replace(tzinfo=None)
    return copies(*(last - timedelta(days=count - 1 - back) for back in range(count)))


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        ([], time(3, 29), False),
        ([], time(3, 30), True),
        ([datetime(2026, 11, 23, 3, 30)], time(3, 30), True),
        ([datetime(2026, 11, 24, 3, 30)], time(3, 31), False),
        ([datetime(2026, 11, 24, 2, 0)], time(9, 0), True),
    ],
)
def test_a_copy_is_due_from_its_hour_on_until_there_is_one(
    made: list[datetime], now: time, due: bool
) -> None:
    assert is_due(made, datetime.combine(NIGHT.date(), now, ZoneInfo(ZONE)), AT) is due


def test_seven_days_and_the_last_days_of_four_weeks_are_kept() -> None:
    made = nights(60)
    kept = sorted(made[file].date().isoformat() for file in set(made) - {*superfluous(made, 7, 4)})
    days = [f"2026-11-{day}" for day in range(18, 25)]
    assert kept == ["2026-11-08", "2026-11-15", *days]


def test_of_several_copies_of_a_day_the_newest_is_kept() -> None:
    made = copies(datetime(2026, 11, 24, 3, 30), datetime(2026, 11, 24, 17, 5))
    assert superfluous(made, 7, 4) == (file_for(FOLDER, datetime(2026, 11, 24, 3, 30)),)


@given(
    moments=st.lists(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
            lambda at: at.replace(microsecond=0)
        ),
        unique=True,
        min_size=1,
    ),
    daily=st.integers(1, 10),
    weekly=st.integers(0, 10),
)
def test_the_newest_copy_is_never_deleted_and_few_are_kept(
    moments: list[datetime], daily: int, weekly: int
) -> None:
    made = copies(*moments)
    gone = set(superfluous(made, daily, weekly))
    assert max(made, key=made.__getitem__) not in gone
    assert len(made) - len(gone) <= daily + weekly


@pytest.fixture
def watchman(store: Store, owner: Owner, clock: Clock, tmp_path: Path) -> Watchman:
    return Watchman(
        store,
        owner,
        Troubles(),
        data_dir=tmp_path / "data",
        zone=ZONE,
        nightly=Nightly(AT, daily=7, weekly=4),
        clock=clock,
    )


async def test_each_night_there_is_one_more_sound_copy(
    watchman: Watchman, clock: Clock, tmp_path: Path
) -> None:
    for _ in range(3):
        for _ in range(5):
            await watchman.round()
            clock.advance(minutes=1)
        clock.advance(days=1)
    made = made_in(folder_of(tmp_path / "data"))
    assert len(made) == 3
    assert all(check_backup(file) for file in made)


async def test_copies_with_names_of_their_own_are_left_alone(
    watchman: Watchman, clock: Clock, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "data")
    folder.mkdir(parents=True)
    (folder / "before-the-move.sqlite3").write_text("mine")
    for _ in range(20):
        await watchman.round()
        clock.advance(days=1)
    assert (folder / "before-the-move.sqlite3").exists()
    assert len(made_in(folder)) <= 11


async def test_a_copy_that_fails_is_told_to_the_owner_and_its_repair_too(
    store: Store, owner: Owner, clock: Clock, tmp_path: Path
) -> None:
    troubles = Troubles()
    watchman = Watchman(
        store,
        owner,
        troubles,
        data_dir=tmp_path / "data",
        zone=ZONE,
        nightly=Nightly(AT, daily=7, weekly=4),
        clock=clock,
    )
    folder = folder_of(tmp_path / "data")
    folder.write_text("a file in the way")
    with pytest.raises(NotADirectoryError):
        list(folder.iterdir())
    await watchman.round()
    (sign,) = troubles.signs()
    assert "studybot db backup" in sign.text
    folder.unlink()
    await watchman.round()
    assert troubles.signs() == ()
