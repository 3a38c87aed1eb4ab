"""Telegram in: what people send becomes calls of the other rooms, and answers go back.

Here live the handlers, one file per subject, registered in one ordered list
(`register.handlers`). No wording (that is `render`), no SQL, no decisions about when or
what is pushed (that is `study`).
"""
