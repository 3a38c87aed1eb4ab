"""The composition root: the only place that builds objects and wires them together.

    library.py   the corpus and its index; what needs no bot: search, check
    service.py   the bot: its parts, and running them until it is stopped
    reloading.py the corpus in force, and how a running bot takes up a changed one
    importing.py importing a booklet, and the topics of a compilation
    staging.py   booklets that the owner sends in chat; apart.py reads them in a process of its own
    listener.py  the one HTTP listener of the process
    updates.py   how updates come in, and which of several replicas sees to it
    rivals.py    another program polls with the same token: which of the two goes on
    carrying.py  a way to Telegram that leads over another
    watching.py  the room `watch` over that process
    console.py   the same bot over a Telegram in this process: chat and demo
    preview.py   what a chat will get in the days to come
    fonts.py     the fonts of the pictures, where they are installed
    cards.py     a quotation as a picture file
    clock.py     the moment by which everything here goes
    agendas.py   what a group talks about, and quizzes.py what it is asked, from the library
    upkeep.py    what an operator asks of the database

Nothing is decided here. Each command of `bot.__main__` calls one function of one of these
files, and imports only that file, so that a search does not pay for what a bot needs.
"""
