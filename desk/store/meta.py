"""What must be the same for every process that ever opens this data."""

import secrets

from desk.conversation import PARTITIONS
from desk.errors import StoreUnsuitable
from desk.store.connection import Store
from desk.store.keys import KEY_VERSION, Keys


async def check_meta(store: Store, keys: Keys) -> None:
    """Stamp fresh data; raises StoreUnsuitable for data laid out otherwise."""
    ours = {"partitions": str(PARTITIONS), "keys": KEY_VERSION}
    await store.ask_all([("HSETNX", keys.meta, name, value) for name, value in ours.items()])
    found = await store.ask("HMGET", keys.meta, *ours)
    for (name, value), stored in zip(ours.items(), found, strict=True):
        if stored != value:
            raise StoreUnsuitable(
                f"the data under namespace {keys.namespace} has {name} {stored}, this version needs {value}: "
                "use the version that wrote it, or another NAMESPACE"
            )


async def secret(store: Store, keys: Keys) -> bytes:
    """Made by whoever asks first."""
    await store.ask("SET", keys.secret, secrets.token_hex(32), "NX")
    return bytes.fromhex(await store.ask("GET", keys.secret))
