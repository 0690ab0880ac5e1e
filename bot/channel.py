"""The door to Rasa: one dialogue turn in, one out; every failure is told, none is silent."""

from __future__ import annotations

import asyncio
import gc
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot import dialogue, model, payloads, rasa_fixes, replies, requests
from bot.situation import Offer
from bot.turn import CURRENT, Turn, TurnInput

logger = logging.getLogger(__name__)

TURN_SECONDS = 8.0
_STATUS = {"bad_request": 400, "payload_refused": 400, "unauthorized": 401}


class TurnFailed(Exception):
    """Raised when a turn has no usable answer; `code` is part of the contract, `detail` says what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class GatewayInput(InputChannel):
    """Mounted by Rasa under `/webhooks/gateway`; `secret` is asked of every turn when it is set."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        return cls((credentials or {}).get("secret") or "")

    def __init__(self, secret: str = "") -> None:
        self._secret = secret.encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        rasa_fixes.after_rasa()
        webhook = Blueprint("gateway_webhook", __name__)

        @webhook.listener("after_server_start")
        async def settle(*_: object) -> None:
            # The collector would look through Rasa and its model, a quarter of a million objects, again and again.
            gc.collect()
            gc.freeze()

        @webhook.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            try:
                return response.json({"status": "ok", **model.described(request.app.ctx.agent)})
            except model.NoModel as error:
                return _problem(error.code, str(error))

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._admits(request.headers.get("x-bot-secret", "")):
                return _problem("unauthorized", "the header X-Bot-Secret is missing or wrong")
            try:
                turn = requests.read(_body(request))
                model.check_encoder(request.app.ctx.agent, turn.encoder)
                return response.json(await take_turn(turn, on_new_message))
            except (requests.BadRequest, payloads.PayloadRefused, model.ModelError, TurnFailed) as error:
                return _problem(error.code, str(error))
            except Exception:
                logger.exception("a turn failed")
                return _problem("component_failed", "see the log of the bot")

        return webhook

    def _admits(self, given: str) -> bool:
        return not self._secret or hmac.compare_digest(given.encode(), self._secret)


async def take_turn(given: TurnInput, handle: Callable[[UserMessage], Awaitable[Any]]) -> dict[str, Any]:
    """The answer to one message: replies, commands, the dialogue after it, and how it was read."""
    turn = _begin(given)
    out = replies.Collector()
    message = _message(turn, out)
    token = CURRENT.set(turn)
    try:
        await asyncio.wait_for(handle(message), TURN_SECONDS)
    except asyncio.TimeoutError as error:
        code = "action_failed" if turn.running_action else "component_failed"
        raise TurnFailed(code, f"{turn.running_action or 'the turn'} took longer than {TURN_SECONDS:g} s") from error
    finally:
        CURRENT.reset(token)
    return _answer(turn, out)


def _begin(given: TurnInput) -> Turn:
    before = dialogue.begin(given.dialogue, given.epoch)
    slots, loop = before["slots"], before.get("loop") or {}
    return Turn(
        input=given,
        offers=tuple(Offer(offer["title"], offer["payload"]) for offer in before.get("offers", [])),
        form=loop.get("name"),
        requested_slot=slots.get("requested_slot"),
        missed=bool(slots.get("missed")),
        insulted=bool(slots.get("insulted")),
    )


def _message(turn: Turn, out: replies.Collector) -> UserMessage:
    given = turn.input
    metadata = {"message_id": given.message_id, "conversation": given.conversation, "language": given.language}
    parsed = _parsed_payload(turn) if given.text.startswith("/") else None
    return UserMessage(
        given.text,
        out,
        given.conversation,
        parse_data=parsed,
        input_channel="gateway",
        message_id=given.message_id,
        metadata=metadata,
    )


def _parsed_payload(turn: Turn) -> dict[str, Any]:
    payload = payloads.parse(turn.input.text)
    intent = {"name": payloads.route(payload, turn.missed), "confidence": 1.0}
    turn.reading = dict(intent, intent=intent["name"])
    entities = [{"entity": name, "value": value} for name, value in payload.entities.items()]
    return {"text": turn.input.text, "intent": intent, "entities": entities, "intent_ranking": [intent]}


def _answer(turn: Turn, out: replies.Collector) -> dict[str, Any]:
    verdict = turn.verdict
    said = replies.sort(out.messages, verdict.choices if verdict else (), verdict.also if verdict else ())
    failures = turn.failures + said.failures
    if failures:
        raise TurnFailed("action_failed", f"{failures[0]} failed; see the log of the action server (ACTIONS_URL)")
    if not said.replies or turn.dialogue is None:
        raise TurnFailed("component_failed", "the turn has no answer; see the log of the bot")
    after = {**turn.dialogue, "offers": replies.offers(said.replies) or _flow_offer(turn, said.replies)}
    commands = replies.with_reason(said.commands, _reason(turn))
    return {"replies": said.replies, "commands": commands, "dialogue": after, "reading": _reading(turn)}


def _reason(turn: Turn) -> str:
    """Why a person is asked for in this turn."""
    if turn.form == "complaint_form":
        return "complaint"
    before = (turn.input.dialogue or {}).get("events") or [{}]
    if before[-1].get("name") == "utter_insult_again":
        return "insult"
    return "fallback" if turn.missed else "asked"


def _flow_offer(turn: Turn, said: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The worker ends an article that names a flow with a button that starts it."""
    article = turn.verdict.article if turn.verdict else None
    if article is None or not article.flow or "article" not in said[-1]:
        return []
    return [{"title": article.flow, "payload": f"/{article.flow}"}]


def _reading(turn: Turn) -> dict[str, Any]:
    last: dict[str, Any] = next((e for e in reversed((turn.dialogue or {})["events"]) if e["event"] == "user"), {})
    route = turn.verdict.intent if turn.verdict else turn.reading.get("intent")
    return {
        "intent": turn.reading.get("intent"),
        "confidence": turn.reading.get("confidence"),
        "route": route,
        "entities": last.get("entities", []),
    }


def _body(request: Request) -> Any:
    try:
        return request.json
    except Exception as error:  # sanic has its own class for each way in which a body cannot be read
        raise requests.BadRequest("the body is not JSON") from error


def _problem(code: str, detail: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "detail": detail}}, _STATUS.get(code, 503))
