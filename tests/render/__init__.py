"""What the bot says, tested as values."""
