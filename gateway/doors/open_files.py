"""How many sockets the system lets this process have."""

import resource

import structlog

_OTHERS = 500  # connections to Redis, short requests, logs

_log = structlog.get_logger()


def make_room_for(sockets: int) -> int:
    """Ask the system for that many; how many there may be, which is less where its hard limit is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + _OTHERS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        _log.info("few_open_files", sockets=most - _OTHERS, wanted=sockets, limit=hard)
    return max(1, most - _OTHERS)
