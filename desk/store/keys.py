"""Every key of the desk, its type and its lifetime. No other file spells a key.

All keys of one customer carry the hash tag {p<partition>}, so that they live in one slot and
one script may change them together. `zb` stands for the namespace, RETENTION for
the setting RETENTION_DAYS. docs/redis.md says more.

    zb:{p17}:customer:<digest>          hash     open conversation, language, vouched_as  RETENTION since last message
    zb:{p17}:customer:<digest>:tickets  zset     ticket ids by when they were opened      RETENTION since last ticket
    zb:{p17}:customer:<digest>:conversations  zset  the last 50, by when they were opened RETENTION since the last
    zb:{p17}:conv:<id>                  hash     state, epoch, holder, seq, dialogue ...  RETENTION, from closing
    zb:{p17}:conv:<id>:log              stream   events; the id of entry 41 is 41-0       RETENTION, from closing
    zb:{p17}:conv:<id>:assist           hash     verified, suggestions shown, wrap-up     RETENTION since last change
    zb:{p17}:seen:<digest>:<message id> string   "<conversation> <seq>", a customer's     7 days
    zb:{p17}:said:<conv>:<message id>   string   seq of an agent's message                7 days
    zb:{p17}:inbox                      stream   messages that wait for their turn        until finished
    zb:{p17}:outbox                     stream   messages to push to channels             until delivered or given up
    zb:{p17}:outbox:tries               hash     entry -> how often it was tried in vain  as its entry
    zb:{p17}:dead                       stream   messages that were given up, 1,000       RETENTION, cut at additions
    zb:{p17}:waiting                    zset     conversations that wait for a person     until they stop waiting
    zb:{p17}:held                       hash     conversation -> agent                    until it is given up
    zb:{p17}:timers                     zset     conversations by their deadline          until closed
    zb:{p17}:lease                      string   "<token> <worker>"                       the lease's own
    zb:{p17}:fence                      string   last lease token                         for ever
    zb:{p17}:ticket:<id>                hash     one ticket                               RETENTION, once done
    zb:{p17}:ticket-number              string   last ticket number                       for ever
    zb:{p17}:due                        zset     tickets not done, by due time            until done
    zb:{p17}:done                       zset     tickets done, by when                    RETENTION, cut at each update
    zb:{p17}:ratings                    zset     rated conversations, by when             RETENTION, cut at each rating
    zb:{p17}:attachment:<id>            hash     type, owner, data                        30 days
    zb:{p17}:news                       channel  sharded: "<conversation> <seq>"          not kept
    zb:{p17}:typing                     channel  sharded: "<conversation> <role>"         not kept
    zb:meta                             hash     partitions, key version                  for ever
    zb:secret                           string   signs customers' sessions                for ever
    zb:accounts                         hash     agent's name -> JSON                     for ever
    zb:session:<digest>                 string   "<opened, ms> <agent's name>"             12 hours
    zb:attempts:<digest>                string   a counter                                its own window
    zb:refused:<digest>                 hash     failed sign-ins of a name, locked until  1 hour after the last
    zb:agent-number                     string   last number given to an account          for ever
    zb:audit                            stream   who did what, when, on what              RETENTION, cut at each entry
    zb:handled                          list     latest conversations handled by agents   the latest 1,000
    zb:waited                           list     latest waits that ended with an agent    the latest 1,000
    zb:opening-hours                    hash     version, text, by, at; edited hours      for ever
    zb:{assist}:to-learn                zset     conversations agents answered, by when   until learned from or given up
    zb:wrapped-up                       stream   disposition and handling time of cases   the latest 10,000
    zb:{duty}:present                   zset     agent -> until when, ms                  1 day after the last heartbeat
    zb:{duty}:available                 zset     the same, of those who take customers    1 day after the last heartbeat
"""

from dataclasses import dataclass
from hashlib import sha256

KEY_VERSION = "1"

SEEN_MS = 7 * 24 * 3600 * 1000
ATTACHMENT_SECONDS = 30 * 24 * 3600
SESSION_SECONDS = 12 * 3600
PRESENCE_KEY_SECONDS = 24 * 3600


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class PartitionKeys:
    """The keys of one partition."""

    root: str

    @property
    def inbox(self) -> str:
        return f"{self.root}:inbox"

    @property
    def outbox(self) -> str:
        return f"{self.root}:outbox"

    @property
    def outbox_tries(self) -> str:
        return f"{self.root}:outbox:tries"

    @property
    def dead(self) -> str:
        return f"{self.root}:dead"

    @property
    def waiting(self) -> str:
        return f"{self.root}:waiting"

    @property
    def held(self) -> str:
        return f"{self.root}:held"

    @property
    def timers(self) -> str:
        return f"{self.root}:timers"

    @property
    def lease(self) -> str:
        return f"{self.root}:lease"

    @property
    def fence(self) -> str:
        return f"{self.root}:fence"

    @property
    def ticket_number(self) -> str:
        return f"{self.root}:ticket-number"

    @property
    def due(self) -> str:
        return f"{self.root}:due"

    @property
    def done(self) -> str:
        return f"{self.root}:done"

    @property
    def ratings(self) -> str:
        return f"{self.root}:ratings"

    @property
    def news(self) -> str:
        return f"{self.root}:news"

    @property
    def typing(self) -> str:
        return f"{self.root}:typing"

    def customer(self, digest: str) -> str:
        return f"{self.root}:customer:{digest}"

    def customer_tickets(self, digest: str) -> str:
        return f"{self.root}:customer:{digest}:tickets"

    def customer_conversations(self, digest: str) -> str:
        return f"{self.root}:customer:{digest}:conversations"

    def assist(self, conversation_id: str) -> str:
        return f"{self.root}:conv:{conversation_id}:assist"

    def conversation(self, conversation_id: str) -> str:
        return f"{self.root}:conv:{conversation_id}"

    def log(self, conversation_id: str) -> str:
        return f"{self.root}:conv:{conversation_id}:log"

    def seen(self, customer: str, message_id: str) -> str:
        """By customer: two customers of one partition may choose the same message id."""
        return f"{self.root}:seen:{customer}:{message_id}"

    def said(self, conversation_id: str, message_id: str) -> str:
        return f"{self.root}:said:{conversation_id}:{message_id}"

    def ticket(self, ticket_id: str) -> str:
        return f"{self.root}:ticket:{ticket_id}"

    def attachment(self, attachment_id: str) -> str:
        return f"{self.root}:attachment:{attachment_id}"


@dataclass(frozen=True)
class Keys:
    """The keys of one namespace."""

    namespace: str

    def partition(self, number: int) -> PartitionKeys:
        return PartitionKeys(f"{self.namespace}:{{p{number}}}")

    @property
    def meta(self) -> str:
        return f"{self.namespace}:meta"

    @property
    def secret(self) -> str:
        return f"{self.namespace}:secret"

    @property
    def accounts(self) -> str:
        return f"{self.namespace}:accounts"

    def session(self, token: str) -> str:
        return f"{self.namespace}:session:{_digest(token)}"

    def attempts(self, what: str) -> str:
        return f"{self.namespace}:attempts:{_digest(what)}"

    def refused(self, name: str) -> str:
        return f"{self.namespace}:refused:{_digest(name)}"

    @property
    def agent_number(self) -> str:
        return f"{self.namespace}:agent-number"

    @property
    def audit(self) -> str:
        return f"{self.namespace}:audit"

    @property
    def handled(self) -> str:
        return f"{self.namespace}:handled"

    @property
    def waited(self) -> str:
        return f"{self.namespace}:waited"

    @property
    def opening_hours(self) -> str:
        return f"{self.namespace}:opening-hours"

    @property
    def to_learn(self) -> str:
        return f"{self.namespace}:{{assist}}:to-learn"

    @property
    def wrapped_up(self) -> str:
        return f"{self.namespace}:wrapped-up"

    @property
    def present(self) -> str:
        return f"{self.namespace}:{{duty}}:present"

    @property
    def available(self) -> str:
        return f"{self.namespace}:{{duty}}:available"
