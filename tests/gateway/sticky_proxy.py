"""A proxy before several doors, as that of compose.yml: a cookie keeps each client at its door while it serves."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

COOKIE = "zhiban_door"
_ASK_SECONDS = 0.1
# A request that broke off may be repeated elsewhere when a second time does no harm.
_REPEATABLE = ("/v1/messages", "/webhooks/rest/webhook")
_NOT_PASSED_ON = frozenset(
    {"connection", "content-encoding", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade"}
)


@dataclass
class Door:
    """One process; `ready` is what it said last."""

    url: str
    ready: bool = False
    sockets: int = 0
    polls: int = 0


@dataclass(frozen=True)
class Failure:
    """An answer of 500 or more that a client got."""

    path: str
    status: int
    retry_after: str | None = None


@dataclass
class StickyProxy:
    """`sticky` False: requests go round, whoever sends them."""

    doors: Sequence[Door]
    sticky: bool = True
    failures: list[Failure] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._turn = itertools.count()
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)

    @property
    def failed(self) -> list[Failure]:
        """What is not "come again in so many seconds"."""
        return [one for one in self.failures if one.status != 503 or not one.retry_after]

    async def watch(self) -> None:
        """Ask every door whether it is ready, until cancelled."""
        while True:
            await asyncio.gather(*(self._ask(door) for door in self.doors))
            await asyncio.sleep(_ASK_SECONDS)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        body = await request.read()
        for place in self._places(request):
            try:
                if upgrade:
                    return await self._bridge(place, request)
                return await self._forward(place, request, body)
            except aiohttp.ClientConnectorError:
                self.doors[place].ready = False
            except aiohttp.ClientConnectionError:
                if request.method != "GET" and request.path not in _REPEATABLE:
                    break
        return self._noted(web.Response(status=502), request)

    async def aclose(self) -> None:
        await self._http.close()

    async def _ask(self, door: Door) -> None:
        try:
            async with self._http.get(f"{door.url}/readyz", timeout=aiohttp.ClientTimeout(2)) as answer:
                door.ready = answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            door.ready = False

    def _places(self, request: web.Request) -> list[int]:
        """The door that the client has, then those that are ready, then the others."""
        turn = next(self._turn)
        places = [(turn + step) % len(self.doors) for step in range(len(self.doors))]
        places.sort(key=lambda place: not self.doors[place].ready)
        own = request.cookies.get(COOKIE, "")
        if self.sticky and own.isdecimal() and (self.doors[int(own)].ready or "sid" in request.query):
            places.sort(key=lambda place: place != int(own))
        return places

    async def _forward(self, place: int, request: web.Request, body: bytes) -> web.Response:
        door = self.doors[place]
        if request.query.get("transport") == "polling":
            door.polls += 1
        url, headers = f"{door.url}{request.path_qs}", _passed_on(request.headers.items())
        async with self._http.request(request.method, url, data=body, headers=headers, allow_redirects=False) as got:
            answer = web.Response(status=got.status, body=await got.read())
            answer.headers.extend(_passed_on(got.headers.items()))
        if self.sticky and request.cookies.get(COOKIE) != str(place):
            answer.headers.add("Set-Cookie", f"{COOKIE}={place}; Path=/; HttpOnly")
        return self._noted(answer, request)

    async def _bridge(self, place: int, request: web.Request) -> web.StreamResponse:
        door = self.doors[place]
        try:
            there = await self._http.ws_connect(f"{door.url}{request.path_qs}", autoping=False, compress=0)
        except aiohttp.WSServerHandshakeError as refused:
            return self._noted(web.Response(status=refused.status), request)
        here = web.WebSocketResponse(autoping=False)
        await here.prepare(request)
        door.sockets += 1
        ways = [asyncio.create_task(_pass(here, there)), asyncio.create_task(_pass(there, here))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            door.sockets -= 1
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            code = there.close_code or here.close_code or 1000
            with contextlib.suppress(ConnectionError):
                await asyncio.gather(there.close(), here.close(code=code if code != 1006 else 1011))
        return here

    def _noted(self, answer: web.Response, request: web.Request) -> web.Response:
        if answer.status >= 500:
            self.failures.append(Failure(request.path, answer.status, answer.headers.get("Retry-After")))
        return answer


def _passed_on(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _NOT_PASSED_ON]


async def _pass(
    source: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
    target: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
) -> None:
    """Until one side closes."""
    with contextlib.suppress(ConnectionError):
        async for message in source:
            if message.type == aiohttp.WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type == aiohttp.WSMsgType.BINARY:
                await target.send_bytes(message.data)
            elif message.type == aiohttp.WSMsgType.PING:
                await target.ping(message.data)


@contextlib.asynccontextmanager
async def proxied(urls: Sequence[str], *, sticky: bool = True) -> AsyncIterator[StickyProxy]:
    """A proxy before these doors, once all of them are ready."""
    proxy = StickyProxy([Door(url) for url in urls], sticky)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    watching = asyncio.create_task(proxy.watch())
    try:
        async with asyncio.timeout(10):
            while not all(door.ready for door in proxy.doors):
                await asyncio.sleep(0.02)
        yield proxy
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await runner.cleanup()
        await proxy.aclose()
