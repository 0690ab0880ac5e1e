"""Generated requests to every operation of the doors, as a person of one kind: no answer fails, none is undeclared.

    python -m tests.gateway.openapi_tour http://127.0.0.1:8080 --name admin --examples 100   # the password is asked for

Not to be let loose on data that anybody needs: it edits what the person may edit.
"""

import argparse
import getpass
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CONFORMANCE = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Never ends; ends the session of whoever is on tour.
APART = ("/v1/desk/events", "/v1/desk/sign-out")
NEEDS_KNOWLEDGE = (
    "/v1/desk/search",
    "/v1/conversations/{conversation_id}/suggestions",
    "/v1/agent/conversations/{conversation_id}/suggestions",
    "/v1/agent/search",
    "/v1/agent/macros",
    "/v1/articles",
)
_OURS = {"X-Requested-With": "zhiban"}


@dataclass
class Tour:
    """`known`: ids that exist, by the name of the path's parameter; half of the requests use them."""

    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: _OURS)
    known: Mapping[str, str] = field(default_factory=dict)
    examples: int = 15
    with_knowledge: bool = False
    statuses: Counter[int] = field(default_factory=Counter)

    def go(self) -> int:
        """How many operations were tried. Raises what is wrong with the first wrong answer."""
        schema = schemathesis.openapi.from_url(f"{self.url}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        with requests.Session() as session:
            for operation in operations:
                if operation.path not in APART:
                    self._try(operation, session)
        return len(operations)

    def _try(self, operation: Any, session: requests.Session) -> None:
        @given(case=operation.as_strategy(), exists=st.booleans())
        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def run(case: Any, exists: bool) -> None:
            self._send(case, session, exists=exists)

        run()

    def _send(self, case: Any, session: requests.Session, *, exists: bool) -> None:
        path = case.operation.path
        # Under a signed or a foreign name a request would be another person's.
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() == "if-match"}
        case.cookies = {}
        if path == "/v1/events":
            case.query = {**(case.query or {}), "wait": 0.01}
        if exists:
            case.path_parameters = {**(case.path_parameters or {}), **self._existing(case)}
        own = {} if path.startswith("/webhooks") else self.headers
        answer = case.call(headers=dict(own), session=session)
        self.statuses[answer.status_code] += 1
        self._judge(answer, path)
        case.validate_response(answer, checks=CONFORMANCE)

    def _existing(self, case: Any) -> dict[str, str]:
        return {name: self.known[name] for name in case.path_parameters or {} if name in self.known}

    def _judge(self, answer: Any, path: str) -> None:
        if answer.status_code < 500:
            return
        excused = not self.with_knowledge and path.startswith(NEEDS_KNOWLEDGE)
        code = answer.json().get("code")
        assert excused, (path, answer.status_code, code)
        assert (answer.status_code, code) == (503, "knowledge_unavailable"), (path, answer.status_code, code)


def person(url: str, name: str | None, password: str = "") -> dict[str, str]:
    """Headers: a customer's session, and an agent's unless `name` is None."""
    with httpx2.Client(base_url=url, headers=_OURS) as client:
        session = client.post("/v1/sessions", json={}).json()["session"]
        own = {**_OURS, "Authorization": f"Bearer {session}"}
        if name is None:
            return own
        assert client.post("/v1/desk/sign-in", json={"name": name, "password": password}).status_code == 204
        return {**own, "Cookie": f"zhiban_agent={client.cookies['zhiban_agent']}"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("url")
    asked.add_argument("--name", help="an agent's; none: nobody, without any session")
    asked.add_argument("--examples", type=int, default=100)
    asked.add_argument("--known", nargs="*", default=[], help="conversation_id=... ticket_id=...")
    options = asked.parse_args()
    headers = person(options.url, options.name, getpass.getpass()) if options.name else _OURS
    known = dict(pair.split("=", 1) for pair in options.known)
    tour = Tour(options.url, headers, known, options.examples, with_knowledge=True)
    print(tour.go(), "operations", sorted(tour.statuses.items()))


if __name__ == "__main__":
    main()
