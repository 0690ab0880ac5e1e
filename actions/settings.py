"""What the actions need to know of their surroundings, read once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge_base.client import DEFAULT_URL


@dataclass(frozen=True)
class Settings:
    """`time_zone` is the customers': times are told in it."""

    knowledge_url: str = DEFAULT_URL
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        zone = environment.get("TIMEZONE") or "Asia/Shanghai"
        try:
            return cls(environment.get("KNOWLEDGE_URL") or DEFAULT_URL, ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"TIMEZONE must be a name like Asia/Shanghai, not {zone!r}") from error
