"""Every refusal the desk makes on purpose, each with a stable code."""

from datetime import datetime


class DeskError(Exception):
    """Base class for every refusal the desk makes on purpose."""

    code = "desk_error"


class ConversationNotFound(DeskError):
    """Raised for an unknown conversation, and for one that the caller may not see."""

    code = "conversation_not_found"


class ConversationMovedOn(DeskError):
    """Raised for a write under an old epoch, by a former holder, or to a closed conversation."""

    code = "conversation_moved_on"


class HandoffAlreadyClaimed(DeskError):
    """Raised when another agent holds the conversation; `holder` is that agent's name."""

    code = "handoff_already_claimed"

    def __init__(self, conversation: str, holder: str) -> None:
        super().__init__(f"{conversation} is held by {holder}")
        self.conversation = conversation
        self.holder = holder


class HandoffOffered(DeskError):
    """Raised when a conversation is claimed that is offered to a colleague until `until`."""

    code = "handoff_offered"

    def __init__(self, conversation: str, until: datetime) -> None:
        super().__init__(f"{conversation} is offered to a colleague")
        self.conversation = conversation
        self.until = until


class AtCapacity(DeskError):
    """Raised when an agent who holds as many conversations as they should asks for the next one."""

    code = "at_capacity"

    def __init__(self, held: int, capacity: int) -> None:
        super().__init__(f"holds {held} of {capacity}")
        self.held = held
        self.capacity = capacity


class AgentAway(DeskError):
    """Raised when a conversation is handed to a colleague who is not there."""

    code = "agent_away"


class UnknownCategory(DeskError):
    """Raised for a category that the routing table does not have."""

    code = "unknown_category"


class TicketNotFound(DeskError):
    """Raised for an unknown ticket."""

    code = "ticket_not_found"


class TicketChanged(DeskError):
    """Raised when a ticket is changed under an old version, or opened under an id that is taken."""

    code = "ticket_changed"


class AttachmentNotFound(DeskError):
    """Raised for an attachment that is unknown, has expired, or belongs to another customer."""

    code = "attachment_not_found"


class LetterNotFound(DeskError):
    """Raised for a dead letter that does not exist, or not any more."""

    code = "letter_not_found"


class LeaseLost(DeskError):
    """Raised when a worker writes to a partition that it no longer leases."""

    code = "lease_lost"


class TooLong(DeskError):
    """Raised when a text, an id or a file is larger than the desk keeps."""

    code = "too_long"


class Busy(DeskError):
    """Raised when too much waits already; nothing was kept, and the same may be sent again in a few seconds."""

    code = "busy"


class StoreUnavailable(DeskError):
    """Raised when Redis does not answer in time; nothing is known about the write."""

    code = "store_unavailable"


class NotAcknowledged(DeskError):
    """Raised when too few replicas confirmed a write in time; it may stand, and may be repeated."""

    code = "not_acknowledged"


class StoreUnsuitable(DeskError):
    """Raised at start for a server, or data on it, that the desk cannot work with."""

    code = "store_unsuitable"


class SettingsWrong(DeskError):
    """Raised for a setting or data file that cannot be used; says which, and what would be right."""

    code = "settings_wrong"


class NameTaken(DeskError):
    """Raised when an agent of that name exists."""

    code = "name_taken"


class AgentNotFound(DeskError):
    """Raised for an account that does not exist."""

    code = "agent_not_found"


class AccountChanged(DeskError):
    """Raised when an account is changed under an old version."""

    code = "account_changed"


class LastAdmin(DeskError):
    """Raised when a change would leave nobody who can manage accounts."""

    code = "last_admin"


class PasswordWrong(DeskError):
    """Raised when an agent who wants another password does not know the present one."""

    code = "password_wrong"


class OpeningHoursChanged(DeskError):
    """Raised when the opening hours are changed under an old version."""

    code = "opening_hours_changed"


class WrappedUpAlready(DeskError):
    """Raised when a case is wrapped up for a second time."""

    code = "wrapped_up_already"


class WeakPassword(DeskError):
    """Raised when a password is shorter than we accept."""

    code = "weak_password"


class TooManyAttempts(DeskError):
    """Raised when a name may not try to sign in before `until`."""

    code = "too_many_attempts"

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed attempts")
        self.until = until
