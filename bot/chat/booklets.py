"""What the handlers can do with a booklet that the owner sends: four calls.

Here live their shapes. What they do is given by the composition root, for it reads files and
starts processes; who may ask is `upload`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.model import Enabled, Reload, Staged


@dataclass(frozen=True, slots=True)
class Booklets:
    """Each raises StudybotError with one sentence for people when it cannot be done.

    stage(suffix, content)           read a file and keep what it holds
    enable(key)                      put what was kept in force
    discard(key)                     forget it; false when it was decided on already
    go_back(compilation_id, version) undo the enabling of this version
    """

    stage: Callable[[str, bytes], Awaitable[Staged]]
    enable: Callable[[str], Awaitable[Enabled]]
    discard: Callable[[str], Awaitable[bool]]
    go_back: Callable[[str, int], Awaitable[Reload]]
