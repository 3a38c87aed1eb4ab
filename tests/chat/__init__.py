"""The handlers, driven through the real library over the local Telegram."""
