"""The worker takes each message from the inbox to the bot or to a person, in order within a conversation."""
