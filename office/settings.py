"""Where the company's systems are, read once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """`url` is the address of the company's systems."""

    url: str = "http://127.0.0.1:8095"

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        url = environment.get("OFFICE_URL") or cls.url
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"OFFICE_URL must begin with http:// or https://, not {url!r}")
        return cls(url=url)
