"""A Redis Cluster of real processes on the loopback: three masters, each with a replica or more."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from redis.retry import Retry

from desk.store.keys import Keys
from desk.store.slots import slot_of_key
from tests.product import free_ports
from tests.redis_server import start_redis, stop_redis

MASTERS = 3
NODE_TIMEOUT_MS = 1500
SLOTS = 16384
_PATIENCE = 30.0

_OPTIONS = {
    "cluster-enabled": "yes",
    "cluster-config-file": "nodes.conf",
    "cluster-node-timeout": str(NODE_TIMEOUT_MS),
    "cluster-require-full-coverage": "no",
    "cluster-allow-replica-migration": "no",
    "bind": "127.0.0.1",
    "repl-diskless-sync-delay": "0",
    "maxmemory-policy": "noeviction",
}


@dataclass(eq=False)
class Node:
    """One server, which may be killed, frozen and started again on its data."""

    folder: Path
    port: int
    bus: int
    options: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    client: Redis = field(init=False)

    def __post_init__(self) -> None:
        # Each client waits for a node as long as a test would: a node that stands still must not hang the tests.
        self.client = Redis(
            "127.0.0.1", self.port, decode_responses=True, socket_timeout=2, socket_connect_timeout=1, retry=_never()
        )

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = [word for name, value in {**_OPTIONS, **self.options}.items() for word in (f"--{name}", value)]
        ports = ("--port", str(self.port), "--cluster-port", str(self.bus))
        self.process = start_redis(self.folder, *options, *ports)

    def kill(self) -> None:
        """As a power failure would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None
        self.client.connection_pool.disconnect()

    def stop(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGCONT)
            stop_redis(self.process)
            self.process = None
        self.client.close()

    def freeze(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGCONT)

    @property
    def id(self) -> str:
        return str(self.client.cluster("MYID"))

    def errors_met(self) -> set[str]:
        """What it has answered instead of doing something, since its statistics were last reset."""
        return {name.removeprefix("errorstat_") for name in self.client.info("errorstats")}

    def slots(self) -> int:
        """How many it serves as a master."""
        mine = self.client.cluster("NODES")[f"127.0.0.1:{self.port}"]
        return sum(int(span[-1]) - int(span[0]) + 1 for span in mine["slots"]) if "master" in mine["flags"] else 0


class Servers:
    """The cluster. `url` is what REDIS_URL would be."""

    def __init__(self, folder: Path, replicas: int = 1, **options: str) -> None:
        """`options` are those of the servers, with _ for -."""
        ports = free_ports(2 * MASTERS * (1 + replicas))
        pairs = zip(ports[::2], ports[1::2], strict=True)
        own = {name.replace("_", "-"): value for name, value in options.items()}
        self.nodes = [Node(folder / str(number), port, bus, own) for number, (port, bus) in enumerate(pairs)]
        self._replicas = replicas

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            _until(lambda node=node: node.client.ping(), f"{node.port} does not answer")
        self._introduce()
        masters, replicas = self.nodes[:MASTERS], self.nodes[MASTERS:]
        for number, node in enumerate(masters):
            first, after = (SLOTS * step // MASTERS for step in (number, number + 1))
            node.client.execute_command("CLUSTER ADDSLOTSRANGE", first, after - 1)
        for master, replica in zip(masters * self._replicas, replicas, strict=True):
            # Refused until they have met.
            follow = ("CLUSTER REPLICATE", master.id)
            _until(lambda replica=replica, follow=follow: replica.client.execute_command(*follow), "nobody replicates")
        self.until_whole()

    def _introduce(self) -> None:
        for epoch, node in enumerate(self.nodes, start=1):
            node.client.execute_command("CLUSTER SET-CONFIG-EPOCH", epoch)
        for node in self.nodes[1:]:
            self.nodes[0].client.execute_command("CLUSTER MEET", "127.0.0.1", node.port, node.bus)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()

    def start_again(self) -> None:
        """All that were killed or frozen. In the main thread: the kernel ends a server with the thread it is from."""
        for node in self.nodes:
            node.thaw()
            if node.process is None:
                node.start()

    async def heal(self) -> None:
        """Whatever a test did: every node runs, serves and is in step again."""
        self.start_again()
        await asyncio.to_thread(self.until_whole)

    def until_whole(self) -> None:
        _until(self._is_whole, "the cluster does not become whole")

    def _is_whole(self) -> bool:
        roles = [node.client.info("replication") for node in self.nodes]
        states = [node.client.cluster("INFO")["cluster_state"] for node in self.nodes]
        flags = [facts["flags"] for node in self.nodes for facts in node.client.cluster("NODES").values()]
        return (
            set(states) == {"ok"}
            and not any("fail" in flag or "handshake" in flag for flag in flags)
            and sum(role["role"] == "master" and role["connected_slaves"] >= 1 for role in roles) == MASTERS
            and sum(role.get("master_link_status") == "up" for role in roles) == MASTERS * self._replicas
            and all(self.master(slot) for slot in (0, SLOTS // 2, SLOTS - 1))
        )

    def master(self, slot: int) -> Node:
        """Whose slot it is now, by the word of any node that answers."""
        for node in self.nodes:
            with contextlib.suppress(RedisError, OSError):
                if owner := self.owner_as_seen_by(node, slot):
                    return owner
        raise AssertionError(f"nobody knows whose slot {slot} is")

    def masters(self) -> list[Node]:
        """Those that have slots."""
        return list(dict.fromkeys(self.master(slot) for slot in range(0, SLOTS, SLOTS // 8)))

    def owner_as_seen_by(self, node: Node, slot: int) -> Node | None:
        for first, last, (_host, port, *_), *_replicas in _shards(node):
            if first <= slot <= last:
                return self._at(port)
        return None

    def master_of(self, partition: int) -> Node:
        return self.master(slot_of(partition))

    def replica_of(self, partition: int) -> Node:
        return self.replica(slot_of(partition))

    def replica(self, slot: int) -> Node:
        for node in self.nodes:
            with contextlib.suppress(RedisError, OSError):
                for first, last, _master, *replicas in _shards(node):
                    if first <= slot <= last and replicas:
                        return self._at(replicas[0][1])
        raise AssertionError(f"slot {slot} has no replica")

    def at_key(self, key: str) -> tuple[Node, Node]:
        """Master and replica."""
        slot = slot_of_key(key)
        return self.master(slot), self.replica(slot)

    async def takes_over(self, replica: Node) -> None:
        """A replica that was away when its master died becomes master all the same, as an operator would have it."""
        replica.start()
        takeover = lambda: replica.client.execute_command("CLUSTER FAILOVER", "TAKEOVER")  # noqa: E731
        await asyncio.to_thread(_until, takeover, "the replica does not take over")
        await self.until_promoted(replica)

    async def until_promoted(self, replica: Node) -> float:
        """The seconds until a replica had become a master."""
        began = time.monotonic()
        promoted = lambda: replica.client.info("replication")["role"] == "master"  # noqa: E731
        await asyncio.to_thread(_until, promoted, "nobody was promoted")
        return time.monotonic() - began

    def _at(self, port: int) -> Node:
        return next(node for node in self.nodes if node.port == int(port))


@contextlib.contextmanager
def cluster_servers(replicas: int = 1, **options: str) -> Iterator[Servers]:
    """A cluster that is whole, and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zbc"))
    servers = Servers(folder, replicas, **options)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def slot_of(partition: int) -> int:
    return slot_of_key(Keys("zb").partition(partition).inbox)


def _never() -> Retry:
    from redis.backoff import NoBackoff

    return Retry(NoBackoff(), 0)


def _shards(node: Node) -> list[list[Any]]:
    """First and last slot, the master, the replicas."""
    shards: list[list[Any]] = node.client.execute_command("CLUSTER SLOTS")
    return shards


def _until(met: Callable[[], object], otherwise: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(RedisError, OSError):
            if met():
                return
        if time.monotonic() > until:
            raise AssertionError(otherwise)
        time.sleep(0.05)
