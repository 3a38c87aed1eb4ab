"""A run in which a worker process died is no run: what it had not come to was never tried.

Here live pytest's hooks for that (imported by `conftest`). A worker also dies when a test of it
hangs: pyproject.toml says how long a test may take. Its tests that were left are not run by
anybody, so the whole run ends with a status of its own, and `make test` does not pass when what
failed passes alone.
"""

from __future__ import annotations

import pytest

_DIED = pytest.StashKey[bool]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object | None) -> None:
    """Remember, in the process that gathers the results, that a worker ended with an error."""
    if error:
        config: pytest.Config = node.config  # type: ignore[attr-defined]
        config.stash[_DIED] = True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End with the status of an internal error after that, whatever else failed."""
    if session.config.stash.get(_DIED, False):
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
