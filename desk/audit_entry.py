"""One entry of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One thing that `who` did. `subject`: on what else than a conversation, such as an account."""

    id: str
    at: datetime
    who: str
    what: str
    conversation: str | None = None
    subject: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
