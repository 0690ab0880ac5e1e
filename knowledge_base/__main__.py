"""`python -m knowledge_base`: the knowledge server; with `--encoder-only` just the encoder, for training."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import datetime, timezone

# One thread each: the server answers many short texts, and more would only take time from its neighbours.
for _variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import uvicorn  # noqa: E402 - the variables above are read when the numeric libraries are imported

from knowledge_base.server.app import create_app  # noqa: E402
from knowledge_base.server.knowledge import Knowledge  # noqa: E402
from knowledge_base.server.logs import set_up_logs  # noqa: E402
from knowledge_base.settings import BadSetting, Settings  # noqa: E402

_KEEP_ALIVE_SECONDS = 75  # longer than clients keep an idle connection, so that none is closed under a request
_SHUTDOWN_SECONDS = 5


def main() -> int:
    """Run until told to stop (uvicorn then ends the process by the signal); 1 after a failure, 2 for bad settings."""
    arguments = _arguments()
    try:
        settings = Settings.from_environment(os.environ, terminal=sys.stderr.isatty())
        if arguments.port is not None:
            settings = replace(settings, port=arguments.port)
        set_up_logs(settings.log_format)
        knowledge = Knowledge(settings, lambda: datetime.now(timezone.utc), arguments.encoder_only)
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    return _serve(knowledge, settings)


def _serve(knowledge: Knowledge, settings: Settings) -> int:
    failed = False

    def fail() -> None:
        nonlocal failed
        failed = server.should_exit = True

    config = uvicorn.Config(
        create_app(knowledge, fail),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run()
    return 1 if failed or not server.started else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description=__doc__)
    parser.add_argument("--encoder-only", action="store_true", help="serve only the encoder; needs no Redis")
    parser.add_argument("--port", type=int, help="instead of KNOWLEDGE_PORT and KNOWLEDGE_URL")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
