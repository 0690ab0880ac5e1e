"""Who waits for a conversation is woken when something is written in it; what was written is read from the log."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from desk import Address, Desk, DeskError, Typing
from gateway.doors.watches import Bell, Watch

# Nudges may be lost with a connection, so whoever waits is compared with the log this often ...
LOOK_AGAIN_SECONDS = 2.0
# ... and when nobody has said anything for a while, every so many times.
QUIET_AFTER_SECONDS = 300.0
QUIET_ROUNDS = 5
_AT_ONCE = 500
_RECONNECT_SECONDS = 0.5
# A conversation that has no more events than this has only just been opened.
_FIRST_EVENTS = 4

_log = structlog.get_logger()


@dataclass
class _Expected:
    """Those who wait for the next conversation of one customer."""

    address: Address
    watches: set[Watch] = field(default_factory=set)


class Nudges:
    """Hands the desk's nudges to the followers in this process."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = defaultdict(set)
        self._expected: dict[str, _Expected] = {}
        self._opened: set[str] = set()
        self._introducing = asyncio.Event()
        self._missed = asyncio.Event()
        self.listeners: list[Callable[[str], None]] = []
        self.typing_listeners: list[Callable[[Typing], None]] = []
        self.leaving = False  # soon to close: whoever asks is told to send nobody new
        self.closed_at: float | None = None

    @property
    def closing(self) -> bool:
        return self.closed_at is not None

    # those who wait

    def add(self, conversation: str, watch: Watch) -> None:
        """Ring when something is written in the conversation. Read the log after this: what came before is there."""
        self._watches[conversation].add(watch)
        if self.closing:
            watch.ring()

    def remove(self, conversation: str, watch: Watch) -> None:
        self._watches[conversation].discard(watch)
        if not self._watches[conversation]:
            del self._watches[conversation]

    def expect(self, address: Address, watch: Watch) -> None:
        """Ring when the customer's next conversation is opened, perhaps on another device."""
        self._expected.setdefault(address.digest, _Expected(address)).watches.add(watch)
        if self.closing:
            watch.ring()

    def expect_no_more(self, address: Address, watch: Watch) -> None:
        expected = self._expected.get(address.digest)
        if expected is not None:
            expected.watches.discard(watch)
            if not expected.watches:
                del self._expected[address.digest]

    @contextmanager
    def watch(self, conversation: str, reached: int) -> Iterator[Bell]:
        """A bell for one who waits for what comes after `reached`."""
        bell = Bell()
        watch = Watch(bell.ring, reached=reached, heard_at=_now())
        self.add(conversation, watch)
        try:
            yield bell
        finally:
            self.remove(conversation, watch)

    # what is heard

    async def run(self, desk: Desk) -> None:
        """Follow the desk until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self._listen, self._introduce, self._compare):
                tasks.create_task(work(desk))

    def nudge(self, conversation: str, seq: int) -> None:
        """Something was written in `conversation`; "" when anything may have been written anywhere."""
        if not conversation:
            self._missed.set()
        elif seq <= _FIRST_EVENTS and self._expected:
            self._opened.add(conversation)
            self._introducing.set()
        _ring(watch for watch in self._watches.get(conversation, ()) if watch.reached < seq)
        for listener in self.listeners:
            listener(conversation)

    def typing(self, typing: Typing) -> None:
        for watch in [*self._watches.get(typing.conversation, ())]:
            watch.typing(typing.role)
        for listener in self.typing_listeners:
            listener(typing)

    def close(self) -> None:
        """Let every wait end now, and those to come at once."""
        self.leaving, self.closed_at = True, _now()
        for watches in [*self._watches.values()]:
            _ring(watches)
        for expected in [*self._expected.values()]:
            _ring(expected.watches)

    async def _listen(self, desk: Desk) -> None:
        while not self.closing:
            try:
                async for news in desk.listen():
                    if isinstance(news, Typing):
                        self.typing(news)
                    else:
                        self.nudge(*news)
            except DeskError as error:
                _log.warning("follow_interrupted", code=error.code)
            await asyncio.sleep(_RECONNECT_SECONDS)

    # what may have been missed

    async def _introduce(self, desk: Desk) -> None:
        """Tell those who expect a customer's next conversation that it is there."""
        while not self.closing:
            await self._introducing.wait()
            self._introducing.clear()
            opened, self._opened = self._opened, set()
            try:
                for digest in await desk.customers_of(opened):
                    if digest in self._expected:
                        _ring(self._expected[digest].watches)
            except DeskError as error:  # they are compared anyway, a little later
                _log.warning("introductions_wait", code=error.code)

    async def _compare(self, desk: Desk) -> None:
        """Ring for whoever is not where the log is: all after an interruption, else the quiet ones in turn."""
        rounds = 0
        while not self.closing:
            try:
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await self._missed.wait()
            except TimeoutError:
                rounds += 1
            everybody = self._missed.is_set()
            self._missed.clear()
            try:
                await self.compare(desk, None if everybody else rounds)
            except DeskError as error:
                _log.warning("comparing_waits", code=error.code)
                await asyncio.sleep(_RECONNECT_SECONDS)
                self._missed.set()

    async def compare(self, desk: Desk, rounds: int | None = None) -> None:
        """`rounds` None: everybody."""
        for ids in _some(self._due(rounds)):
            for id_, last in (await desk.last_numbers(ids)).items():
                _ring(watch for watch in self._watches.get(id_, ()) if watch.reached != last)
        for digests in _some([digest for digest in self._expected if _in_turn(digest, rounds)]):
            customers = [expected.address for digest in digests if (expected := self._expected.get(digest))]
            for address in await desk.with_open_conversation(customers):
                _ring(expected.watches if (expected := self._expected.get(address.digest)) else ())

    def _due(self, rounds: int | None) -> list[str]:
        lately = _now() - QUIET_AFTER_SECONDS
        return [
            id_
            for id_, watches in self._watches.items()
            if _in_turn(id_, rounds) or any(watch.heard_at >= lately for watch in watches)
        ]


def _ring(watches: Iterable[Watch]) -> None:
    for watch in [*watches]:
        watch.ring()


def _in_turn(key: str, rounds: int | None) -> bool:
    return rounds is None or hash(key) % QUIET_ROUNDS == rounds % QUIET_ROUNDS


def _some(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _now() -> float:
    return asyncio.get_running_loop().time()
