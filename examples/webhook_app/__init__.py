"""A tiny messaging app, the other side of the channel `webhook`."""
