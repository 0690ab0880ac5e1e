"""The ways in and out: `gateway.doors` serves customers and agents, `gateway.worker` takes each message to the bot."""
