"""Which ports are free."""

import socket
from collections.abc import Collection

from zhiban.problems import Problem

LOOPBACK = "127.0.0.1"
_TRIES = 200


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. Raises OSError for a host that is not this machine's."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        # As servers do: a port whose last connections are still fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in (48, 98, 13):  # in use on macOS, in use on Linux, not allowed
                return False
            raise
    return True


def next_free(wanted: int, taken: Collection[int] = ()) -> int:
    """`wanted` on the loopback, or the next one that is free and not in `taken`."""
    for port in range(wanted, min(wanted + _TRIES, 65536)):
        if port not in taken and is_free(LOOPBACK, port):
            return port
    raise Problem(f"no free port on {LOOPBACK} from {wanted} to {wanted + _TRIES}.")


def choose(wanted: dict[str, int], reserved: Collection[int] = ()) -> dict[str, int]:
    """One free port a name, no two alike."""
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        chosen[name] = next_free(port, {*reserved, *chosen.values()})
    return chosen
