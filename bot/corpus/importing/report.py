"""The collector of repairs and doubts while a booklet is read, and how its text is cited.

What a repair and a doubt are is the model's; finding them is the stages' work.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import Counts, Doubt, Remark, Repair, Report


@dataclass(slots=True)
class Remarks:
    """Repairs and doubts, collected while a booklet is read."""

    repairs: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)

    def repair(self, kind: Repair, line: int, text: str) -> None:
        """Note what was done."""
        self.repairs.append(Remark(kind, line, text))

    def doubt(self, kind: Doubt, line: int, text: str) -> None:
        """Note what a person should look at."""
        self.doubts.append(Remark(kind, line, text))

    def report(self, counts: Counts) -> Report:
        """All that was collected, in order of lines."""

        def in_order(remarks: list[Remark]) -> tuple[Remark, ...]:
            return tuple(sorted(remarks, key=lambda one: one.line))

        return Report(in_order(self.repairs), in_order(self.doubts), counts)


def cited(text: str, most: int = 24) -> str:
    """A piece of the booklet in corner brackets, its middle left out when it is long."""
    flat = " ".join(text.split())
    if len(flat) > most:
        flat = f"{flat[: most // 2]}…{flat[-(most // 2) :]}"
    return f"「{flat}」"
