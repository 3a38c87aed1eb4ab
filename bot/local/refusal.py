"""The answer that is no: an error response of the Bot API as an exception.

Here live the codes and the real server's habit of writing descriptions; which rule was
broken is said where the rule is.
"""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A call that is refused; `response` is what the server answers."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def response(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters is not None:
            answer["parameters"] = self.parameters
        return answer


def bad_request(why: str) -> RefusedError:
    """400, with this reason."""
    return RefusedError(400, f"Bad Request: {_continued(why)}")


def forbidden(why: str) -> RefusedError:
    """403, with this reason."""
    return RefusedError(403, f"Forbidden: {_continued(why)}")


def conflict(why: str) -> RefusedError:
    """409, with this reason."""
    return RefusedError(409, f"Conflict: {_continued(why)}")


def too_many_requests(retry_after_seconds: int) -> RefusedError:
    """429: come back in so many seconds."""
    return RefusedError(
        429,
        f"Too Many Requests: retry after {retry_after_seconds}",
        {"retry_after": retry_after_seconds},
    )


def migrated(new_chat_id: int) -> RefusedError:
    """400: the chat has a new id."""
    return RefusedError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )


def _continued(why: str) -> str:
    """Lower-case first letter, except before codes such as TOPIC_CLOSED: the server's habit."""
    if len(why) > 1 and (why[1] == "_" or why[1].isupper()):
        return why
    return why[:1].lower() + why[1:]
