"""Buttons, as people press them.

Here lives what scenes share in which a bot answers in the process of the test.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from bot.local.people import Press
from bot.local.telegram import LocalTelegram
from bot.local.world import LocalMessage, LocalUser


class Pressing(ABC):
    """A scene with messages on whose buttons somebody presses."""

    telegram: LocalTelegram

    @property
    @abstractmethod
    def presser(self) -> LocalUser:
        """Who presses where nobody else is named: in groups, that is."""

    @abstractmethod
    async def settle(self) -> None:
        """Let the bot handle every update there is."""

    async def press(
        self, message: LocalMessage, label: str, by: LocalUser | None = None
    ) -> list[LocalMessage]:
        """Press the button with this label; the bot's new messages. It must be acknowledged."""
        before = len(self.telegram.sent(message.chat))
        press = await self.only_press(message, label, by)
        assert press.answer is not None, f"{label}: never acknowledged"
        return self.telegram.sent(message.chat)[before:]

    async def only_press(
        self, message: LocalMessage, label: str, by: LocalUser | None = None
    ) -> Press:
        """Press a button and see how it was acknowledged. In private its person does."""
        (data,) = [one["callback_data"] for one in message.buttons if one["text"] == label]
        who = by or message.chat.user or self.presser
        press = self.telegram.press(message.chat, message.id, data, who)
        await self.settle()
        return press


def labels(message: LocalMessage) -> list[str]:
    """What stands on its buttons."""
    return [button["text"] for button in message.buttons]
