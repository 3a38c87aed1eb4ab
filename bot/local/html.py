"""Telegram HTML: from what a bot writes to plain text and entities.

Here lives the reading of `parse_mode=HTML`, with the byte offsets and wording of the real
server's refusals (behaviour as in TDLib's `parse_html`; tags as in the Bot API's
"Formatting options"). What is found in plain text (commands, mentions) is in entities.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.local.entities import Entity, in_order, utf16_length
from bot.local.refusal import bad_request

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_BARE_VALUE = re.compile(r"[0-9A-Za-z.\-]*")
_SPACE = re.compile(r"\s*")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")
_WEB_LINK = re.compile(r"(?:(?:https?|ftp|ton|tg|tonsite)://)?[^\s/:]+\.?[^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int  # in UTF-16 code units of the plain text
    written: int  # how many pieces of plain text stood before it


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities (offsets in UTF-16 code units, outer ones first).

    Raises RefusedError ("can't parse entities: ...", with the offset in UTF-8 bytes).
    """
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._plain: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            else:
                self._text()
        if self._open:
            self._refuse(f"Can't find end tag corresponding to start tag {self._open[-1].tag}")
        return "".join(self._plain), in_order(self._entities)

    def _text(self) -> None:
        if self._source[self._at] == "&" and (found := _REFERENCE.match(self._source, self._at)):
            character = _character(found)
            if character:
                self._write(character)
                self._at = found.end()
                return
        stop = min(
            (where for mark in "<&" if (where := self._source.find(mark, self._at + 1)) >= 0),
            default=len(self._source),
        )
        self._write(self._source[self._at : stop])
        self._at = stop

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._take(_TAG_NAME).lower()
        if self._at == len(self._source):
            self._refuse("Unclosed start tag", begin)
        if tag not in KINDS:
            self._refuse(f'Unsupported start tag "{tag}"', begin)
        attributes: dict[str, str] = {}
        while True:
            self._take(_SPACE)
            if self._at == len(self._source):
                self._refuse("Unclosed start tag", begin)
            if self._source[self._at] == ">":
                break
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        self._at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Open(tag, attributes, self._units, len(self._plain)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._take(_ATTRIBUTE_NAME).lower()
        if not name:
            self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        self._take(_SPACE)
        if not self._source.startswith("=", self._at):
            if tag == "blockquote" and name == "expandable":
                return name, "1"
            self._refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
            )
        self._at += 1
        self._take(_SPACE)
        if self._at == len(self._source):
            self._refuse(f'Unclosed start tag "{tag}"', begin)
        quote = self._source[self._at]
        if quote not in "'\"":
            token = self._at
            value = self._take(_BARE_VALUE).lower()
            if self._at < len(self._source) and not re.match(r"[\s>]", self._source[self._at]):
                self._refuse("Unexpected end of name token", token)
            return name, value
        end = self._source.find(quote, self._at + 1)
        if end < 0:
            self._refuse("Unclosed start tag", begin)
        value = self._source[self._at + 1 : end]
        self._at = end + 1
        return name, _REFERENCE.sub(lambda found: _character(found) or found[0], value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            self._refuse("Unexpected end tag", begin)
        self._at += 2
        tag = self._take(_TAG_NAME).lower()
        self._take(_SPACE)
        if not self._source.startswith(">", self._at):
            self._refuse("Unclosed end tag", begin)
        self._at += 1
        opened = self._open.pop()
        if tag and tag != opened.tag:
            self._refuse(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self._units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "offset": opened.offset,
            "length": self._units - opened.offset,
            "type": KINDS[opened.tag],
        }
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            emoji = opened.attributes.get("emoji-id", "")
            if not emoji.isdecimal() or int(emoji) == 0:
                self._refuse("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = emoji
        elif opened.tag == "tg-time":
            entity |= self._moment(opened.attributes)
        elif opened.tag == "a" and not self._link(entity, opened):
            return
        if opened.tag not in ("pre", "code") or not self._joined(entity, opened):
            self._entities.append(entity)

    def _moment(self, attributes: dict[str, str]) -> dict[str, Any]:
        unix = attributes.get("unix", "")
        if not unix.isdecimal():
            self._refuse("Invalid Unix time specified")
        moment: dict[str, Any] = {"unix_time": int(unix)}
        if attributes.get("format"):
            moment["date_time_format"] = attributes["format"]
        return moment

    def _link(self, entity: Entity, opened: _Open) -> bool:
        """Complete a link; False when its address is no link and the server drops it."""
        address = opened.attributes.get("href") or "".join(self._plain[opened.written :])
        if user := _USER_LINK.fullmatch(address):
            entity["type"] = "text_mention"
            entity["user"] = {"id": int(user[1]), "is_bot": False, "first_name": ""}
            return True
        if not _WEB_LINK.fullmatch(address) or ("." not in address and "://" not in address):
            return False
        address = address if "://" in address else f"http://{address}"
        entity["url"] = address if address.count("/") > 2 or "?" in address else f"{address}/"
        return True

    def _joined(self, entity: Entity, opened: _Open) -> bool:
        """`<pre><code class="language-x">` is one entity; True when it was made one."""
        language = opened.attributes.get("class", "")
        if opened.tag == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        last = self._entities[-1] if self._entities else None
        if last and (last["offset"], last["length"]) == (entity["offset"], entity["length"]):
            if opened.tag == "pre" and last["type"] == "code" and "language" in last:
                last["type"] = "pre"
                return True
            if opened.tag == "code" and last["type"] == "pre" and "language" in entity:
                last["language"] = entity["language"]
                return True
        return False

    def _write(self, text: str) -> None:
        self._plain.append(text)
        self._units += utf16_length(text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._source, self._at)
        assert found is not None  # every pattern matches the empty string
        self._at = found.end()
        return found[0]

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode("utf-8", "surrogatepass"))

    def _refuse(self, why: str, position: int | None = None) -> NoReturn:
        where = "" if position is None else f" at byte offset {self._bytes(position)}"
        raise bad_request(f"can't parse entities: {why}{where}")


def _character(found: re.Match[str]) -> str:
    """The character of a reference; empty when it names none and stays as it is written."""
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    return chr(code)
