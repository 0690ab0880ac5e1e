"""The application: every door put together. Building it connects to nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI, Request
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from desk import ConversationNotFound
from desk.conversation import partition_of_conversation
from gateway.doors import (
    agent_account,
    agent_accounts,
    agent_conversations,
    agent_handing,
    agent_queue,
    agent_tickets,
    agent_typing,
    articles,
    articles_confirmed,
    articles_files,
    assist_check,
    assist_context,
    assist_search,
    assist_suggestions,
    assist_wrap_up,
    attachments,
    customers,
    health,
    outbox,
    rasa_rest,
    supervisor,
    webhooks,
)
from gateway.doors.assist_learning import keep_learning
from gateway.doors.context import Doors
from gateway.doors.cors import CustomerCors
from gateway.doors.edge import BODY_LIMIT, Edge
from gateway.doors.openapi import describe_truly
from gateway.doors.pages import serve_pages
from gateway.doors.sockets import SocketDoor
from gateway.doors.tasks import start
from gateway.logging import about
from gateway.problems import answer_problems

_ROUTERS = (
    customers.router,
    attachments.router,
    rasa_rest.router,
    webhooks.router,
    agent_account.router,
    agent_accounts.router,
    agent_queue.router,
    agent_conversations.router,
    agent_handing.router,
    assist_suggestions.router,
    assist_context.router,
    assist_check.router,
    assist_search.router,
    assist_wrap_up.router,
    supervisor.router,
    agent_tickets.router,
    agent_typing.router,
    outbox.router,
    articles_confirmed.router,
    articles_files.router,
    articles.router,
    health.router,
)


class Application:
    """ASGI: socket.io beside everything else, both behind the same edge."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.sockets = SocketDoor(doors)
        self.api = _api(doors)
        self._socket_app = self.sockets.asgi()
        self._app: ASGIApp = CustomerCors(self.api, doors.settings.origins)
        self._edge = Edge(self._dispatch, doors.metrics, doors.settings.frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._edge(scope, receive, send)

    def leave(self) -> None:
        """Say that nobody new should be sent here; all is served as before, a connection with its next answer ended."""
        self.doors.nudges.leaving = True
        self._edge.end_connections()

    async def close(self) -> None:
        """Take no new sockets, and let every long wait, every stream and every socket end now."""
        self.doors.nudges.close()
        self.doors.board.close()
        await self.sockets.close()

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_socket = scope["type"] != "lifespan" and f"{scope['path']}/".startswith("/socket.io/")
        await (self._socket_app if is_socket else self._app)(scope, receive, send)


def create_app(doors: Doors) -> Application:
    """The whole application over `doors`."""
    return Application(doors)


def _api(doors: Doors) -> FastAPI:
    app = FastAPI(
        title="Zhiban",
        version="1",
        summary="An AI-assisted customer service: customers, agents, and clients of Rasa.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=BODY_LIMIT,
        lifespan=_lifespan(doors),
        dependencies=[Depends(_name_conversation)],
    )
    app.state.doors = doors
    answer_problems(app)
    for router in _ROUTERS:
        app.include_router(router)
    describe_truly(app)
    serve_pages(app, doors.settings.web_directory)
    return app


async def _name_conversation(request: Request) -> None:
    """In what is logged about this request; anything else that stands in its place is not repeated."""
    conversation = request.path_params.get("conversation_id") or request.query_params.get("conversation")
    with contextlib.suppress(ConversationNotFound):
        partition_of_conversation(conversation or "")
        about(str(conversation))


def _lifespan(doors: Doors) -> Lifespan[FastAPI]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [
            start(doors.nudges.run(doors.desk), "nudges"),
            start(doors.board.run(), "board"),
            start(keep_learning(doors), "learning"),
        ]
        try:
            yield
        finally:
            doors.nudges.close()
            doors.board.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await doors.assist.settle()

    return lifespan
