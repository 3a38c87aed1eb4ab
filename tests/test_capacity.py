"""docs/capacity.md: its commands are those that make its tables, and what costs money is said."""

from __future__ import annotations

import re
from math import nextafter

import pytest

from bot.model import Pace
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"python -m benchmarks\.(\w+) ?([^`]*)`", TEXT)
FREE_PER_SECOND = 30


@pytest.mark.parametrize(("benchmark", "options"), COMMANDS)
def test_a_benchmark_that_is_shown_has_the_options_that_are_shown(
    benchmark: str, options: str
) -> None:
    program = (ROOT / "benchmarks" / f"{benchmark}.py").read_text(encoding="utf-8")
    assert all(f'"{option}"' in program for option in re.findall(r"--[a-z-]+", options))


def test_the_table_with_aiogram_is_made_by_a_command_that_has_it() -> None:
    assert "| aiogram | " in TEXT
    assert "--aiogram-python" in dict(COMMANDS)["send"]


def test_as_many_kills_are_told_as_the_command_makes() -> None:
    (only,) = [options for _, options in COMMANDS if "--only sqlite" in options]
    kills, rounds = (int(re.findall(rf"--{each} (\d+)", only)[0]) for each in ("kills", "rounds"))
    assert f"| one process on SQLite | {kills * rounds} |" in TEXT


def test_where_it_begins_to_cost_money_is_said_beside_the_setting() -> None:
    settings = (ROOT / "config" / "studybot.yaml").read_text(encoding="utf-8")
    (comment,) = re.findall(r"((?:  #.*\n)+)  overall_per_second:", settings)
    assert not Pace(overall_per_second=FREE_PER_SECOND).is_paid
    assert Pace(overall_per_second=nextafter(FREE_PER_SECOND, 31)).is_paid
    assert f"ABOVE {FREE_PER_SECOND} IT COSTS MONEY" in comment
    assert (
        f"`pacing.overall_per_second` above {FREE_PER_SECOND} every push is sent as a paid" in TEXT
    )
