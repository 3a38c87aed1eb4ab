"""What became of taking up a changed corpus."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Mistake
from bot.model.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Reload:
    """`before` was served until then, `now` is served since.

    They are the same where the new corpus cannot be used: `refusal` says why, for people, and
    `mistakes` are those of its files, if that is why.
    """

    before: Corpus
    now: Corpus
    refusal: str = ""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def is_refused(self) -> bool:
        return bool(self.refusal)
