"""studybot: exact passages for a study group, and a daily quotation that is never lost.

The map of the house, from the door inwards; each room's own docstring says what lives
there and what must not:

    __main__.py   the `studybot` command line
    app/          builds and wires everything, once
    chat/         Telegram in: handlers, one file per subject
    delivery/     the ledger at work: plan, claim, pace, send, settle
    local/        a strict Telegram that lives in this process
    watch/        what an operator sees: health, metrics, alarms, backups, doctor
    render/       every word the bot says, by catalogues in render/locale/ in three languages
    search/       text, dates, queries and the index
    study/        pure decisions: when is it due, which quotation, which reading
    store/        the only SQL
    corpus/       files <-> model
    config.py     the settings, read once
    logs.py       how logs look, and that no secret is in them
    model/        the nouns
    errors.py     the few exceptions that cross rooms

Imports point downwards only (see the contract in pyproject.toml).
"""

__version__ = "0.1.0"
