"""What follows a flow that has ended: the customer's second wish, or the flow that this one interrupted."""

from actions.flow_table import flow_of_form, flows
from actions.flow_turn import FlowTurn
from actions.steps import Slots
from actions.words import words


def lead_on(turn: FlowTurn) -> Slots:
    """Offer what is still open; the slots to set, now that it has been offered."""
    get, chosen = turn.tracker.get_slot, words(turn.language)
    if get("next_flow") in flows():
        turn.utter("utter_next_flow", next_title=get("next_title"), next_flow=get("next_flow"))
    elif get("next_words"):
        turn.utter("utter_next_words", next_words=get("next_words"))
    paused = paused_flow(turn)
    if paused:
        title = flows()[paused].told(turn.language)
        go_on = {"title": str(chosen["go_on"]).format(title=title), "payload": f"/{paused}"}
        turn.utter("utter_resume", [go_on, {"title": chosen["no_thanks"], "payload": "/deny"}], title=title)
    return {"next_flow": None, "next_title": None, "next_words": None}


def paused_flow(turn: FlowTurn) -> str | None:
    """The flow that was open when this one began: in this turn (its loop is among the events), or in one before."""
    loops = [event["name"] for event in turn.tracker.events if event["event"] == "active_loop" and event["name"]]
    before = flow_of_form(loops[0]) if loops else None
    paused = before.name if before else turn.tracker.get_slot("paused_flow")
    if paused == turn.flow.name:
        paused = turn.tracker.get_slot("paused_flow")
    return paused if paused in flows() and paused != turn.flow.name else None
