"""A picture of a flow as a Mermaid diagram, drawn from its definition."""

from bot.flows import ADDRESS, CHOICE, CONFIRMATION, TEXT, Flow, Flows, Slot

_PAGE = """<!-- Written by `python -m bot.write_flows` from bot/flows.yml: change that, not this. -->
# The flows 流程

Drawn from their definitions. At every step the customer may ask something else (the flow goes on after the answer),
correct what was said, stop, begin another flow, or ask for a person.
"""


def page(defined: Flows) -> str:
    """A page with every picture."""
    parts = [
        f"\n## {flow.name} {flow.title['zh-Hans']}\n\n```mermaid\n{mermaid(flow)}\n```\n"
        for flow in defined.by_name.values()
    ]
    return _PAGE + "".join(parts)


def mermaid(flow: Flow) -> str:
    """The diagram's source: what is asked in which order, what a wrong answer leads to, how it ends."""
    lines = ["flowchart TD", f'  begin(["{flow.title["zh-Hans"]}"]) --> {flow.slots[0].name}']
    for slot, following in zip(flow.slots, [*(slot.name for slot in flow.slots[1:]), "done"], strict=True):
        lines += _asking(flow, slot, following)
    lines.append(f'  done[["{flow.ends_with}<br/>{flow.changes.get("en") or "answers"}"]]')
    if any(_can_be_wrong(slot) for slot in flow.slots):
        lines.append('  person["a person is offered"]')
    return "\n".join(lines)


def _asking(flow: Flow, slot: Slot, following: str) -> list[str]:
    if slot.kind == CONFIRMATION:
        return [f'  {slot.name}{{"is that right?"}} -- yes --> {following}', *_refusing(flow, slot)]
    lines = [f'  {slot.name}["{slot.name}<br/>({_kind(slot)})"] --> {following}']
    return [*lines, f"  {slot.name} -. two tries .-> person"] if _can_be_wrong(slot) else lines


def _refusing(flow: Flow, slot: Slot) -> list[str]:
    if flow.refused == "stop":
        return [f'  {slot.name} -- no --> stopped(["stopped, nothing changed"])']
    parts = " & ".join(other.name for other in flow.slots if other.kind != CONFIRMATION)
    return [f'  {slot.name} -- no --> which{{"which part?"}}', f"  which --> {parts}"]


def _kind(slot: Slot) -> str:
    choices = f": {', '.join(slot.words)}" if slot.words else ""
    return f"{slot.kind}{choices}{', or none' if slot.declinable else ''}"


def _can_be_wrong(slot: Slot) -> bool:
    return not slot.declinable and slot.kind not in (TEXT, ADDRESS, CHOICE, CONFIRMATION)
