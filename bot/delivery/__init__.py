"""The ledger at work: plan what is due, claim it, choose, pace, send and settle.

    plan.py       the tick: every subscription's due dates become rows of the ledger
    choose.py     a claimed row -> the parts to be sent, and why those
    pace.py       when the next message may go
    send.py       one call to Telegram, and what its answer means
    worker.py     one claimed row from claim to settlement, many at a time
    transport.py  the HTTP under python-telegram-bot
    embedded.py   the engine for one process: APScheduler ticks, a task drains

What is due is decided by `study`, what is stored by `store`, what is said by `render`:
here is only the order of things, which is the promise (nothing due is ever lost, and
hardly anything is sent twice).
"""
