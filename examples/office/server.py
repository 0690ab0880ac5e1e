"""The sample office over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints

from examples.office import doings
from examples.office.store import KeyReused, Locked, Refused, Store

FourDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=400)]


class OfOrder(BaseModel):
    """What the customer says about an order."""

    order: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    phone_tail: FourDigits


class ByNumber(BaseModel):
    """What an agent types."""

    order: Annotated[str, StringConstraints(min_length=1, max_length=32)]


class NewAddress(OfOrder):
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


class SendBack(OfOrder):
    kind: Literal["return", "exchange"]
    item: Annotated[str, StringConstraints(min_length=1, max_length=16)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class InvoiceFor(OfOrder):
    kind: Literal["personal", "company"]
    company: Annotated[str, StringConstraints(max_length=100)] | None = None
    tax_number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{15,20}$")] | None = None


class OfCard(BaseModel):
    """What the customer says about a card."""

    card_tail: FourDigits
    phone_tail: FourDigits


def create_app(store: Store, clock: Callable[[], datetime]) -> FastAPI:
    """The app over `store`; `clock` gives the time in UTC."""
    app = FastAPI(title="Sample office")
    _tell_refusals(app)
    _orders(app, store, clock)
    _after_sales(app, store, clock)
    _cards(app, store, clock)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _orders(app: FastAPI, store: Store, clock: Callable[[], datetime]) -> None:
    @app.post("/v1/orders/verify")
    def verify(asked: OfOrder) -> dict[str, Any]:
        return dict(_found(store.verify(asked.order, asked.phone_tail, clock()), "order"))

    @app.post("/v1/orders/look-up")
    def look_up(asked: ByNumber) -> dict[str, Any]:
        return dict(_found(store.look_up(asked.order, clock()), "order"))

    @app.post("/v1/orders/refund")
    def refund(asked: OfOrder) -> dict[str, Any]:
        return doings.refund(store, _found(store.order(asked.order, asked.phone_tail, clock()), "order"))

    @app.post("/v1/orders/urge")
    def urge(asked: OfOrder, key: Key) -> dict[str, Any]:
        order = _found(store.order(asked.order, asked.phone_tail, clock()), "order")
        return store.once(key, _noted("urge", asked), lambda: doings.urge(store, store.fresh(order), clock()))

    @app.post("/v1/orders/cancel")
    def cancel(asked: OfOrder, key: Key) -> dict[str, Any]:
        order = _found(store.order(asked.order, asked.phone_tail, clock()), "order")
        return store.once(key, _noted("cancel", asked), lambda: doings.cancel(store, store.fresh(order), clock()))

    @app.post("/v1/orders/address")
    def change_address(asked: NewAddress, key: Key) -> dict[str, Any]:
        order = _found(store.order(asked.order, asked.phone_tail, clock()), "order")
        noted = _noted("address", asked)
        return store.once(key, noted, lambda: doings.change_address(store, store.fresh(order), asked.address, clock()))


def _after_sales(app: FastAPI, store: Store, clock: Callable[[], datetime]) -> None:
    @app.post("/v1/returns")
    def send_back(asked: SendBack, key: Key) -> dict[str, Any]:
        order = _found(store.order(asked.order, asked.phone_tail, clock()), "order")
        what = (asked.kind, asked.item, asked.reason)
        return store.once(
            key, _noted("return", asked), lambda: doings.send_back(store, store.fresh(order), *what, clock())
        )

    @app.post("/v1/invoices")
    def invoice(asked: InvoiceFor, key: Key) -> dict[str, Any]:
        if asked.kind == "company" and not (asked.company and asked.tax_number):
            raise HTTPException(422, "company_and_tax_number_missing")
        order = _found(store.order(asked.order, asked.phone_tail, clock()), "order")
        return store.once(key, _noted("invoice", asked), lambda: doings.invoice(store, store.fresh(order), clock()))


def _cards(app: FastAPI, store: Store, clock: Callable[[], datetime]) -> None:
    @app.post("/v1/cards/verify")
    def verify_card(asked: OfCard) -> dict[str, Any]:
        return doings.shown_card(_found(store.card(asked.card_tail, asked.phone_tail, clock()), "card"))

    @app.post("/v1/cards/freeze")
    def freeze(asked: OfCard, key: Key) -> dict[str, Any]:
        card = _found(store.card(asked.card_tail, asked.phone_tail, clock()), "card")
        return store.once(key, _noted("freeze", asked), lambda: doings.freeze(store, card, clock()))


def _found(row: Any, what: str) -> Any:
    if row is None:
        raise HTTPException(404, f"{what}_not_found")
    return row


def _noted(command: str, asked: BaseModel) -> dict[str, Any]:
    return {"command": command, **asked.model_dump()}


def _tell_refusals(app: FastAPI) -> None:
    @app.exception_handler(Locked)
    def locked(_: Request, error: Exception) -> JSONResponse:
        what = str(error).split()[0]
        return JSONResponse({"detail": f"{what}_locked"}, 429, headers={"Retry-After": "900"})

    @app.exception_handler(Refused)
    def refused(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 409)

    @app.exception_handler(KeyReused)
    def reused(_: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - the handler's signature is Starlette's
        return JSONResponse({"detail": "idempotency_key_reused"}, 422)
