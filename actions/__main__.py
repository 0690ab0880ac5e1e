"""Runs the action server: `python -m actions --port 5055`, on the loopback unless SANIC_HOST says otherwise."""

import argparse
import os
from types import ModuleType
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

import actions
from actions import flow_actions


class Executor(ActionExecutor):
    """Runs actions without a domain too: Rasa sends it only to those that ask for it (`enable_selective_domain`)."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:  # noqa: ARG002
        return payload.get("domain") or {}


def main(package: ModuleType = actions) -> None:
    parser = argparse.ArgumentParser(prog="python -m actions", description="The action server.")
    parser.add_argument("--host", default=os.environ.get("SANIC_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=5055)
    given = parser.parse_args()
    executor = Executor()
    executor.register_package(package)
    for action in flow_actions.made():
        executor.register_action(action)
    app = create_app(executor, cors_origins=[])
    app.prepare(host=given.host, port=given.port, single_process=True, access_log=False, motd=False)
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main()
