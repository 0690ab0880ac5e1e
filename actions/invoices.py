"""An invoice, personal or for a company whose tax number checks out."""

from typing import Any

from actions import connections
from actions.flow_turn import FlowTurn
from actions.order_steps import NUMBER, TAIL, OrderSteps
from actions.part_names import NONE
from actions.steps import Slots, count_try
from actions.words import words
from office.after_sales import COMPANY, PERSONAL, InvoiceTitle

KIND, NAME, TAX_NUMBER = "invoice_kind", "invoice_company", "invoice_tax_number"


class RequestInvoice(OrderSteps):
    name = "request_invoice"
    needs = "invoice"

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        if slot != KIND:
            return await super().validate(turn, slot, said)
        if said == PERSONAL:
            return {KIND: PERSONAL, NAME: NONE, TAX_NUMBER: NONE}
        if said == COMPANY:
            return {KIND: COMPANY}
        return count_try(turn, slot, "utter_invoice_kind_invalid", "given_up")

    async def check(self, turn: FlowTurn, changed: set[str]) -> Slots:
        """A company's name or number says that it is for a company."""
        found = await super().check(turn, changed)
        told = {NAME, TAX_NUMBER} & changed and turn.text(NAME) != NONE
        return {**found, KIND: COMPANY} if told and not turn.text(KIND) else found

    async def summary(self, turn: FlowTurn) -> None:
        turn.utter("utter_invoice_summary", order=turn.text(NUMBER), title=_title(turn))

    async def finish(self, turn: FlowTurn) -> Slots:
        for_company = turn.text(KIND) == COMPANY
        title = InvoiceTitle(COMPANY, turn.text(NAME)[:100], turn.text(TAX_NUMBER)) if for_company else None
        invoice = await connections.after_sales().invoice(
            turn.text(NUMBER), turn.text(TAIL), title or InvoiceTitle(PERSONAL), turn.key(self.name)
        )
        turn.utter("utter_invoice_opened", number=invoice.number, ready_by=turn.time(invoice.ready_by))
        return {}


def _title(turn: FlowTurn) -> str:
    chosen = words(turn.language)
    if turn.text(KIND) == PERSONAL:
        return str(chosen["invoice_personal"])
    return str(chosen["invoice_company"]).format(company=turn.text(NAME), tax_number=turn.text(TAX_NUMBER))
