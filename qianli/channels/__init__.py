"""One module a channel of messages."""
