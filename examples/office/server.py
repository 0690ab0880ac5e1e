"""The sample order system over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, StringConstraints

from examples.office.store import Locked, Store


class Verify(BaseModel):
    """What the customer says about an order."""

    order: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    phone_tail: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


def create_app(store: Store, clock: Callable[[], datetime]) -> FastAPI:
    """The app over `store`; `clock` gives the time in UTC."""
    app = FastAPI(title="Sample order system")

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/orders/verify")
    def verify(asked: Verify) -> dict[str, Any]:
        try:
            found = store.verify(asked.order, asked.phone_tail, clock())
        except Locked as error:
            raise HTTPException(429, "order_locked", headers={"Retry-After": "900"}) from error
        if found is None:
            raise HTTPException(404, "order_not_found")
        return found

    return app
