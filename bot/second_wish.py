"""Several wishes in one message: the first begins, and what else is wished is offered once it is done."""

import re
from dataclasses import dataclass

from bot.flows import Flows
from bot.simplified import simplified
from bot.situation import CONTROLS, Clause

_AND_ALSO = re.compile(
    r"[;；]|另外|还有|顺便|顺带|还要|也要|以及|同时|再帮我"
    r"|\b(?:and also|also|and then|as well as|by the way|besides)\b"
)
_EDGES = " ,，。.!！?？、" + "的呢吧啊也" + "要想把帮" + "我请你您"  # what may stand around a wish
_LEAST = 2
_LONGEST = 40
_SURE = 0.7  # the probability from which a clause means what the classifier says
_LANGUAGE = {"en": "en"}


@dataclass(frozen=True)
class Wishes:
    """The clauses of a message, and the flow that each wishes for.

    `told`: words like 另外 say that they are several; without such the clauses are sentences, which may tell one story.
    `read`: they were classified, so that a question about a flow (「怎么退货」) is no wish for it.
    """

    clauses: tuple[str, ...] = ()
    tasks: tuple[str | None, ...] = ()
    told: bool = False
    read: bool = False

    @property
    def distinct(self) -> list[str]:
        """The flows, each once, in their order."""
        return list(dict.fromkeys(task for task in self.tasks if task))

    def instead_of_flow(self) -> str | None:
        """The flow to begin with where the whole means another; None: that one."""
        return self.tasks[0] if self.told else None

    def instead_of_answer(self) -> str | None:
        """... where an article answers the whole: only for two flows that are plainly wished for."""
        return self.distinct[0] if self.told and self.read and len(self.distinct) > 1 else None

    def instead_of_doubt(self) -> str | None:
        """... where the whole means nothing for certain."""
        return self.distinct[0] if self.read and self.distinct else None

    def besides(self, first: str, flows: Flows, language: str) -> dict[str, str]:
        """The slots of what is wished besides the flow `first` (empty: an answer): a flow with its title, or words."""
        others = [task for task in self.distinct if task != first]
        if not self.told:  # nobody is asked whether they want to complain because a story sounds like it
            others = [task for task in others if task not in CONTROLS]
        if others:
            return {"next_flow": others[0], "next_title": flows.titles(_LANGUAGE.get(language, "zh-Hans"))[others[0]]}
        if self.told and first in self.tasks and None in self.tasks:
            return {"next_words": self.clauses[self.tasks.index(None)][:_LONGEST]}
        return {}


def wishes(text: str, parts: tuple[Clause, ...], flows: Flows, answered: bool = False) -> Wishes:
    """What `text` wishes, by the `parts` that were read one by one, else by the names of flows in its clauses.

    `answered`: an article answers the first clause; where only names tell, that is then no wish.
    """
    plain = simplified(text).casefold()
    told = _AND_ALSO.search(plain) is not None
    if parts:
        clauses = tuple(part.text.strip(_EDGES) for part in parts)
        return Wishes(clauses, tuple(_read(part, flows) for part in parts), told, read=True)
    clauses = tuple(part for one in _AND_ALSO.split(plain) if len(part := one.strip(_EDGES)) >= _LEAST)
    if len(clauses) < 2:
        return Wishes()
    tasks = [_named(clause, flows) for clause in clauses]
    return Wishes(clauses, (None, *tasks[1:]) if answered else tuple(tasks), told=True)


def _read(part: Clause, flows: Flows) -> str | None:
    """The flow that the part means: as the classifier reads it where that is sure, else by name."""
    likely = max(part.intents, key=part.intents.__getitem__, default="")
    if part.intents.get(likely, 0.0) >= _SURE:
        return likely if likely in flows.by_name else None
    return _named(simplified(part.text).casefold(), flows)


def _named(clause: str, flows: Flows) -> str | None:
    return next((name for name, flow in flows.by_name.items() if flow.named.search(clause)), None)
