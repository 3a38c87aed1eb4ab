"""The house: rules that imports alone cannot state (the import contract states the rest)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "bot").rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_lives_there(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


ROOMS = [path for path in MODULES if path.name == "__init__.py" and path.parent != ROOT / "bot"]


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_that_shows_its_files_shows_all_of_them(room: Path) -> None:
    shown = set(re.findall(r"\b(\w+)\.py\b", ast.get_docstring(tree_of(room)) or ""))
    files = {path.stem for path in room.parent.glob("*.py")} - {"__init__"}
    assert not shown or not files - shown


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_is_short_enough_to_hold_one_room(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    reads = [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not reads or name_of(path) == "bot/config.py"


# Alembic calls two functions of every migration; what they do is its module's docstring.
EXPLAINED_ABOVE = [path for path in MODULES if path.parent.name == "versions"]


@pytest.mark.parametrize(
    "path", [one for one in MODULES if one not in EXPLAINED_ABOVE], ids=name_of
)
def test_a_public_function_says_what_it_does(path: Path) -> None:
    silent = [
        node.name
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_importing_every_module_has_no_effect(tmp_path: Path) -> None:
    """No file is opened for writing, no log started, no thread left, nothing printed."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if path.name not in ("__init__.py", "__main__.py")
        and "versions" not in path.parts
        and path.name != "env.py"
    ]
    script = (
        "import importlib, logging, os, sys, threading\n"
        "before = dict(os.environ)\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        "assert not logging.getLogger().handlers, 'a log was started'\n"
        "assert threading.active_count() == 1, 'a thread was started'\n"
        "assert dict(os.environ) == before, 'the environment was changed'\n"
        "assert not os.listdir('.'), 'a file was written'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_file_of_the_repository_names_a_registry_or_a_token() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    marks = ("files.pythonhosted" + ".org", "/simp" + "le/", "index-" + "url")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in (".png", ".jpg") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        found += [name for mark in marks if mark in text and name != "tests/test_house.py"]
    assert found == []
