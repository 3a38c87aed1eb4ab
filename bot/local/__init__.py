"""A strict Telegram that lives in this process: the console, the demo and the tests use it.

Here live the chats, people and rules of a Bot API server without the network: what it
accepts and what it refuses, in the words of the real one. Nothing here knows studybot's
handlers, texts or store; the bot reaches it through `request.LocalRequest` only.

    telegram.py  LocalTelegram: one `call(method, params)` for the bot, `calls` for the tests
    people.py    what people do: say, press, promote, block, migrate ...
    world.py     users, chats, members, topics and messages
    voters.py    what people do in polls
    updates.py   the queue of updates
    sending.py, editing.py, polls.py, files.py, chats.py, profile.py, polling.py
                 the Bot API methods, by subject; polling.py: how the bot gets its updates
    rules.py     which fields each method takes, and how their values are read
    html.py, entities.py, markup.py   the text and the keyboards of a message
    flood.py     how many messages a second
    refusal.py   the answer that is no
    request.py   python-telegram-bot's transport over it
    clock.py, console.py, screen.py, tour.py, picture.py   a person at a terminal
"""
