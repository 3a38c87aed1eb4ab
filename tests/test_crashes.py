"""A run of tests ends: with what hung named, and with a status that is not tried again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# As `make test` runs it, but for the time a test may take.
OPTIONS = [
    *("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
    *("--max-worker-restart", "0"),
]
PATIENCE = ["-o", "faulthandler_timeout=1", "-o", "faulthandler_exit_on_timeout=true"]


def run(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """A run of its own, with this repository's hooks and one test."""
    (folder / "conftest.py").write_text(
        "from tests.crashes import pytest_sessionfinish, pytest_testnodedown\n"
    )
    (folder / "test_one.py").write_text(test)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *OPTIONS, *PATIENCE, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )


@pytest.mark.parametrize("end", ["time.sleep(600)", "os._exit(1)"], ids=["hangs", "crashes"])
def test_a_test_that_hangs_or_crashes_is_named_and_ends_the_run(tmp_path: Path, end: str) -> None:
    done = run(tmp_path, f"import os, time\ndef test_this(): {end}\n")
    assert "crashed while running 'test_one.py::test_this'" in done.stdout
    assert done.returncode == pytest.ExitCode.INTERNAL_ERROR


def test_a_run_in_which_something_only_failed_may_be_tried_again(tmp_path: Path) -> None:
    assert run(tmp_path, "def test_this(): assert False\n").returncode == 1


def test_make_test_runs_so_and_tries_only_that_again() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"pytest {' '.join(OPTIONS)} || {{ [ $$? -eq 1 ] && " in makefile
