"""Long lists cut into pages, and the two buttons that turn them.

Here lives paging alone; what stands on a page is the business of its list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.model import Button
from bot.render import callbacks
from bot.render.language import _

Item = TypeVar("Item")


def cut(items: Sequence[Item], page: int, size: int) -> tuple[int, Sequence[Item]]:
    """The page that exists nearest to `page` (from 0), and the items on it."""
    last = max(0, -(-len(items) // size) - 1)
    page = min(max(page, 0), last)
    return page, items[page * size : (page + 1) * size]


def turning(
    total: int, page: int, size: int, to: Callable[[int], callbacks.Action]
) -> tuple[Button, ...]:
    """‹ 上一页 and 下一页 ›, where there is such a page; `to` is the action that shows one."""
    row = []
    if page > 0:
        row.append(Button(_("‹ 上一页"), callbacks.compose(to(page - 1))))
    if (page + 1) * size < total:
        row.append(Button(_("下一页 ›"), callbacks.compose(to(page + 1))))
    return tuple(row)


def in_rows(buttons: Sequence[Button], a_row: int) -> list[tuple[Button, ...]]:
    """Buttons `a_row` to a row."""
    return [tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row)]
