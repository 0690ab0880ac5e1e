"""What the company's systems may refuse or fail to do."""


class OfficeError(Exception):
    """Base class of every refusal and failure of the company's systems."""

    code = "office_error"


class NotFound(OfficeError):
    """Raised for an unknown order or card and for a wrong phone tail alike."""

    code = "not_found"


class OrderNotFound(NotFound):
    """Raised for an unknown number and for a wrong phone tail alike."""

    code = "order_not_found"


class CardNotFound(NotFound):
    """Raised for an unknown card and for a wrong phone tail alike."""

    code = "card_not_found"


class Locked(OfficeError):
    """Raised after too many wrong tails."""

    code = "locked"


class OrderLocked(Locked):
    """Raised after too many wrong tails for one order."""

    code = "order_locked"


class CardLocked(Locked):
    """Raised after too many wrong tails for one card."""

    code = "card_locked"


class NotPossible(OfficeError):
    """Raised when the office refuses what was asked; `reason` is its code, such as `already_shipped`."""

    code = "not_possible"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OfficeUnavailable(OfficeError):
    """Raised when a system does not answer in time, or answers what cannot be read."""

    code = "office_unavailable"
