"""The custom actions of the peer: an order is validated and looked up in the same sample office."""

# ruff: noqa: ARG002 - rasa-sdk calls them with all of these

import os
import re
from typing import Any, ClassVar

import aiohttp
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


def last(value: Any) -> str:
    """DIET and the regular expressions may both have found it."""
    return str(value[-1] if isinstance(value, list) else value)


class ValidateOrderForm(FormValidationAction):
    def name(self) -> str:
        return "validate_order_form"

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        number = last(value).upper()
        return {"order_number": number if re.fullmatch(r"QH\d{11}", number) else None}

    def validate_phone_tail(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        tail = last(value)
        return {"phone_tail": tail if re.fullmatch(r"\d{4}", tail) else None}


class ActionLookUpOrder(Action):
    session: ClassVar[aiohttp.ClientSession | None] = None

    def name(self) -> str:
        return "action_look_up_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if ActionLookUpOrder.session is None:
            ActionLookUpOrder.session = aiohttp.ClientSession()
        asked = {"order": tracker.get_slot("order_number"), "phone_tail": tracker.get_slot("phone_tail")}
        url = os.environ["OFFICE_URL"] + "/v1/orders/verify"
        async with ActionLookUpOrder.session.post(url, json=asked, timeout=aiohttp.ClientTimeout(total=3)) as answer:
            order = await answer.json()
        if answer.status == 200:
            told = [f"{event['at']} {event['place']} {event['text']}" for event in order["events"][:3]]
            dispatcher.utter_message(text="\n".join([f"订单 {order['order']}：{order['state']}", *told]))
        else:
            dispatcher.utter_message(text="抱歉，没有查到这笔订单，请核对订单号和手机尾号。")
        return [SlotSet("order_number", None), SlotSet("phone_tail", None)]
