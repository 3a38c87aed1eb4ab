"""The Bot API specification as a judge of calls.

Here lives the reading of the specification file (its methods, types and the limits that its
descriptions state in words) and the check of a call against it. It shares nothing with
LocalTelegram's own rules, so that one can be held against the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

_SIZED = re.compile(r"\b(\d+)-(\d+) (characters|bytes)", re.IGNORECASE)
_COUNTED = re.compile(r"\b(\d+)-(\d+) (?:answer options|identifiers|items|\w+ items)")
_AT_MOST = re.compile(
    r"(?:at most|no more than|up to) (\d+) (?:\w+ ){1,3}(?:can be|are allowed)", re.I
)
_VALUED = re.compile(r"(?:values between |[;,] )(\d+)-(\d+)\b(?! characters| bytes)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Limit:
    """What a description says: `unit` is characters, bytes, items or value."""

    least: int
    most: int
    unit: str
    is_after_parsing: bool = False


@dataclass(frozen=True, slots=True)
class SpecField:
    name: str
    types: tuple[str, ...]
    is_required: bool
    limit: Limit | None


class BotApiSpec:
    """The specification in `path` (JSON as published by PaulSonOfLars/telegram-bot-api-spec)."""

    def __init__(self, path: Path) -> None:
        spec = json.loads(path.read_text("utf-8"))
        self.version: str = spec["version"]
        self.methods = {name: _fields(one) for name, one in spec["methods"].items()}
        self.types = {name: _fields(one) for name, one in spec["types"].items()}
        self._subtypes = {name: one.get("subtypes", ()) for name, one in spec["types"].items()}
        self._by_lower = {name.lower(): name for name in self.methods}

    def mistakes(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """Everything in a call that the specification does not allow, a sentence each.

        Values may be JSON values, or strings of them as a form carries them; objects that are
        neither are taken for files.
        """
        name = self._by_lower.get(method.lower())
        if name is None:
            return [f"there is no method {method}"]
        given = {key: value for key, value in params.items() if value is not None}
        attached = {
            value.removeprefix("attach://")
            for value in given.values()
            if isinstance(value, str) and value.startswith("attach://")
        }
        fields = {field.name: field for field in self.methods[name]}
        found = [f"{name}: {key} is no parameter" for key in given.keys() - fields - attached]
        for field in fields.values():
            if field.name in given:
                value = _unpacked(given[field.name], field)
                found += self._field_mistakes(f"{name}.{field.name}", value, field, given)
            elif field.is_required:
                found.append(f"{name}: {field.name} is missing")
        return sorted(found)

    def object_mistakes(self, kind: str, value: Any) -> list[str]:
        """The same for an object of the Bot API (or `Array of ...`), such as an Update."""
        return sorted(self._type_mistakes(kind, value, kind))

    def _field_mistakes(
        self, where: str, value: Any, field: SpecField, siblings: Mapping[str, Any]
    ) -> Iterator[str]:
        attempts = [list(self._type_mistakes(where, value, kind)) for kind in field.types]
        if all(attempts):
            yield from min(attempts, key=len)
        elif field.limit:
            yield from _limit_mistakes(where, value, field.limit, siblings)

    def _type_mistakes(self, where: str, value: Any, kind: str) -> Iterator[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{where} must be {kind}"
                return
            for number, item in enumerate(value):
                inner = kind.removeprefix("Array of ")
                yield from self._type_mistakes(f"{where}[{number}]", item, inner)
        elif kind in ("Integer", "Float", "Boolean", "String"):
            if not _is_scalar(value, kind):
                yield f"{where} must be {kind}"
        elif kind == "InputFile":
            if isinstance(value, (dict, list, int, float)):
                yield f"{where} must be a file"
        elif not isinstance(value, dict):
            yield f"{where} must be {kind}"
        else:
            yield from self._object_mistakes(where, value, kind)

    def _object_mistakes(self, where: str, value: Mapping[str, Any], kind: str) -> Iterator[str]:
        if self._subtypes[kind]:
            attempts = [
                list(self._type_mistakes(where, dict(value), one)) for one in self._subtypes[kind]
            ]
            if all(attempts):
                yield from min(attempts, key=len)
            return
        fields = {field.name: field for field in self.types[kind]}
        for key in value.keys() - fields:
            yield f"{where}: {key} is no field of {kind}"
        for field in fields.values():
            if value.get(field.name) is not None:
                inner = f"{where}.{field.name}"
                yield from self._field_mistakes(inner, value[field.name], field, value)
            elif field.is_required:
                yield f"{where}: {field.name} of {kind} is missing"
        if "type" in fields and (stated := _stated_type(kind)) and value.get("type") != stated:
            yield f"{where}.type must be {stated}"


def _stated_type(kind: str) -> str:
    """The `type` of the few families of objects that are told apart by it."""
    for family in ("InlineQueryResult", "BotCommandScope"):
        if kind.startswith(family) and not kind.startswith(f"{family}Cached"):
            return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.removeprefix(family)).lower()
    return ""


def _fields(owner: Mapping[str, Any]) -> tuple[SpecField, ...]:
    return tuple(
        SpecField(
            one["name"],
            tuple(one["types"]),
            one["required"],
            _limit(one["types"], one["description"]),
        )
        for one in owner.get("fields", ())
    )


def _limit(types: list[str], description: str) -> Limit | None:
    """The limit a description states, in the unit that fits the field's type."""
    is_after = "after entit" in description
    if types[0].startswith("Array"):
        if found := _COUNTED.search(description):
            return Limit(int(found[1]), int(found[2]), "items")
        if found := _AT_MOST.search(description):
            return Limit(0, int(found[1]), "items")
    elif types[0] == "String":
        if found := _SIZED.search(description):
            return Limit(int(found[1]), int(found[2]), found[3].lower(), is_after)
    elif types == ["Integer"] and (found := _VALUED.search(description)):
        return Limit(int(found[1]), int(found[2]), "value")
    return None


def _limit_mistakes(
    where: str, value: Any, limit: Limit, siblings: Mapping[str, Any]
) -> Iterator[str]:
    if isinstance(value, str) and limit.unit == "bytes":
        size = len(value.encode())
    elif isinstance(value, str) and limit.unit == "characters":
        is_html = str(siblings.get("parse_mode", "")).lower() == "html"
        plain = unescape(_TAG.sub("", value)) if limit.is_after_parsing and is_html else value
        size = len(plain.encode("utf-16-le")) // 2
    elif isinstance(value, list) and limit.unit == "items":
        size = len(value)
    elif limit.unit == "value":
        size = int(value)
    else:
        return
    if not limit.least <= size <= limit.most:
        yield f"{where} must be {limit.least}-{limit.most} {limit.unit}, is {size}"


def _unpacked(value: Any, field: SpecField) -> Any:
    """A form's string as the JSON value it stands for, where the field is not a string."""
    if isinstance(value, str) and "String" not in field.types and "InputFile" not in field.types:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _is_scalar(value: Any, kind: str) -> bool:
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind == "String":
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (kind == "Float" and isinstance(value, float))
