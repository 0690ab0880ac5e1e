"""What one program writes: copied from a pipe into its log, warnings told at the terminal."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from zhiban.logs import Lines, RotatingFile, warning_in

_CHUNK = 64 * 1024
_LONGEST_WARNING = 500
_LAST_WORDS_SECONDS = 1.0


class Output:
    """The log of one program over all its lives; `tell` gets each warning."""

    def __init__(self, log: Path, tell: Callable[[str], None]) -> None:
        self._file = RotatingFile(log)
        self._tell = tell

    def close(self) -> None:
        self._file.close()

    async def pipe(self) -> "Pipe":
        """One for each life."""
        ours, theirs = os.pipe()
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", buffering=0)
        )
        return Pipe(theirs, transport, asyncio.create_task(self._copy(reader)))

    async def _copy(self, reader: asyncio.StreamReader) -> None:
        lines = Lines()
        while data := await reader.read(_CHUNK):
            self._file.write(data)
            for line in lines.feed(data):
                warning = warning_in(line)
                if warning:
                    self._tell(warning[:_LONGEST_WARNING])


class Pipe:
    """`end` is what the program writes to.

    Not the pipe that asyncio offers: with that, a process counts as over only when everybody who inherited its output
    has closed it, which a grandchild may never do.
    """

    def __init__(self, end: int, transport: asyncio.ReadTransport, copying: "asyncio.Task[None]") -> None:
        self.end = end
        self._transport, self._copying = transport, copying

    def given_away(self) -> None:
        """The program has its end now (or will never have it)."""
        os.close(self.end)

    async def finish(self) -> None:
        """Copy what is left, and close."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._copying
        self._transport.close()
