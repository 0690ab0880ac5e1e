"""What the order system may refuse or fail to do."""


class OfficeError(Exception):
    """Base class of every refusal and failure of the company's systems."""

    code = "office_error"


class OrderNotFound(OfficeError):
    """Raised for an unknown number and for a wrong phone tail alike."""

    code = "order_not_found"


class OrderLocked(OfficeError):
    """Raised after too many wrong tails for one order."""

    code = "order_locked"


class OfficeUnavailable(OfficeError):
    """Raised when the system does not answer in time, or answers what cannot be read."""

    code = "office_unavailable"
