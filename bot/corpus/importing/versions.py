"""Compilations in the data directory: written beside, switched at once, the one before kept.

    <data>/corpus/
      2026-05-x -> .versions/2026-05-x/2/2026-05-x     in force: a link
      .versions/2026-05-x/1/2026-05-x/                 the version before
      .versions/2026-05-x/2/2026-05-x/

The loader follows the link and ignores names that begin with a dot. Switching is one rename of
a link over another, so that at every moment one version, whole, is in force; going back is
the same. A compilation in the data directory replaces one of the same id that stands in
another directory of the corpus (`directories_in_force`): that is how an import adds to
what a repository ships.

Nothing is known here of booklets. Whether files make a good corpus is for the caller's check.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.corpus.compilation import COMPILATION_FILE
from bot.errors import CorpusError, Mistake, StudybotError

KEPT_VERSIONS = 5

_VERSIONS = ".versions"

Check = Callable[[Path], Sequence[Mistake]]


class NoSuchVersionError(StudybotError):
    """There is no version to go back to."""


def directories_in_force(directories: Sequence[Path], own: Path) -> tuple[Path, ...]:
    """The directories to load: `directories`, and `own` with the imported compilations.

    Where `own` has a compilation of the same id as one in `directories`, that one is left out.
    `own` is left out while it is not there or has no compilation.
    """
    imported = {path.name for path in _compilations(own)}
    if not imported:
        return tuple(directories)
    united: list[Path] = []
    for directory in directories:
        inside = _compilations(directory)
        replaced = [path for path in inside if path.resolve().name in imported]
        if replaced:
            united += [path for path in inside if path not in replaced]
        else:
            united.append(directory)
    return (*united, own)


def _compilations(directory: Path) -> list[Path]:
    """The directory itself when it is a compilation, else those in it."""
    try:
        if (directory / COMPILATION_FILE).exists():
            return [directory]
        return sorted(
            path
            for path in directory.iterdir()
            if not path.name.startswith(".") and (path / COMPILATION_FILE).exists()
        )
    except OSError:  # not there, or not ours to read: the loader says so
        return []


def install(files: Mapping[str, str], own: Path, compilation_id: str, check: Check) -> Path:
    """Write a compilation's files as a new version, check it, and put it in force.

    `check` is given the new directory and returns its mistakes: with any, nothing is switched
    and nothing stays behind. Returns the directory in force. Raises CorpusError with the
    mistakes, and OSError when the disk refuses.
    """
    versions = own / _VERSIONS / compilation_id
    versions.mkdir(parents=True, exist_ok=True)
    incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=versions))
    try:
        _write(files, incoming / compilation_id)
        mistakes = check(incoming / compilation_id)
        if mistakes:
            raise CorpusError(tuple(mistakes))
        _take_in(own, compilation_id)
        number = max(_numbers(versions), default=0) + 1
        incoming.chmod(0o755)
        incoming.rename(versions / str(number))
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    _switch(own, compilation_id, number)
    for old in _numbers(versions)[:-KEPT_VERSIONS]:
        shutil.rmtree(versions / str(old), ignore_errors=True)
    return own / compilation_id


def roll_back(own: Path, compilation_id: str) -> Path:
    """Put the version before the one in force back in force; the directory that is then.

    Raises NoSuchVersionError when there is none.
    """
    current = current_version(own, compilation_id)
    before = [number for number in versions_of(own, compilation_id) if number < current]
    if not before:
        raise NoSuchVersionError(f"{compilation_id} has no version before the one in force")
    _switch(own, compilation_id, before[-1])
    return own / compilation_id


def withdraw(own: Path, compilation_id: str) -> None:
    """Put no version in force: what another directory has of this id is again, or nothing."""
    (own / compilation_id).unlink()


def versions_of(own: Path, compilation_id: str) -> tuple[int, ...]:
    """The numbers of the versions that are kept, oldest first."""
    return tuple(_numbers(own / _VERSIONS / compilation_id))


def current_version(own: Path, compilation_id: str) -> int:
    """The number of the version in force; 0 when it was not installed by us."""
    link = own / compilation_id
    if not link.is_symlink():
        return 0
    name = link.readlink().parent.name
    return int(name) if name.isdecimal() else 0


def _numbers(versions: Path) -> list[int]:
    names = os.listdir(versions) if versions.is_dir() else []
    return sorted(int(name) for name in names if name.isdecimal())


def _write(files: Mapping[str, str], directory: Path) -> None:
    """Write the files so that they are on the disk before anything points at them."""
    directory.mkdir()
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def _take_in(own: Path, compilation_id: str) -> None:
    """A compilation that somebody put here by hand becomes the first version."""
    place = own / compilation_id
    if not place.is_dir() or place.is_symlink():
        return
    versions = own / _VERSIONS / compilation_id
    number = max(_numbers(versions), default=0) + 1
    (versions / str(number)).mkdir()
    place.rename(versions / str(number) / compilation_id)
    _switch(own, compilation_id, number)


def _switch(own: Path, compilation_id: str, number: int) -> None:
    """Make a version the one in force, by one rename."""
    beside = own / f".{compilation_id}.{number}.{os.getpid()}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path(_VERSIONS) / compilation_id / str(number) / compilation_id)
    os.replace(beside, own / compilation_id)
