"""The ledger at work: plan what is due, claim it, choose, pace, send and settle.

    plan.py       the tick: every due date becomes a row of the ledger
    choose.py     a claimed row of a push -> the parts to be sent, and why those
    cards.py      a quotation as pictures
    remind.py, quiz.py, weekly.py, parts.py
                  the same for notices, quizzes, boards and parts of a reading plan
    pace.py       when the next message may go; together.py asks for many at once
    answers.py    the same for answers to people
    send.py       one call to Telegram, and what its answer means
    breaker.py    whether Telegram can be sent to at all
    worker.py     one claimed row from claim to settlement, many at a time
    observer.py   who is told what the ledger did
    transport.py  the HTTP under python-telegram-bot
    engine.py     what an engine is; it drives the tick and the worker
    embedded.py   the engine for one process: APScheduler ticks, a task drains
    distributed.py the engine for many: Procrastinate carries the same on PostgreSQL
    webhook.py    updates that Telegram delivers, and who is let in

What is due is decided by `study`, what is stored by `store`, what is said by `render`:
here is only the order of things, which is the promise (nothing due is ever lost, and
hardly anything is sent twice).
"""
