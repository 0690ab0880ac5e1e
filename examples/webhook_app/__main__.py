"""Runs the tiny messaging app: `python -m examples.webhook_app --port 9000 --secret whsec_...`."""

import argparse
from pathlib import Path

import uvicorn

from examples.webhook_app.app import App


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.webhook_app", description="A tiny messaging app.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--door", default="http://127.0.0.1:8080/v1/channels/webhook/demo", help="Zhiban's address")
    parser.add_argument("--secret", required=True, help="the account's, as in WEBHOOKS")
    parser.add_argument("--file", type=Path, default=Path("webhook_app.jsonl"), help="where what arrived is kept")
    given = parser.parse_args()
    app = App(given.door, given.secret, given.file).routes()
    uvicorn.run(app, host=given.host, port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
