"""The desk against a model of a few lines: whatever happens in whatever order, both tell the same story."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from desk import (
    Address,
    ConversationMovedOn,
    Desk,
    HandoffAlreadyClaimed,
    HandoffOffered,
    LeaseLost,
    Reply,
    Settings,
    Turn,
    step_for,
)
from desk.check import differences
from tests.desk.cast import LIN, MEI, QIAN, HandClock, hire, writes

# Two customers of one partition, so that one worker has both in hand.
TWIN = next(a for n in range(10_000) if (a := Address("widget", "shop", f"x{n}")).partition == MEI.partition)
CUSTOMERS = st.sampled_from([MEI, TWIN])
AGENTS = st.sampled_from([LIN, QIAN])
MESSAGE_IDS = st.sampled_from([f"m{n}" for n in range(12)])
SECONDS = st.sampled_from([0, 10, 20])
OFFSETS = st.sampled_from([0, 0, 0, -1])
COMMANDS = st.sampled_from([None, None, "handoff.request", "handoff.cancel", "conversation.close"])
BECOMES = {"handoff.request": "waiting", "handoff.cancel": "bot", "conversation.close": "closed"}
MAY = {"bot": "waiting person closed", "waiting": "person bot closed", "person": "bot waiting closed", "closed": ""}
A_DAY = timedelta(days=1)


@dataclass
class Story:
    """What a conversation should be."""

    state: str = "bot"
    epoch: int = 1
    holder: str | None = None
    offered: tuple[str, datetime] | None = None
    note: str | None = None
    log: list[str] = field(default_factory=lambda: [">bot"])
    said: dict[str, int] = field(default_factory=dict)

    def become(self, state: str, holder: str | None = None) -> None:
        self.state, self.epoch, self.holder = state, self.epoch + 1, holder
        self.offered = self.note = None
        self.log.append(f">{state}")

    def is_for(self, agent: str, epoch: int) -> bool:
        return self.state == "person" and (self.holder, self.epoch) == (agent, epoch)

    def is_offered_to_another(self, agent: str, now: datetime) -> bool:
        return self.offered is not None and self.offered[0] != agent and now < self.offered[1]


class DeskMachine(RuleBasedStateMachine):
    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = HandClock()
        settings = Settings(redis_url=self.url, namespace=f"t{secrets.token_hex(8)}")
        self.desk: Desk = self.run(Desk.connect(settings, self.clock))
        self.stories: dict[str, Story] = {}
        self.open: dict[Address, str] = {}
        self.seen: dict[tuple[Address, str], tuple[str, int]] = {}
        self.inbox: list[tuple[str, str]] = []
        self.in_hand: list = []
        self.queue: dict[str, datetime] = {}

    def run(self, coroutine):
        return self.runner.run(coroutine)

    def refused(self, coroutine, *errors):
        try:
            self.run(coroutine)
        except errors:
            return
        raise AssertionError("was not refused")

    @initialize()
    def begin(self) -> None:
        self.lease = self.run(self.desk.lease(MEI.partition, "w1", 600_000))
        for agent in (LIN, QIAN):
            self.run(hire(self.desk, agent))

    def move(self, id_: str, state: str, holder: str | None = None) -> None:
        story = self.stories[id_]
        asked = self.clock.now - A_DAY if story.state == "person" else self.clock.now
        self.queue.pop(id_, None)
        story.become(state, holder)
        if state == "waiting":
            self.queue[id_] = asked
        if state == "closed":
            self.open = {address: open_id for address, open_id in self.open.items() if open_id != id_}

    @rule(address=CUSTOMERS, message_id=MESSAGE_IDS)
    def customer_writes(self, address: Address, message_id: str) -> None:
        self.clock.advance(seconds=1)
        receipt = self.run(writes(self.desk, f"t-{message_id}", message_id, address))
        before = self.seen.get((address, message_id))
        if before:
            assert (receipt.conversation, receipt.seq, receipt.duplicate) == (*before, True)
            return
        if address not in self.open:
            assert receipt.conversation not in self.stories
            self.open[address] = receipt.conversation
            self.stories[receipt.conversation] = Story()
        story = self.stories[receipt.conversation]
        story.log.append(f"t-{message_id}")
        assert (receipt.conversation, receipt.seq, receipt.duplicate) == (self.open[address], len(story.log), False)
        self.seen[(address, message_id)] = (receipt.conversation, receipt.seq)
        if story.state != "person":
            self.inbox.append((receipt.conversation, message_id))

    @rule()
    def worker_reads(self) -> None:
        new = self.run(self.desk.inbox([self.lease], 0))
        self.in_hand += new
        assert [(e.conversation, e.message_id) for e in self.in_hand] == self.inbox[: len(self.in_hand)]

    @precondition(lambda self: self.in_hand)
    @rule(offset=OFFSETS, command=COMMANDS, repeat=st.booleans())
    def worker_answers(self, offset: int, command: str | None, repeat: bool) -> None:
        self.clock.advance(seconds=1)
        entry = self.in_hand[0]
        story = self.stories[entry.conversation]
        turn = Turn(story.epoch + offset, [Reply("bot")], [{"command": command}] if command else [])
        if offset or story.state in ("person", "closed"):
            self.refused(self.desk.commit_turn(self.lease, entry, turn), ConversationMovedOn)
            self.run(self.desk.finish(self.lease, entry))
        else:
            self.run(self.desk.commit_turn(self.lease, entry, turn))
            story.log.append("bot")
            if command and BECOMES[command] in MAY[story.state]:
                self.move(entry.conversation, BECOMES[command])
        if repeat:
            assert self.run(self.desk.commit_turn(self.lease, entry, turn)) == []
        self.in_hand.pop(0)
        self.inbox.pop(0)

    @rule(crash=st.booleans())
    def lease_changes_hands(self, crash: bool) -> None:
        old = self.lease
        self.run(self.desk.give_back(old))
        self.lease = self.run(self.desk.lease(MEI.partition, "w2", 600_000))
        if self.in_hand and crash:
            self.refused(self.desk.commit_turn(old, self.in_hand[0], Turn(1, [Reply("late")])), LeaseLost)
            self.refused(self.desk.finish(old, self.in_hand[0]), LeaseLost)
        self.in_hand = []

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), agent=AGENTS, offset=OFFSETS)
    def agent_claims(self, data, agent: str, offset: int) -> None:
        self.clock.advance(seconds=1)
        id_ = data.draw(st.sampled_from(sorted(self.stories)))
        story = self.stories[id_]
        claim = self.desk.claim(id_, agent, story.epoch + offset)
        if story.state == "person" and story.holder != agent:
            self.refused(claim, HandoffAlreadyClaimed)
        elif story.state == "person":
            assert self.run(claim).epoch == story.epoch
        elif story.state == "closed" or offset:
            self.refused(claim, ConversationMovedOn)
        elif story.is_offered_to_another(agent, self.clock.now):
            self.refused(claim, HandoffOffered)
        else:
            self.run(claim)
            self.move(id_, "person", agent)

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), agent=AGENTS, to=st.sampled_from([LIN, QIAN, None]), offset=OFFSETS, seconds=SECONDS)
    def agent_hands_on(self, data, agent: str, to: str | None, offset: int, seconds: int) -> None:
        """With a note, to a colleague or to anybody; then some seconds pass, perhaps the offer with them."""
        self.clock.advance(seconds=1)
        id_ = data.draw(st.sampled_from(sorted(self.stories)))
        story = self.stories[id_]
        self.run(self.desk.set_presence(to or agent, available=True))
        call = self.desk.routing.transfer(id_, agent, story.epoch + offset, to_agent=to, note=f"for {to}")
        if not story.is_for(agent, story.epoch + offset):
            self.refused(call, ConversationMovedOn)
            return
        self.run(call)
        self.move(id_, "waiting")
        story.note = f"for {to}"
        story.offered = (to, self.clock.now + timedelta(seconds=20)) if to else None
        self.clock.advance(seconds=seconds)

    @precondition(lambda self: any(story.offered for story in self.stories.values()))
    @rule(data=st.data(), agent=AGENTS, offset=OFFSETS)
    def agent_declines(self, data, agent: str, offset: int) -> None:
        id_ = data.draw(st.sampled_from(sorted(id_ for id_, story in self.stories.items() if story.offered)))
        story = self.stories[id_]
        call = self.desk.routing.decline(id_, agent, story.epoch + offset)
        if story.offered and story.offered[0] == agent and not offset:
            self.run(call)
            story.offered = None
        else:
            self.refused(call, ConversationMovedOn)

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), agent=st.sampled_from([LIN, QIAN, "boss"]), offset=OFFSETS)
    def supervisor_takes_over(self, data, agent: str, offset: int) -> None:
        self.clock.advance(seconds=1)
        id_ = data.draw(st.sampled_from(sorted(self.stories)))
        story = self.stories[id_]
        former = story.holder
        call = self.desk.routing.take_over(id_, agent, story.epoch + offset, "mine")
        if former == agent:
            assert self.run(call).epoch == story.epoch
        elif story.state == "closed" or offset:
            self.refused(call, ConversationMovedOn)
        else:
            assert self.run(call).holder == agent
            self.move(id_, "person", agent)
            last = self.run(self.desk.events(id_, limit=1000))[-1].body
            assert (last["reason"], last.get("former"), last["note"]) == ("taken_over", former, "mine")

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), agent=AGENTS, offset=OFFSETS, action=st.sampled_from(["release", "transfer", "close"]))
    def agent_lets_go(self, data, agent: str, offset: int, action: str) -> None:
        self.clock.advance(seconds=1)
        id_ = data.draw(st.sampled_from(sorted(self.stories)))
        story = self.stories[id_]
        call = getattr(self.desk, action)(id_, agent, story.epoch + offset)
        unheld = action == "close" and story.state in ("bot", "waiting") and not offset
        if unheld or story.is_for(agent, story.epoch + offset):
            self.run(call)
            self.move(id_, {"release": "bot", "transfer": "waiting", "close": "closed"}[action])
        else:
            self.refused(call, ConversationMovedOn)

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), agent=AGENTS, offset=OFFSETS, message_id=MESSAGE_IDS)
    def agent_speaks(self, data, agent: str, offset: int, message_id: str) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.stories)))
        story = self.stories[id_]
        call = self.desk.say(id_, agent, story.epoch + offset, message_id, f"a-{message_id}")
        if message_id in story.said:
            assert self.run(call).seq == story.said[message_id]
        elif story.is_for(agent, story.epoch + offset):
            story.log.append(f"a-{message_id}")
            story.said[message_id] = len(story.log)
            assert self.run(call).seq == len(story.log)
        else:
            self.refused(call, ConversationMovedOn)

    @rule(minutes=st.sampled_from([1, 5, 30, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        """Waiting and silence end as they should; agents' presence is kept up."""
        self.clock.advance(minutes=minutes)
        for agent in (LIN, QIAN, "boss"):
            self.run(self.desk.set_presence(agent, available=True))
        for timer in self.run(self.desk.due_timers(self.lease, self.clock.now)):
            story = self.stories[timer.conversation]
            assert (timer.state, timer.epoch) == (story.state, story.epoch)
            assert timer.kind == ("waiting_limit" if story.state == "waiting" else "silence")
            self.run(self.desk.system_step(self.lease, timer.conversation, step_for(timer, [Reply("sorry")])))
            story.log.append("sorry")
            self.move(timer.conversation, "bot" if timer.kind == "waiting_limit" else "closed")

    @invariant()
    def the_same_story(self) -> None:
        for id_, story in self.stories.items():
            found = self.run(self.desk.conversation(id_))
            assert (found.state, found.epoch, found.holder) == (story.state, story.epoch, story.holder)
            events = self.run(self.desk.events(id_, limit=1000))
            assert [e.seq for e in events] == list(range(1, found.seq + 1))
            assert [f">{e.body['to']}" if e.type == "state" else e.text for e in events] == story.log
        queue = self.run(self.desk.waiting())
        assert [w.conversation for w in queue] == sorted(self.queue, key=lambda id_: (self.queue[id_], id_))
        for waiting in queue:
            story = self.stories[waiting.conversation]
            offer = waiting.offer and (waiting.offer.to, waiting.offer.until)
            assert (waiting.note or None, offer) == (story.note, story.offered)
        for agent in (LIN, QIAN, "boss"):
            held = {id_ for id_, s in self.stories.items() if s.holder == agent}
            assert {c.id for c in self.run(self.desk.held_by(agent))} == held

    def teardown(self) -> None:
        try:
            assert self.run(differences(self.desk)) == []
        finally:
            self.run(self.desk.aclose())
            self.runner.close()


def test_any_order_of_events_tells_the_same_story_as_the_model(redis_url):
    class OnThisServer(DeskMachine):
        url = redis_url

    run_state_machine_as_test(
        OnThisServer,
        settings=hypothesis_settings(
            max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
