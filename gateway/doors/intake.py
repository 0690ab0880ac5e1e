"""A customer's message on its way in, the same for every door: counted, cleaned, masked, received."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk import Address, Busy, Incoming, Receipt
from gateway.doors.context import Doors
from gateway.doors.texts import clean
from gateway.doors.turnstiles import busy
from gateway.logging import about
from gateway.problems import DoorError


@dataclass(frozen=True)
class Message:
    """What a door has read, not yet cleaned."""

    message_id: str
    text: str = ""
    payload: str | None = None
    attachments: Sequence[str] = ()


async def take_in(
    doors: Doors,
    address: Address,
    message: Message,
    language: str | None = None,
    vouched_as: str | None = None,
    vip: bool = False,
) -> Receipt:
    """Hand the message to the desk. Raises DoorError or DeskError; then nothing was kept."""
    try:
        with doors.receiving():
            receipt = await _receive(doors, address, message, language, vouched_as, vip=vip)
            about(receipt.conversation)
    except Busy as error:
        doors.metrics.busy.inc()
        raise busy() from error
    doors.metrics.messages.labels(address.channel, str(receipt.duplicate).lower()).inc()
    return receipt


async def _receive(
    doors: Doors, address: Address, message: Message, language: str | None, vouched_as: str | None, *, vip: bool
) -> Receipt:
    await doors.rates.take("messages", str(address))
    text = clean(message.text)
    payload = clean(message.payload) if message.payload else None
    if payload is None and text.startswith("/"):
        payload = text  # a stock client sends a button's payload as text
    if payload:
        text, payload = await _tapped(doors, address, text, payload)
    if not (text or payload or message.attachments):
        raise DoorError("empty_message")
    incoming = Incoming(
        address=address,
        message_id=message.message_id,
        text=text,
        payload=payload,
        attachments=tuple(message.attachments),
        language=language,
        vouched_as=vouched_as,
        vip=vip,
    )
    return await doors.desk.receive(incoming)


async def _tapped(doors: Doors, address: Address, text: str, payload: str) -> tuple[str, str | None]:
    """What a tap says: the button's title. A payload that no button offers is only text."""
    conversation = await doors.desk.open_conversation(address)
    titles = {button["payload"]: button["title"] for button in (conversation.buttons if conversation else ())}
    if payload not in titles:
        return text or payload, None
    return (text if text and text != payload else titles[payload]), payload
