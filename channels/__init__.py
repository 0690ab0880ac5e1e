"""Messaging apps: for each, how a message is verified, parsed, rendered and sent."""

from channels.accounts import AccountsWrong, WebhookAccount, read_webhooks
from channels.channel import Channel, NotSent, Outgoing, Received, Refused, SignatureWrong

__all__ = [
    "AccountsWrong",
    "Channel",
    "NotSent",
    "Outgoing",
    "Received",
    "Refused",
    "SignatureWrong",
    "WebhookAccount",
    "read_webhooks",
]
