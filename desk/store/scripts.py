"""The Lua scripts: each is one atomic step; those on conversations share `transition.lua` as their opening."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Script:
    text: str

    @property
    def sha(self) -> str:
        """The name by which Redis knows a script that it has run before."""
        return sha1(self.text.encode(), usedforsecurity=False).hexdigest()


@cache
def script(name: str) -> Script:
    """A script that stands alone."""
    return Script((_FOLDER / f"{name}.lua").read_text(encoding="utf-8"))


@cache
def conversation_script(name: str) -> Script:
    """A script on one conversation: its first nine keys and its first argument are those of `transition.lua`."""
    opening = (_FOLDER / "transition.lua").read_text(encoding="utf-8")
    return Script(opening + script(name).text)
