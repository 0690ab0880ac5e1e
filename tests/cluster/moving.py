"""Moving one slot to another master, in the two ways that operators have."""

import asyncio

from tests.cluster.servers import Node, Servers

_AT_ONCE = 10
_SLOWLY = 0.01


async def moves_key_by_key(cluster: Servers, slot: int, there: Node) -> None:
    """As `--cluster reshard` does: the servers answer ASK and TRYAGAIN meanwhile."""
    here = cluster.master(slot)
    here_id, there_id = here.id, there.id
    there.client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", here_id)
    here.client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", there_id)
    while keys := here.client.execute_command("CLUSTER GETKEYSINSLOT", slot, _AT_ONCE):
        await asyncio.to_thread(
            here.client.execute_command, "MIGRATE", "127.0.0.1", there.port, "", 0, 5000, "KEYS", *keys
        )
        await asyncio.sleep(_SLOWLY)
    for node in [there, here, *cluster.masters()]:
        node.client.execute_command("CLUSTER SETSLOT", slot, "NODE", there_id)
    await until_agreed(cluster, slot, there)


async def moves_at_once(cluster: Servers, slot: int, there: Node) -> None:
    """As Valkey 9 does by itself: the data are copied first, and the slot is switched over in one moment."""
    here = cluster.master(slot)
    here.client.execute_command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", there.id)
    await until_agreed(cluster, slot, there)


async def until_agreed(cluster: Servers, slot: int, there: Node) -> None:
    """Every node knows whose slot it is."""
    async with asyncio.timeout(20):
        while any(cluster.owner_as_seen_by(node, slot) is not there for node in cluster.nodes):
            await asyncio.sleep(0.05)
