"""`zhiban status`: what runs under this data directory."""

from zhiban.data_dir import is_held
from zhiban.problems import Problem
from zhiban.run_state import read
from zhiban.settings import Settings


def status(settings: Settings) -> list[str]:
    """One line a process. Raises Problem when nothing runs."""
    state = read(settings.data_dir)
    if state is None or not is_held(settings.data_dir):
        raise Problem(f"nothing runs under {settings.data_dir}.")
    lines = [f"{'ready' if state['ready'] else 'starting'}: {state['url']}/ since {state['started_at']}"]
    for name, facts in state["processes"].items():
        condition = "ready" if facts["ready"] else "starting"
        lines.append(
            f"{name:10} {condition:9} pid {facts['pid'] or '-':<8} restarts {facts['restarts']:<3} {facts['log']}"
        )
    return lines
