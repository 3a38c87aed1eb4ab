"""What `studybot doctor` reports: findings, each ok, warn or wrong, and what to do.

Here live their shape and how they are printed. Where they come from is `doctor` and
`account`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is. Only `wrong` keeps the bot from doing what it promises."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do about it (empty: nothing)."""

    about: str
    verdict: Verdict
    found: str
    to_do: str = ""


def ok(about: str, found: str) -> Finding:
    """All is well with it."""
    return Finding(about, Verdict.OK, found)


def warn(about: str, found: str, to_do: str) -> Finding:
    """It works, and something about it should be known."""
    return Finding(about, Verdict.WARN, found, to_do)


def wrong(about: str, found: str, to_do: str) -> Finding:
    """It does not work."""
    return Finding(about, Verdict.WRONG, found, to_do)


def is_anything_wrong(findings: Sequence[Finding]) -> bool:
    """True when the operator has to act."""
    return any(one.verdict is Verdict.WRONG for one in findings)


def as_lines(findings: Sequence[Finding]) -> str:
    """The findings for people: a line each, what to do below it, the sum at the end."""
    width = max((len(one.about) for one in findings), default=0)
    lines = []
    for one in findings:
        lines.append(f"{one.verdict:<5}  {one.about:<{width}}  {one.found}")
        if one.to_do:
            lines.append(f"{'':<5}  {'':<{width}}  -> {one.to_do}")
    counts = {verdict: sum(one.verdict is verdict for one in findings) for verdict in Verdict}
    lines.append(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """The findings for programs: one object, `{"wrong": false, "findings": [...]}`."""
    record = {
        "wrong": is_anything_wrong(findings),
        "findings": [asdict(one) for one in findings],
    }
    return json.dumps(record, ensure_ascii=False)
