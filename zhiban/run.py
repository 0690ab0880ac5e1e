"""`zhiban run`: checks, starts everything in order, keeps it running, ends it."""

import asyncio
import signal

from zhiban import doctor, embedded, model, ports
from zhiban.data_dir import held
from zhiban.first_agent import first_password
from zhiban.problems import Problems
from zhiban.programs import Addresses, Programs
from zhiban.readiness import http, until
from zhiban.run_state import RunState
from zhiban.screen import Screen
from zhiban.settings import Settings
from zhiban.supervisor import Supervisor
from zhiban.together import together


def run(settings: Settings, screen: Screen) -> None:
    """Run the product until Ctrl-C or SIGTERM. Raises Problem."""
    with held(settings.data_dir) as lock:
        faults = [finding.text for finding in doctor.examine(settings, lock_is_ours=True) if not finding.good]
        if faults:
            raise Problems(faults)
        with ports.chosen(settings.private_ports, reserved=[settings.port]) as private:
            asyncio.run(_Run(settings, screen, lock, private).until_stopped())


class _Run:
    """One run, from the first process to the last."""

    def __init__(self, settings: Settings, screen: Screen, lock: int, private: dict[str, int]) -> None:
        self._settings, self._screen, self._lock = settings, screen, lock
        self._programs = Programs(settings, private, Addresses.of(settings, private))
        self._state = RunState(settings.data_dir, settings.url, {"doors": settings.port, **private})
        self._supervisor = Supervisor(settings.logs, screen.warn, self._note)

    async def until_stopped(self) -> None:
        stopped = _on_signals()
        working = asyncio.create_task(self._work())
        try:
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
            else:
                self._screen.say("stopping ...")
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await self._supervisor.stop()
            self._state.remove()
        self._screen.say("stopped")

    async def _work(self) -> None:
        await self._start()
        await self._supervisor.watch()

    async def _start(self) -> None:
        self._note()
        if not self._settings.elsewhere("redis"):
            await self._supervisor.start([embedded.program(self._settings, self._lock)])
        await together(self._bring_up_servers(), self._bring_up_rasa())
        async with self._screen.step("opening the doors"):
            await self._supervisor.start(self._programs.front())
        # Not before: a first start that is cut off would have made a password that nobody was told.
        password = await first_password(self._programs.environ())
        self._state.write(self._supervisor.children, ready=True)
        self._announce(password)

    async def _bring_up_servers(self) -> None:
        async with self._screen.step("starting the knowledge and action servers"):
            await self._supervisor.start(self._programs.before_rasa())

    async def _bring_up_rasa(self) -> None:
        """At once with a model that is there; else as soon as the encoder is loaded, which training needs."""
        if self._settings.elsewhere("rasa"):
            return
        programs = self._programs
        path = model.ready_made(self._settings)
        if path is None:
            url = programs.addresses.knowledge
            await until(http(f"{url}/v1/encoder"))
            path = await model.ensure(self._settings, url, programs.environ(), self._screen)
        async with self._screen.step("starting Rasa"):
            await self._supervisor.start([programs.rasa(path)])

    def _announce(self, password: str | None) -> None:
        url = self._settings.url
        if password:
            # Shown here only: in no log and no file.
            self._screen.say(f"First agent: name admin, password {password} (shown only this once)")
        self._screen.say(f"Zhiban is ready: {url}/ (demo shop) · {url}/desk (agents) · {url}/docs (API) · Ctrl-C stops")

    def _note(self) -> None:
        self._state.write(self._supervisor.children)


def _on_signals() -> "asyncio.Future[None]":
    """Done at the first SIGINT or SIGTERM; later ones change nothing, the end takes ten seconds at most."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[None] = loop.create_future()

    def stop() -> None:
        if not stopped.done():
            stopped.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    return stopped
