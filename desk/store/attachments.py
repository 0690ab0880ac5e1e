"""Customers' pictures in Redis."""

from collections.abc import Sequence
from datetime import datetime

from ulid import ULID

from desk.attachments import Attachment, partition_of_attachment
from desk.conversation import Address
from desk.errors import AttachmentNotFound
from desk.store.connection import Store
from desk.store.keys import ATTACHMENT_SECONDS, Keys


class AttachmentStore:
    """In the partition of their customer."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def _key(self, attachment_id: str) -> str:
        return self._keys.partition(partition_of_attachment(attachment_id)).attachment(attachment_id)

    async def save(self, address: Address, type_: str, data: bytes, now: datetime) -> Attachment:
        saved = Attachment(f"a{address.partition}-{ULID.from_datetime(now)}", type_, address.digest, data)
        key = self._key(saved.id)
        await self._store.ask_all(
            [
                ("HSET", key, "type", type_, "owner", saved.owner, "data", data),
                ("EXPIRE", key, ATTACHMENT_SECONDS),
            ]
        )
        return saved

    async def get(self, attachment_id: str) -> Attachment:
        type_, owner, data = await self._store.ask("HMGET", self._key(attachment_id), "type", "owner", "data", raw=True)
        if data is None:
            raise AttachmentNotFound(attachment_id)
        return Attachment(attachment_id, type_.decode(), owner.decode(), data)

    async def described(self, ids: Sequence[str], owner: str) -> list[dict[str, str]]:
        """Id and type of each; raises AttachmentNotFound unless `owner` sent them all."""
        rows = await self._store.ask_all([("HMGET", self._key(id_), "type", "owner") for id_ in ids])
        for id_, (_, sender) in zip(ids, rows, strict=True):
            if sender != owner:
                raise AttachmentNotFound(id_)
        return [{"id": id_, "type": type_} for id_, (type_, _) in zip(ids, rows, strict=True)]
