"""The nouns of studybot as frozen values: what the rooms hand to one another.

Here live data and what follows from it alone. No I/O, no clock, no wording, no
library beyond the standard one. Dates of the calendar end in `_on`, moments end in
`_at` and are aware UTC, durations say their unit. Everybody imports from here:
`from bot.model import Quote`; which file a noun stands in is this room's own business.
"""

from bot.model.answers import Answer, Button
from bot.model.chats import (
    Chat,
    ChatKind,
    Content,
    DayRule,
    Days,
    QuoteOrder,
    ReadingOrder,
    Subscription,
)
from bot.model.corpus import (
    Article,
    Compilation,
    Corpus,
    PartialDate,
    Passage,
    Quote,
    Reading,
    Section,
)
from bot.model.insight import Judgement, MonthCount, Piece, Source, Trend, Verdict
from bot.model.ledger import (
    Backlog,
    Cause,
    Choice,
    Delivery,
    DeliveryKind,
    Due,
    Pace,
    SkipReason,
    State,
)
from bot.model.search import (
    DateRange,
    Found,
    Hit,
    Kind,
    Match,
    Nearby,
    Order,
    Query,
    Snippet,
    Term,
    When,
    YearlyDate,
)

__all__ = [
    "Answer",
    "Article",
    "Backlog",
    "Button",
    "Cause",
    "Chat",
    "ChatKind",
    "Choice",
    "Compilation",
    "Content",
    "Corpus",
    "DateRange",
    "DayRule",
    "Days",
    "Delivery",
    "DeliveryKind",
    "Due",
    "Found",
    "Hit",
    "Judgement",
    "Kind",
    "Match",
    "MonthCount",
    "Nearby",
    "Order",
    "Pace",
    "PartialDate",
    "Passage",
    "Piece",
    "Query",
    "Quote",
    "QuoteOrder",
    "Reading",
    "ReadingOrder",
    "Section",
    "SkipReason",
    "Snippet",
    "Source",
    "State",
    "Subscription",
    "Term",
    "Trend",
    "Verdict",
    "When",
    "YearlyDate",
]
