"""`zhiban agents`: accounts at the terminal, while nothing else runs."""

import pytest


def test_accounts_are_made_listed_and_changed(command):
    made = command("agents", "add", "boss", "--display-name", "班长", "--admin")
    assert (made.code, made.lines[0].split()[:2]) == (0, ["boss:", "password"])
    assert command("agents", "add", "lin").code == 0
    assert command("agents", "list").lines == [
        " 101  boss  班长  agent+admin  all / all  at most 5",
        " 102  lin  -  agent  all / all  at most 5",
    ]
    changed = command("agents", "role", "lin", "supervisor", "editor")
    assert changed.lines == [" 102  lin  -  supervisor+editor  all / all  at most 5"]
    skilled = command(
        *("agents", "skills", "lin", "--category", "card", "--category", "refunds"),
        *("--language", "zh", "--no-vip", "--capacity", "3"),
    )
    assert skilled.lines == [" 102  lin  -  supervisor+editor  card,refunds / zh / no VIP  at most 3"]
    assert command("agents", "block", "lin").lines[0].endswith("at most 3  BLOCKED")
    assert command("agents", "unblock", "lin").lines[0].endswith("at most 3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "lin", "--role", "chief"], "no such role: chief; there are agent, supervisor, editor, admin."),
        (["role", "nobody", "agent"], "there is no agent nobody."),
        (["skills", "lin", "--language", "fr"], "no such language: fr; there are zh, en."),
        (["skills", "lin", "--category", "weather"], "no such category: weather; there are orders, logistics,"),
        (["role", "boss", "agent"], "boss: without boss nobody could manage accounts."),
    ],
)
def test_what_cannot_be_is_one_line(command, arguments, said):
    if arguments[1] == "boss":
        command("agents", "add", "boss", "--admin")
    refused = command("agents", *arguments)
    assert refused.code == 1
    assert refused.lines[0].startswith(f"zhiban: {said}")
