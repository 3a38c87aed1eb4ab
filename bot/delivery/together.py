"""What many tasks want done at once, done for all of them at once.

Here lives the gathering alone: a transaction for thirty rows costs little more than one for
a single row, but each row has a task of its own. Nothing here knows what is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Given the items that wait, in the order they came: answers, by place among them. Those
# without one stay in line, and are given again.
Work = Callable[[Sequence[Item]], Awaitable[Mapping[int, Answer]]]


@dataclass(slots=True, eq=False)
class _Place(Generic[Item, Answer]):
    item: Item
    answer: asyncio.Future[Answer]


class Together(Generic[Item, Answer]):
    """Does `work` for all that wait: while it is under way the next ones gather.

    There is no task of its own: whoever is next acts for everybody, so nothing is left
    behind, and what goes wrong reaches all for whom it was done.
    """

    def __init__(self, work: Work[Item, Answer]) -> None:
        self._work = work
        self._line: list[_Place[Item, Answer]] = []
        self._turn = asyncio.Lock()

    async def do(self, item: Item) -> Answer:
        """Have it done, with others; returns its answer, or raises what the work raised."""
        place = _Place[Item, Answer](item, asyncio.get_running_loop().create_future())
        self._line.append(place)
        try:
            async with self._turn:
                while not place.answer.done():
                    await self._act()
            return place.answer.result()
        finally:
            if not place.answer.done():  # cancelled while it waited
                place.answer.cancel()
                self._line.remove(place)

    async def _act(self) -> None:
        places = tuple(self._line)
        try:
            answers = await self._work([place.item for place in places])
        except Exception as error:
            for place in places:
                if not place.answer.done():
                    place.answer.set_exception(error)
                    place.answer.exception()  # seen: its task raises it, unless it is gone
            raise
        finally:
            self._line = [place for place in self._line if not place.answer.done()]
        for at, answer in answers.items():
            if not places[at].answer.done():
                places[at].answer.set_result(answer)
        self._line = [place for place in self._line if not place.answer.done()]
