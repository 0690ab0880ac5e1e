"""What it costs when a master of a Redis Cluster dies: for how long its customers get no acknowledgement.

python -m benchmarks.failover --node-timeout 2 --replicas 1 --back-after 5

Six (nine with two replicas) real servers on this machine; customers of every partition write five times a second and
repeat what is not acknowledged. With one replica and REPLICA_ACKS=1 the partition acknowledges again only when the
server that was lost is back as a replica.
"""

import argparse
import asyncio
import time

from desk import PARTITIONS, Desk, Settings
from tests.cluster.people import Customer, living_at
from tests.cluster.servers import Servers, cluster_servers


async def measure(servers: Servers, acks: int, back_after: float) -> None:
    settings = Settings(servers.url, "bench", replica_acks=acks)
    enough = asyncio.Event()
    async with await Desk.connect(settings) as desk:
        customers = [Customer(desk, address) for address in living_at(range(0, PARTITIONS, 4))]
        writing = [asyncio.create_task(customer.writes_until(enough)) for customer in customers]
        await asyncio.sleep(2)
        hit = {partition for partition in range(PARTITIONS) if servers.master_of(partition) is servers.master_of(0)}
        master, replica = servers.master_of(0), servers.replica_of(0)
        began = time.monotonic()
        master.kill()
        promoted = await servers.until_promoted(replica)
        await asyncio.sleep(max(0.0, back_after - (time.monotonic() - began)))
        await servers.heal()
        back = time.monotonic() - began
        await asyncio.sleep(2)
        enough.set()
        await asyncio.gather(*writing)
    theirs = [customer.silent for customer in customers if customer.address.partition in hit]
    others = [customer.silent for customer in customers if customer.address.partition not in hit]
    print(f"the replica was a master after {promoted:.1f} s, the lost server a replica again after {back:.1f} s")
    print(
        f"no acknowledgement: {min(theirs):.1f} to {max(theirs):.1f} s for its partitions ({len(hit)} of {PARTITIONS})"
    )
    print(f"                    {max(others):.1f} s at most for the others")
    refused = sum(customer.refused for customer in customers)
    print(f"refused {refused} times; a call took {max(customer.slowest for customer in customers):.1f} s at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node-timeout", type=float, default=2.0, help="cluster-node-timeout, seconds")
    parser.add_argument("--replicas", type=int, default=1, help="of each master")
    parser.add_argument("--acks", type=int, default=1, help="REPLICA_ACKS")
    parser.add_argument("--back-after", type=float, default=5.0, help="seconds until the lost server is started again")
    given = parser.parse_args()
    with cluster_servers(given.replicas, cluster_node_timeout=str(int(given.node_timeout * 1000))) as servers:
        asyncio.run(measure(servers, given.acks, given.back_after))


if __name__ == "__main__":
    main()
