"""The data directory belongs to one `zhiban run` at a time, and to one kind of server for good."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhiban.problems import Problem

LOCK = "zhiban.lock"
STAMP = "server.json"
# A server that is just ending still holds the lock for a moment.
PATIENCE_SECONDS = 3.0


@contextmanager
def held(data_dir: Path, patience: float = PATIENCE_SECONDS) -> Iterator[int]:
    """Hold `data_dir` for ourselves; gives the descriptor of the lock.

    Handed to the embedded server, the descriptor keeps the directory held for as long as either of us lives:
    two servers on one directory would both start, and ruin it.
    """
    with _opened(data_dir) as descriptor:
        deadline = time.monotonic() + patience
        while not _locked(descriptor):
            if time.monotonic() > deadline:
                raise Problem(in_use(data_dir))
            time.sleep(0.05)
        yield descriptor


def is_held(data_dir: Path) -> bool:
    """Whether a `zhiban run` (or its server) uses the directory at this moment."""
    if not (data_dir / LOCK).exists():
        return False
    with _opened(data_dir) as descriptor:
        return not _locked(descriptor)


def in_use(data_dir: Path) -> str:
    return f"{data_dir} is in use by another zhiban: stop it, or choose another DATA_DIR."


@contextmanager
def _opened(data_dir: Path) -> Iterator[int]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Problem(f"DATA_DIR={data_dir} cannot be used: {error.strerror}.") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def check_stamp(folder: Path, server: str, version: str) -> None:
    """Refuse data that another server, or a newer version of ours, has written.

    Newer files are not read by older servers; some even start empty and without a word.
    """
    stamp = folder / STAMP
    if not stamp.exists():
        if folder.exists() and any(folder.iterdir()):
            raise Problem(f"{folder} holds data without {STAMP}: it is not ours; choose another DATA_DIR.")
        return
    try:
        written = json.loads(stamp.read_text())
        by, at = str(written["server"]), str(written["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(f"{stamp} cannot be read: restore it or choose another DATA_DIR.") from error
    if by != server:
        raise Problem(f"{folder} was written by {by} {at}, this is {server} {version}: choose another DATA_DIR.")
    if _parts(at) > _parts(version):
        raise Problem(f"{folder} was written by {by} {at}, newer than this {version}: update, or another DATA_DIR.")


def write_stamp(folder: Path, server: str, version: str) -> None:
    """Say who writes here from now on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{STAMP}"
    fresh.write_text(json.dumps({"server": server, "version": version}) + "\n")
    fresh.replace(folder / STAMP)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def usable(data_dir: Path) -> None:
    """Make the directory if needed; raises Problem when that, or writing there, is not possible."""
    with _opened(data_dir):
        pass
