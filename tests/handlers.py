"""What our own code catches is shown to the watch over the run: an error swallowed is seen too.

Python tells nobody of an exception that somebody catches, and tracing every call to learn of it
is too slow. So `bot`, `tests` and `benchmarks` are compiled with one more statement at the head
of each `except` clause, which shows what was caught; `contextlib.suppress` and `pytest.raises`,
which catch for others, are wrapped. What a library catches from itself is not seen.

Here live that compiling and where it is put in. Of what is shown the caller decides.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any
from zlib import crc32

import pytest
from _pytest.assertion import rewrite

# Given what was caught, and the name of the module that did.
Look = Callable[[BaseException, str], None]

_OURS = ("bot", "tests", "benchmarks")
_CAUGHT = f"__import__('sys').modules[{__name__!r}].caught(__name__)"
_looks: list[Look] = []


def caught(by: str) -> None:
    """Show what is being handled where this is called; each `except` clause of ours begins so."""
    error = sys.exception()
    assert error is not None
    _show(error, by)


def _show(error: BaseException, by: str) -> None:
    for look in _looks:
        look(error, by)


def show_what_is_caught(look: Look) -> None:
    """From now on; of modules that are imported later, and once in a process."""
    assert not _looks, "what is caught is shown already"
    _looks.append(look)
    # Behind pytest's own finder, which takes the test files: those are told of below.
    sys.meta_path.insert(sys.meta_path.index(PathFinder), _Finder())
    _tell_of_test_files()
    for catcher in (contextlib.suppress, pytest.RaisesExc):
        _wrap_exit(catcher)


def instrument(tree: ast.AST) -> None:
    """Begin every `except` clause in this tree by showing what it caught."""
    for clause in ast.walk(tree):
        if isinstance(clause, ast.ExceptHandler):
            (statement,) = ast.parse(_CAUGHT).body
            for part in ast.walk(statement):
                ast.copy_location(part, clause)
            clause.body.insert(0, statement)


class _Loader(SourceFileLoader):
    """Compiles a module of ours anew: what is cached beside it is for runs without a watch."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), filename=path)
        instrument(tree)
        return compile(tree, path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in _OURS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def _tell_of_test_files() -> None:
    """pytest compiles these itself, to explain what is asserted, and caches the outcome."""
    plain: Callable[..., None] = rewrite.rewrite_asserts

    @functools.wraps(plain)
    def watched(tree: ast.Module, source: bytes, path: str, *rest: Any) -> None:
        if "site-packages" not in path:  # plugins are compiled by it too
            instrument(tree)
        plain(tree, source, path, *rest)

    setattr(rewrite, "rewrite_asserts", watched)  # noqa: B010 - mypy forbids to assign it
    rewrite.PYC_TAIL = f".{rewrite.PYTEST_TAG}-{crc32(_CAUGHT.encode()):x}{rewrite.PYC_EXT}"


def _wrap_exit(catcher: type[Any]) -> None:
    plain = catcher.__exit__

    @functools.wraps(plain)
    def watched(self: Any, kind: Any, error: BaseException | None, trace: Any) -> Any:
        if error is not None:
            _show(error, catcher.__module__)
        return plain(self, kind, error, trace)

    setattr(catcher, "__exit__", watched)  # noqa: B010 - mypy forbids to assign it
