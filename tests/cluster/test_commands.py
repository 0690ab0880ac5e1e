"""The commands of an operator, pointed at a cluster."""

from pathlib import Path

import pytest

from desk import Desk
from desk.store.server_check import check_replicas
from tests.cluster.servers import Servers
from tests.desk.cast import MEI, writes
from tests.product import free_ports
from tests.zhiban.command import Command


@pytest.fixture
def zhiban(cluster: Servers, namespace: str, tmp_path: Path) -> Command:
    (port,) = free_ports(1)
    own = {"REDIS_URL": cluster.url, "NAMESPACE": namespace, "DATA_DIR": str(tmp_path), "PORT": str(port)}
    return Command(own)


def test_the_doctor_says_what_kind_of_cluster_it_found(zhiban: Command) -> None:
    [line] = [line for line in zhiban("doctor").lines if "REDIS_URL" in line]
    assert line.startswith("ok  the Redis of REDIS_URL: a cluster of Valkey ")
    assert line.endswith(", 3 masters and 3 replicas answer")


def test_the_doctor_wants_replicas_for_what_is_to_be_confirmed(zhiban: Command) -> None:
    [line] = [line for line in zhiban("doctor", REPLICA_ACKS="2").lines if "REDIS_URL" in line]
    assert line.startswith("NO  REDIS_URL: the cluster's masters have 1 replicas and REPLICA_ACKS is 2: add replicas")


def test_a_cluster_that_has_lost_some_replicas_may_still_be_used() -> None:
    check_replicas([{"connected_slaves": 0}, {"connected_slaves": 1}], 1)


async def test_the_check_finds_damage_on_every_master(zhiban: Command, desk: Desk) -> None:
    conversation = (await writes(desk, "在吗")).conversation
    assert zhiban("check").lines == ["0 differences"]
    waiting = desk.keys.partition(MEI.partition).waiting
    await desk.store.ask("ZADD", waiting, 1, conversation)
    said = zhiban("check")
    await desk.store.ask("ZREM", waiting, conversation)
    assert (said.code, said.lines) == (1, [f"{conversation}: is bot, but in the queue", "1 differences"])
