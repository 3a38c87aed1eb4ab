"""What an operator sees: whether it is well, how much it does, and what to do when it is not.

    metrics.py    counts and durations, for Prometheus
    health.py     ready or not, for a supervisor or a load balancer
    routes.py     /healthz and /metrics over HTTP
    signs.py      what is wrong at this moment
    alarms.py     each told to the owner once, and never too many
    downtimes.py  what was too late after one, told to the owner once
    backups.py    the nightly copy of the database, and which copies are kept
    watchman.py   the round, once a minute: look, tell, back up
    findings.py   what `studybot doctor` reports: ok, warn or wrong, and what to do
    doctor.py     the examination: database, clock, corpus, disk, time zones
    account.py    the examination at Telegram: token, rights, webhook

Nothing here delivers, answers or repairs: with this room taken out the bot does the same.
"""
