"""The data of buttons: composed and read here and nowhere else.

A button's data is at most 64 bytes and must still work after a restart, after the
corpus grew, and a year later: so it holds ids (of passages, articles, remembered
queries), never positions in a list. (The number of a piece is one, and is taken for the
last piece where the text has become shorter.) The grammar, one letter and its fields:

    s:<query id, base 36>:<page>:<a|q|r>:<r|n|o>   a page of results; all, quotations or
                                                   readings; relevance, newest or oldest
    q:<query id>          ask this query, answered anew
    p:<passage id>        open a passage, answered anew
    v:<passage id>        turn the message to that passage
    r:<passage id>        related quotations
    c:<section id>        read this section, answered anew; the chat stands here from now
    n:<section id>        turn the message to that section; the chat stands here from now
    y:<section id>        read what comes after this section, answered anew
    d:<section id>:<piece>  turn the message to a piece of that section's original, from 0;
                          the chat stands here from now
    e:<section id>:<piece>  read that piece, answered anew; the chat stands here from now
    f:<section id>:<piece>  open that piece, answered anew, as a search hit
    l:<page>              the list of articles
    a:<article id>:<page> the sections of an article
    x:<quote id>          turn the message to another quotation, by chance
    w                     go on reading where this chat stopped, answered anew
    u:<key>:<y|n>         enable or discard a booklet that the owner has sent
    g:<compilation id>:<version>  go back from this version of a compilation
    t:<field>[:<value>]   the settings panel: a menu, or a new value
    h:<date>              the days to come from that date on; dates in base 36, as below
    i:<date>              one of those days
    j:<date>:<quote id>   take another quotation for that day than this one
    o:<date>              let that day come as it would by itself
    m:<verb>:<reminder id>[:<date>[:<value>]]      a reminder's panel; the date, as a number in
                                                   base 36, names one of its occurrences
    k:<reminder id>:<date>:<y|n|m|c>               will come, will not, may; is there
    b:<date>:<t|f>        the month's attendance as a table or a file
    C:<date>              check in for today, under the push of that date
    M:<date>              the check-ins of the month that begins on that date, answered anew
    R:<verb>:<plan id>[:<part>]   a reading plan, or a part of it
    Q[:<topic>]           another quiz after the one whose button it is, on a topic
    F:<user id>           forget this person, who alone may press it

A field whose meaning changes gets a new letter; an old letter is never used again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.model import Kind, Order
from bot.render.actions import (
    Action,
    AnotherQuote,
    Ask,
    AskQuiz,
    CheckIn,
    Continue,
    DiscardUpload,
    EnableUpload,
    Forget,
    ListArticles,
    ListDays,
    OpenArticle,
    OpenDay,
    OpenPassage,
    OpenPiece,
    Outdated,
    PlanVerb,
    Read,
    ReadAfter,
    ReadPiece,
    ReadTogether,
    Records,
    Remind,
    ResetDay,
    RollBack,
    SearchPage,
    Setting,
    ShowMonth,
    ShowRelated,
    SwapQuote,
    TakePart,
    Tap,
    TurnToPassage,
    TurnToPiece,
    TurnToSection,
    Verb,
)

__all__ = [
    "DATA_LIMIT",
    "Action",
    "AnotherQuote",
    "Ask",
    "AskQuiz",
    "CheckIn",
    "Continue",
    "DiscardUpload",
    "EnableUpload",
    "Forget",
    "ListArticles",
    "ListDays",
    "OpenArticle",
    "OpenDay",
    "OpenPassage",
    "OpenPiece",
    "Outdated",
    "PlanVerb",
    "Read",
    "ReadAfter",
    "ReadPiece",
    "ReadTogether",
    "Records",
    "Remind",
    "ResetDay",
    "RollBack",
    "SearchPage",
    "Setting",
    "ShowMonth",
    "ShowRelated",
    "SwapQuote",
    "TakePart",
    "Tap",
    "TurnToPassage",
    "TurnToPiece",
    "TurnToSection",
    "Verb",
    "compose",
    "fits",
    "parse",
]

DATA_LIMIT = 64  # bytes of UTF-8, https://core.telegram.org/bots/api#inlinekeyboardbutton

_KINDS: dict[str, Kind | None] = {"a": None, "q": Kind.QUOTE, "r": Kind.READING}
_ORDERS = {"r": Order.RELEVANCE, "n": Order.NEWEST, "o": Order.OLDEST}
_KIND_LETTERS = {kind: letter for letter, kind in _KINDS.items()}
_ORDER_LETTERS = {order: letter for letter, order in _ORDERS.items()}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def compose(action: Action) -> str:
    """The data of a button that does `action`; ValueError when it exceeds 64 bytes."""
    data = _spell(action)
    if len(data.encode()) > DATA_LIMIT:
        raise ValueError(f"button data of {len(data.encode())} bytes: {data}")
    return data


def fits(action: Action) -> bool:
    """True when `action` can be put into a button at all."""
    return len(_spell(action).encode()) <= DATA_LIMIT


def parse(data: str) -> Action | Outdated:
    """What a pressed button wants; `Outdated` for anything `compose` cannot have made."""
    letter, _, rest = data.partition(":")
    reader = _READERS.get(letter)
    if reader is None:
        return Outdated()
    try:
        action = reader(rest)
    except (ValueError, KeyError):
        return Outdated()
    return action if _spell(action) == data else Outdated()


def _spell(action: Action) -> str:  # noqa: C901 - one flat table, a line an action
    match action:
        case SearchPage(query_id, page, kind, order):
            letters = f"{_KIND_LETTERS[kind]}:{_ORDER_LETTERS[order]}"
            return f"s:{_base36(query_id)}:{page}:{letters}"
        case Ask(query_id):
            return f"q:{_base36(query_id)}"
        case OpenPassage(passage_id):
            return f"p:{passage_id}"
        case TurnToPassage(passage_id):
            return f"v:{passage_id}"
        case ShowRelated(passage_id):
            return f"r:{passage_id}"
        case Read(section_id):
            return f"c:{section_id}"
        case TurnToSection(section_id):
            return f"n:{section_id}"
        case ReadAfter(section_id):
            return f"y:{section_id}"
        case TurnToPiece(section_id, piece):
            return f"d:{section_id}:{piece}"
        case ReadPiece(section_id, piece):
            return f"e:{section_id}:{piece}"
        case OpenPiece(section_id, piece):
            return f"f:{section_id}:{piece}"
        case ListArticles(page):
            return f"l:{page}"
        case OpenArticle(article_id, page):
            return f"a:{article_id}:{page}"
        case AnotherQuote(quote_id):
            return f"x:{quote_id}"
        case Continue():
            return "w"
        case EnableUpload(key):
            return f"u:{key}:y"
        case DiscardUpload(key):
            return f"u:{key}:n"
        case RollBack(compilation_id, version):
            return f"g:{compilation_id}:{version}"
        case Setting(field, None):
            return f"t:{field}"
        case Setting(field, value):
            return f"t:{field}:{value}"
        case ListDays(day):
            return f"h:{_base36(day.toordinal())}"
        case OpenDay(day):
            return f"i:{_base36(day.toordinal())}"
        case SwapQuote(day, quote_id):
            return f"j:{_base36(day.toordinal())}:{quote_id}"
        case ResetDay(day):
            return f"o:{_base36(day.toordinal())}"
        case Remind(verb, reminder_id, occurs_on, value):
            on = f":{_base36(occurs_on.toordinal())}" if occurs_on else ""
            return f"m:{verb}:{_base36(reminder_id)}{on}{value and ':'}{value}"
        case TakePart(reminder_id, occurs_on, tap):
            return f"k:{_base36(reminder_id)}:{_base36(occurs_on.toordinal())}:{tap}"
        case CheckIn(pushed_on):
            return f"C:{_base36(pushed_on.toordinal())}"
        case ShowMonth(first_on):
            return f"M:{_base36(first_on.toordinal())}"
        case Records(first_on, as_file):
            return f"b:{_base36(first_on.toordinal())}:{'f' if as_file else 't'}"
        case ReadTogether(verb, plan_id, part):
            return f"R:{verb}:{_base36(plan_id)}{f':{part}' if part else ''}"
        case AskQuiz(topic):
            return f"Q:{topic}" if topic else "Q"
        case Forget(user_id):
            return f"F:{_base36(user_id)}"


def _read_search(rest: str) -> SearchPage:
    query_id, page, kind, order = rest.split(":")
    return SearchPage(_number(query_id), _natural(page), _KINDS[kind], _ORDERS[order])


def _read_article(rest: str) -> OpenArticle:
    article_id, page = rest.rsplit(":", 1)
    return OpenArticle(_named(article_id), _natural(page))


def _read_piece(rest: str) -> tuple[str, int]:
    section_id, piece = rest.rsplit(":", 1)
    return _named(section_id), _natural(piece)


def _read_upload(rest: str) -> EnableUpload | DiscardUpload:
    key, answer = rest.rsplit(":", 1)
    if answer not in ("y", "n"):
        raise ValueError(f"{answer} is no decision")
    return EnableUpload(_named(key)) if answer == "y" else DiscardUpload(_named(key))


def _read_setting(rest: str) -> Setting:
    field, colon, value = rest.partition(":")
    return Setting(_named(field), value if colon else None)


def _read_remind(rest: str) -> Remind:
    verb, reminder_id, *more = rest.split(":", 3)
    occurs_on = _read_date(more[0]) if more else None
    return Remind(Verb(verb), _number(reminder_id), occurs_on, "".join(more[1:]))


def _read_part(rest: str) -> TakePart:
    reminder_id, occurs_on, tap = rest.split(":")
    return TakePart(_number(reminder_id), _read_date(occurs_on), Tap(tap))


def _read_together(rest: str) -> ReadTogether:
    verb, plan_id, *part = rest.split(":", 2)
    return ReadTogether(PlanVerb(verb), _number(plan_id), _natural(*part) if part else 0)


def _read_records(rest: str) -> Records:
    first_on, form = rest.split(":")
    return Records(_read_date(first_on).replace(day=1), {"t": False, "f": True}[form])


def _read_swap(rest: str) -> SwapQuote:
    on, _, quote_id = rest.partition(":")
    return SwapQuote(_read_date(on), _named(quote_id))


def _read_date(text: str) -> date:
    number = _number(text)
    if not 1 <= number <= date.max.toordinal():
        raise ValueError(f"{text} is no date")
    return date.fromordinal(number)


_READERS: dict[str, Callable[[str], Action]] = {
    "s": _read_search,
    "q": lambda rest: Ask(_number(rest)),
    "p": lambda rest: OpenPassage(_named(rest)),
    "v": lambda rest: TurnToPassage(_named(rest)),
    "r": lambda rest: ShowRelated(_named(rest)),
    "c": lambda rest: Read(_named(rest)),
    "n": lambda rest: TurnToSection(_named(rest)),
    "y": lambda rest: ReadAfter(_named(rest)),
    "d": lambda rest: TurnToPiece(*_read_piece(rest)),
    "e": lambda rest: ReadPiece(*_read_piece(rest)),
    "f": lambda rest: OpenPiece(*_read_piece(rest)),
    "u": _read_upload,
    "g": lambda rest: RollBack(*_read_piece(rest)),
    "l": lambda rest: ListArticles(_natural(rest)),
    "a": _read_article,
    "x": lambda rest: AnotherQuote(_named(rest)),
    "w": lambda rest: Continue(),
    "t": _read_setting,
    "h": lambda rest: ListDays(_read_date(rest)),
    "i": lambda rest: OpenDay(_read_date(rest)),
    "j": _read_swap,
    "o": lambda rest: ResetDay(_read_date(rest)),
    "m": _read_remind,
    "k": _read_part,
    "b": _read_records,
    "C": lambda rest: CheckIn(_read_date(rest)),
    "M": lambda rest: ShowMonth(_read_date(rest).replace(day=1)),
    "R": _read_together,
    "Q": AskQuiz,
    "F": lambda rest: Forget(_number(rest)),
}


def _named(text: str) -> str:
    if not text:
        raise ValueError("an empty id")
    return text


def _number(text: str) -> int:
    number = int(text, 36)
    if number < 0:
        raise ValueError(f"{text} is below zero")
    return number


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(f"{text} is below zero")
    return number


def _base36(number: int) -> str:
    """A natural number in base 36, the shortest that `int(…, 36)` reads back."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
