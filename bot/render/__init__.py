"""Every word the bot says: model values in, `model.Answer` (Telegram HTML and buttons) out.

Here live wording, layout, splitting and the grammar of button data. Everything is pure:
no clock, no network, no files but the font of `picture`; only `keyboard` knows the Telegram
library. What comes from the corpus or from people is escaped before it is put into HTML.
"""
