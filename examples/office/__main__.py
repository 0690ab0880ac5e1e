"""Runs the sample office: `python -m examples.office --port 8095 [--database orders.sqlite]`."""

import argparse
from datetime import datetime, timezone

import uvicorn

from examples.office.server import create_app
from examples.office.store import Store


def now() -> datetime:
    return datetime.now(timezone.utc)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.office", description="A sample office.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8095)
    parser.add_argument("--database", default=":memory:", help="a file; without it everything lives in memory")
    given = parser.parse_args()
    store = Store.open(given.database, now())
    uvicorn.run(create_app(store, now), host=given.host, port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
