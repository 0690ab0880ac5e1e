"""Which ports are free, and which of them another zhiban on this machine is about to use."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def chosen(wanted: Mapping[str, int], reserved: Collection[int] = ()) -> Iterator[dict[str, int]]:
    """One port a name on the loopback, no two alike: the wanted one, or the next that is free.

    Within the block no other zhiban chooses them. Free is not enough: a process listens seconds after its port was
    chosen, and two products that start together would choose alike.
    """
    claims: dict[int, int] = {}
    try:
        yield {name: _claim_next(port, reserved, claims) for name, port in wanted.items()}
    finally:
        for descriptor in claims.values():
            os.close(descriptor)


def _claim_next(wanted: int, reserved: Collection[int], claims: dict[int, int]) -> int:
    for port in range(wanted, min(wanted + _TRIES, 65536)):
        if port in reserved or port in claims or not is_free(LOOPBACK, port):
            continue
        descriptor = _claim(port)
        if descriptor is not None:
            claims[port] = descriptor
            return port
    raise Problem(f"no free port on {LOOPBACK} from {wanted} to {wanted + _TRIES}.")


def _claim(port: int) -> int | None:
    """A locked file for this port, until it is closed; None when somebody else has it."""
    folder = Path(tempfile.gettempdir()) / f"zhiban-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
