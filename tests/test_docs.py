"""The READMEs: every command in them runs, and what they show is what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.chat.register import commands
from tests.conftest import ROOT

READMES = ("README.md", "README.zh-CN.md")
_BLOCK = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:studybot|make) [^`]+)`")

# Shown with arguments that stand for the reader's own; with what they are run here instead.
_STANDING_FOR = {
    "studybot search QUERY": "studybot search 因地制宜",
    "studybot why CHAT DATE": "studybot why -1001234567890 2026-11-23",
    "studybot preview CHAT --days 30": "studybot preview -1001234567890 --days 30",
    "studybot chat --svg docs/chat.svg": "studybot chat --svg chat.svg",
    "studybot import FILE": f"studybot import {ROOT}/tests/importing/second.md",
}
# What ends otherwise than with 0 here, and what it then says.
_REFUSALS = {
    'studybot search "2024年2月30日"': (2, "2024年2月29日"),
    "studybot run": (1, "@BotFather"),
    "TELEGRAM_BOT_TOKEN_FILE=token.txt studybot run": (1, "TELEGRAM_BOT_TOKEN_FILE"),
    "studybot why CHAT DATE": (1, "-1001234567890"),
    "studybot preview CHAT --days 30": (1, "-1001234567890"),
    "studybot doctor": (1, ""),  # there is no token; what it finds is on standard output
    "studybot db restore FILE": (1, "There is no file FILE"),
    "studybot reload": (1, "no studybot is running"),
}
_NEEDS_A_DATABASE = ("studybot why", "studybot preview", "studybot db backup")


@dataclass(frozen=True)
class Shown:
    """A command in a README, and the output printed under it (empty: none is)."""

    command: str
    output: str

    def __str__(self) -> str:
        return self.command


def shown_in(readme: str) -> list[Shown]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.findall(text):
        for piece in re.split(r"^ *\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = piece.partition("\n")
            found.append(Shown(command, output))
    found += [Shown(command, "") for command in _INLINE.findall(_BLOCK.sub("", text))]
    return found


EVERY = {str(one): one for readme in READMES for one in shown_in(readme)}
PROGRAMS = [one for name, one in EVERY.items() if not name.startswith("make ")]
TARGETS = sorted(name for name in EVERY if name.startswith("make "))


def run(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, with a data directory of the test's own."""
    words = shlex.split(_STANDING_FOR.get(command, command))
    given = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        given[name] = value
    assert words.pop(0) == "studybot"
    environment = {"PATH": os.environ["PATH"], "STUDYBOT_DATA_DIR": str(home / "data"), **given}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


@pytest.mark.parametrize("shown", PROGRAMS, ids=str)
def test_a_command_that_is_shown_does_what_is_shown(shown: Shown, tmp_path: Path) -> None:
    if shown.command.startswith(_NEEDS_A_DATABASE):
        run("studybot db upgrade", tmp_path)
    done = run(shown.command, tmp_path)
    status, said = _REFUSALS.get(shown.command, (0, ""))
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if shown.output:
        assert (done.stdout + done.stderr).rstrip() == shown.output.rstrip()


@pytest.mark.parametrize("command", TARGETS)
def test_a_make_target_that_is_shown_exists(command: str) -> None:
    target = command.split()[1]
    listed = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", listed, re.MULTILINE)


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (set(map(str, shown_in(readme))) for readme in READMES)
    assert english == chinese


LIMIT = "timeout --kill-after=60 45m "


def test_continuous_integration_runs_only_what_the_readme_names() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    ran = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert [line.removeprefix(LIMIT) for line in ran] == ["make test"]


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_menu_is_explained(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    menu = {command.command for _, every in commands() for command in every}
    missing = {name for name in menu if f"`/{name}" not in text} - {"start", "help"}
    assert missing == set()


@pytest.mark.parametrize("readme", READMES)
def test_every_local_link_leads_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links
    assert all((ROOT / link).exists() for link in links)


@pytest.mark.parametrize("readme", READMES)
def test_the_systemd_unit_sets_what_there_is_to_set(readme: str, tmp_path: Path) -> None:
    (unit,) = re.findall(
        r"```ini\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL
    )
    given = dict(re.findall(r"^Environment=(\w+)=(\S+)$", unit, re.MULTILINE))
    assert given["TELEGRAM_BOT_TOKEN_FILE"] == "%d/token"
    (tmp_path / "token").write_text("123456789:" + "AbCdEfGhIj" * 3 + "KlMn_")
    words = [f"{name}={value.replace('%d', str(tmp_path))}" for name, value in given.items()]
    done = run(" ".join([*words, "studybot config"]), tmp_path)
    assert done.returncode == 0, done.stderr


def test_both_readmes_show_the_same_systemd_unit() -> None:
    units = [
        re.findall(r"```ini\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
        for readme in READMES
    ]
    assert units[0] == units[1]
