"""Who is typing is told once a second, however fast they type."""

import asyncio

PAUSE_SECONDS = 1.0


class Typists:
    """Remembers nobody for longer than the pause."""

    def __init__(self, pause: float = PAUSE_SECONDS) -> None:
        self._pause = pause
        self._told: dict[str, float] = {}

    def may_type(self, who: str) -> bool:
        now = asyncio.get_running_loop().time()
        for name in [name for name, at in self._told.items() if now - at >= self._pause]:
            del self._told[name]
        if who in self._told:
            return False
        self._told[who] = now
        return True
