"""The connection to Redis or a Redis Cluster: what may be sent, what is confirmed, and where Redis' errors end."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, OutOfMemoryError, ResponseError

from desk.errors import NotAcknowledged, StoreUnavailable
from desk.store.cluster import Cluster
from desk.store.link import OUT_OF_REACH, REFUSES_WORK, Command, Link
from desk.store.one_server import OneServer
from desk.store.scripts import Script

ACKNOWLEDGE_MS = 300

T = TypeVar("T")
Call = tuple[Sequence[str], Command]  # keys, arguments


def connect(url: str) -> Link:
    """A link to `url`; nothing is sent yet. `redis+cluster://` and `rediss+cluster://` mean a cluster.

    Raises ValueError for what is no address.
    """
    return Cluster(url) if "+cluster://" in url else OneServer(url)


@contextmanager
def reaching_redis() -> Iterator[None]:
    """The one place where Redis out of reach becomes StoreUnavailable."""
    try:
        yield
    except OUT_OF_REACH as error:
        raise StoreUnavailable(f"Redis does not answer: {type(error).__name__}") from error
    except ResponseError as error:
        if str(error).startswith(REFUSES_WORK) or isinstance(error, OutOfMemoryError):
            raise StoreUnavailable(f"Redis refuses: {error}") from error
        raise


class Store:
    """Runs scripts and commands; knows nothing of conversations."""

    def __init__(self, link: Link, replica_acks: int | None = None) -> None:
        self.link = link
        self.clustered = link.clustered
        self.acks = int(link.clustered) if replica_acks is None else replica_acks

    async def run(self, script: Script, keys: Sequence[str], args: Command = (), *, confirmed: bool = False) -> Any:
        """What the script returns. `confirmed`: only after REPLICA_ACKS replicas have it, else NotAcknowledged."""
        # WAIT counts what its own connection wrote, so both go down one connection.
        wait = [("WAIT", self.acks, ACKNOWLEDGE_MS)] if confirmed and self.acks else []
        with reaching_redis():
            answer, *acks = await self.link.together([by_sha(script, keys, args), *wait])
            if isinstance(answer, NoScriptError):
                answer, *acks = await self.link.together([by_text(script, keys, args), *wait])
            _raise_first([answer, *acks])
        if acks and int(acks[0]) < self.acks:
            raise NotAcknowledged(f"{acks[0]} of {self.acks} replicas confirmed within {ACKNOWLEDGE_MS} ms")
        return answer

    async def run_each(self, script: Script, calls: Sequence[Call], seconds: float) -> list[Any]:
        """A script on many slots: the answers, StoreUnavailable in the place of those that do not come in time."""
        if not calls:
            return []
        found = await self.link.each([by_sha(script, keys, args) for keys, args in calls], seconds)
        unknown = [place for place, answer in enumerate(found) if isinstance(answer, NoScriptError)]
        if unknown:
            again = await self.link.each([by_text(script, *calls[place]) for place in unknown], seconds)
            for place, answer in zip(unknown, again, strict=True):
                found[place] = answer
        return [_unavailable_or_raise(answer) for answer in found]

    async def ask(self, *command: str | float | bytes, raw: bool = False) -> Any:
        """The answer to one command; `raw` leaves bytes as they are."""
        with reaching_redis():
            (answer,) = await self.link.together([command], raw=raw)
            return _raise_first([answer])[0]

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to many commands, sent together (on a cluster, together for each server)."""
        if not commands:
            return []
        with reaching_redis():
            return _raise_first(await self.link.each(commands))

    async def ask_each(self, commands: Sequence[Command], seconds: float) -> list[Any]:
        """The same, but a server out of reach costs its own answers only: StoreUnavailable is in their place."""
        if not commands:
            return []
        return [_unavailable_or_raise(answer) for answer in await self.link.each(commands, seconds)]

    async def ping(self) -> None:
        """Return when a server answers."""
        with reaching_redis():
            await self.link.ping()

    async def scan(self, pattern: str, count: int) -> AsyncIterator[str]:
        """Every key that matches; for checks, never for work."""
        with reaching_redis():
            async for key in self.link.scan(pattern, count):
                yield key

    async def homes(self, channels: Sequence[str], *, afresh: bool = False) -> Mapping[Redis, frozenset[str]]:
        """The server on which to subscribe to each sharded channel."""
        with reaching_redis():
            return await self.link.homes(channels, afresh)

    async def aclose(self) -> None:
        await self.link.aclose()


def in_reach(answers: Iterable[tuple[T, Any]]) -> list[tuple[T, Any]]:
    """Those that came, of `run_each` and `ask_each`: part of a cluster is better than nothing. Raises for nothing."""
    asked = list(answers)
    came = [(what, answer) for what, answer in asked if not isinstance(answer, StoreUnavailable)]
    if asked and not came:
        raise asked[0][1]
    return came


def by_sha(script: Script, keys: Sequence[str], args: Command) -> Command:
    return ("EVALSHA", script.sha, len(keys), *keys, *args)


def by_text(script: Script, keys: Sequence[str], args: Command) -> Command:
    return ("EVAL", script.text, len(keys), *keys, *args)


def _raise_first(answers: list[Any]) -> list[Any]:
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _unavailable_or_raise(answer: Any) -> Any:
    if not isinstance(answer, Exception):
        return answer
    try:
        with reaching_redis():
            raise answer
    except StoreUnavailable as unavailable:
        return unavailable
