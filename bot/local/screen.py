"""Messages on a terminal: entities as styles, quotes as bars, buttons numbered, lines of a phone.

Here lives the form of one message, for a terminal of any width and text of any script. What
is shown when is in console.py. Text is never read as rich's markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from bot.local.entities import Entity
from bot.local.world import LocalMessage

WIDTH = 64  # columns at most, as on a phone held upright

_STYLES = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "underline": Style(underline=True),
    "strikethrough": Style(strike=True),
    "spoiler": Style(reverse=True),
    "code": Style(color="cyan"),
    "pre": Style(color="cyan"),
    "text_link": Style(color="blue", underline=True),
    "url": Style(color="blue", underline=True),
    "bot_command": Style(color="blue"),
    "mention": Style(color="blue"),
    "hashtag": Style(color="blue"),
}
_BAR = Text("▎", style="green")
_NOT_AT_START = frozenset("，。、；：！？）》」』】〉”’…—·,.;:!?)]}％%")
_NOT_AT_END = frozenset("（《「『【〈“‘([{")


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    is_quote: bool = False
    is_expandable: bool = False


def styled(text: str, entities: list[Entity]) -> Text:
    """The text with its entities as styles; offsets are in UTF-16 code units."""
    shown = Text(text)
    for entity in entities:
        style = _STYLES.get(entity["type"])
        if style:
            start, end = _span(text, entity)
            shown.stylize(style, start, end)
    return shown


def message_lines(message: LocalMessage, width: int) -> Iterator[Text]:
    """The lines of a message, at most `width` columns each: media, text, numbered buttons."""
    yield from _media_lines(message)
    for line in _poll_lines(message):
        yield from wrap(line, width)
    shown = styled(message.text, message.entities)
    for block in _blocks(message.text, message.entities):
        piece = shown[block.start : block.end]
        lines = [
            line for row in piece.split("\n", allow_blank=True) for line in wrap(row, width - 2)
        ]
        for line in lines:
            yield _BAR + line if block.is_quote else line
        if block.is_expandable:
            yield _BAR + Text("▾ 可展开", style="dim")
    yield from button_lines(message, width)


def button_lines(message: LocalMessage, width: int) -> Iterator[Text]:
    """The inline buttons, row by row, numbered from 1 in reading order."""
    number = 0
    for row in message.reply_markup["inline_keyboard"] if message.reply_markup else []:
        line = Text()
        for button in row:
            number += 1
            name = str(button["text"])
            shown = name if name == str(number) else f"{number} {name}"
            label = Text(f"［{shown}］", style="cyan")
            if line and cell_len(line.plain) + cell_len(label.plain) + 1 > width:
                yield line
                line = Text()
            line = Text(" ").join([line, label]) if line else label
        yield line


def wrap(text: Text, width: int) -> list[Text]:
    """Lines of at most `width` columns (at least one line, wide characters counted as two).

    Breaks at spaces and between wide characters, with no closing mark at a line's start and
    no opening one at its end, as far as the width allows.
    """
    plain = text.plain
    cuts: list[int] = []
    start = 0
    while cell_len(plain[start:]) > width:
        most = start + 1
        columns = cell_len(plain[start])
        while columns + cell_len(plain[most]) <= width:
            columns += cell_len(plain[most])
            most += 1
        floor = start + (most - start) // 2  # no line shorter than half for a break's sake
        cut = next((at for at in range(most, floor, -1) if _may_break(plain, at)), most)
        cuts.append(cut)
        start = cut
    lines = text.divide(cuts) if cuts else [text]
    for line in lines:
        line.rstrip()
    return list(lines)


def _may_break(plain: str, at: int) -> bool:
    before, after = plain[at - 1], plain[at]
    if before in _NOT_AT_END or after in _NOT_AT_START or after == " ":
        return False
    return before == " " or cell_len(before) == 2 or cell_len(after) == 2


def _blocks(text: str, entities: list[Entity]) -> Iterator[_Block]:
    """The text as quotes and what is between them; the line feeds at the borders fall away."""
    at = 0
    for entity in entities:
        if not entity["type"].endswith("blockquote"):
            continue
        start, end = _span(text, entity)
        if text[at:start].strip("\n"):
            stop = start - 1 if text[start - 1] == "\n" else start
            yield _Block(at, stop)
        yield _Block(start, end, True, entity["type"] == "expandable_blockquote")
        at = end + 1 if text[end : end + 1] == "\n" else end
    if text[at:]:
        yield _Block(at, len(text))


def _media_lines(message: LocalMessage) -> Iterator[Text]:
    if "photo" in message.extra:
        size = message.extra["photo"][-1]
        yield Text(f"［图片 {size['width']}×{size['height']}］", style="magenta")
    if "document" in message.extra:
        yield Text(f"［文件 {message.extra['document']['file_name']}］", style="magenta")


def _poll_lines(message: LocalMessage) -> Iterator[Text]:
    """A poll as somebody sees it who has voted, once anybody here has: with what was right."""
    if "poll" not in message.extra:
        return
    poll, chosen = message.extra["poll"], set(message.votes.values())
    name = "测验" if poll["type"] == "quiz" else "投票"
    for number, line in enumerate(poll["question"].split("\n")):
        yield Text(f"［{name}］{line}" if number == 0 else line, style="magenta")
    correct = poll.get("correct_option_ids", [])
    for number, option in enumerate(poll["options"]):
        mark = "○"
        if chosen and correct:
            mark = "✓" if number in correct else "✗" if number in chosen else "○"
        votes = f"（{option['voter_count']}）" if option["voter_count"] else ""
        yield Text(f"  {mark} {number + 1} {option['text']}{votes}")
    if chosen and poll.get("explanation"):
        for line in poll["explanation"].split("\n"):
            yield Text(f"  💡 {line}", style="dim")


def _span(text: str, entity: Entity) -> tuple[int, int]:
    """An entity's place in characters instead of UTF-16 code units."""
    units = text.encode("utf-16-le")

    def characters(offset: int) -> int:
        return len(units[: 2 * offset].decode("utf-16-le"))

    return characters(entity["offset"]), characters(entity["offset"] + entity["length"])
