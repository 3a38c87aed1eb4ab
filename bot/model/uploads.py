"""A booklet that the owner has sent, before and after it is put in force."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.corpus import Compilation
from bot.model.importing import Report
from bot.model.reload import Reload


@dataclass(frozen=True, slots=True)
class Staged:
    """A booklet that was read and waits for a decision; `key` names it in buttons.

    `replaces`: a compilation of this id is in force.
    """

    key: str
    compilation: Compilation
    report: Report
    replaces: bool


@dataclass(frozen=True, slots=True)
class Enabled:
    """A booklet that was enabled: its compilation, its version there, what the reload changed."""

    compilation_id: str
    version: int
    reload: Reload
