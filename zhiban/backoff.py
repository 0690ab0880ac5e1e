"""How long to wait before something that died is started again."""


class Backoff:
    """Doubles from `first` to `limit` seconds; what lived for `steady` seconds starts over."""

    def __init__(self, first: float = 0.5, limit: float = 10.0, steady: float = 30.0) -> None:
        self._first, self._limit, self._steady = first, limit, steady
        self._next = first

    def after(self, alive: float) -> float:
        """Seconds to wait after a life of `alive` seconds."""
        if alive >= self._steady:
            self._next = self._first
        wait = self._next
        self._next = min(self._next * 2, self._limit)
        return wait
