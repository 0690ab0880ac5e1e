"""Roles and rights: the one table, and accounts that change under it."""

import asyncio
from pathlib import Path

import pytest

from desk import AccountChanged, AgentNotFound, LastAdmin, NameTaken, PasswordWrong, SettingsWrong, TooManyAttempts
from desk.rights import RIGHTS, ROLES, read_rights, rights_in
from desk.skills import Skills
from tests.desk.cast import LIN, PASSWORD, QIAN, hire

SHIPPED = rights_in()


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("agent", {"conversations.serve", "articles.read"}, {"articles.edit", "conversations.see_all", "board.see"}),
        ("supervisor", {"conversations.take_over", "audit.read"}, {"articles.edit", "accounts.manage"}),
        ("editor", {"articles.edit"}, {"conversations.serve", "conversations.see_all", "board.see", "audit.read"}),
        ("admin", set(RIGHTS), set()),
    ],
)
def test_each_role_has_its_rights(role, may, may_not):
    has = SHIPPED.of([role])
    assert may <= has
    assert not may_not & has


def test_several_roles_add_up_and_none_is_nothing():
    assert SHIPPED.of(["agent", "editor"]) == SHIPPED.of(["agent"]) | SHIPPED.of(["editor"])
    assert SHIPPED.of([]) == SHIPPED.of(["chief"]) == frozenset()


def test_every_right_is_in_the_shipped_table():
    assert set(SHIPPED.roles_with) == set(RIGHTS)
    assert set().union(*SHIPPED.roles_with.values()) == set(ROLES)


def test_a_shop_may_let_its_agents_edit_articles():
    rights = read_rights("rights: {accounts.manage: [admin], articles.edit: [editor, admin, agent]}")
    assert rights.of(["agent"]) == {"articles.edit"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rights: {articles.eat: [agent], accounts.manage: [admin]}", "articles.eat"),
        ("rights: {accounts.manage: [chief]}", "chief"),
        ("rights: {accounts.manage: admin}", "admin"),
        ("rights: {articles.edit: [editor]}", "accounts.manage"),
        ("rights: {accounts.manage: []}", "accounts.manage"),
        ("roles: {}", "expected"),
        ("[", "rights"),
    ],
)
def test_a_wrong_table_is_refused_and_the_entry_is_named(text, named):
    with pytest.raises(SettingsWrong, match=named):
        read_rights(text)


def test_a_missing_table_is_refused():
    with pytest.raises(SettingsWrong, match="RIGHTS"):
        rights_in(Path("none.yml"))


# accounts


async def test_customers_see_a_number_until_a_name_is_chosen_and_never_the_sign_in_name(desk, redis):
    lin, qian = await hire(desk, LIN), await hire(desk, QIAN)
    assert (lin.shown_as, qian.shown_as) == ("101", "102")
    assert (await desk.agents.change(LIN, display_name="小林")).shown_as == "小林"
    assert (await desk.agents.change(LIN, display_name=LIN)).shown_as == "101"
    old = '{"password": "x", "display_name": "admin", "roles": ["agent", "admin"], "created_at": ""}'
    await redis.hset(desk.keys.accounts, "admin", old)  # as the first version wrote it
    admin = await desk.agents.agent("admin")
    assert (admin.shown_as, admin.capacity, admin.may("accounts.manage")) == ("", 5, True)


async def test_numbers_are_given_once(desk):
    agents = await asyncio.gather(*(hire(desk, f"agent-{number}") for number in range(20)))
    assert len({agent.number for agent in agents}) == 20
    with pytest.raises(NameTaken):
        await hire(desk, "agent-1")
    assert [agent.number for agent in await desk.agents.all()] == sorted(agent.number for agent in agents)


async def test_a_change_counts_in_sessions_that_are_open(desk):
    await hire(desk, "boss", "admin")
    token = await desk.agents.open_session(await hire(desk, LIN))
    await desk.agents.change(LIN, roles=("supervisor",), skills=Skills(languages=("en",)), capacity=2)
    lin = await desk.agents.session(token)
    assert (lin.roles, lin.skills, lin.capacity) == (("supervisor",), Skills(languages=("en",)), 2)
    assert lin.may("board.see")


async def test_a_blocked_account_signs_in_no_more_and_its_sessions_end(desk, clock):
    token = await desk.agents.open_session(await hire(desk, LIN))
    clock.advance(seconds=1)
    blocked = await desk.agents.change(LIN, blocked=True)
    assert (blocked.blocked, blocked.rights) == (True, frozenset())
    assert await desk.agents.session(token) is None
    assert await desk.agents.verify(LIN, PASSWORD) is None
    await desk.agents.change(LIN, blocked=False)
    assert await desk.agents.session(token) is None
    assert await desk.agents.verify(LIN, PASSWORD)


async def test_of_changes_made_from_the_same_version_one_stands(desk):
    await hire(desk, LIN)
    results = await asyncio.gather(
        *(desk.agents.change(LIN, 1, capacity=number) for number in range(1, 11)), return_exceptions=True
    )
    assert sum(isinstance(result, AccountChanged) for result in results) == 9
    assert (await desk.agents.agent(LIN)).version == 2
    with pytest.raises(AgentNotFound):
        await desk.agents.change("nobody", capacity=1)


async def test_somebody_can_always_manage_accounts(desk):
    for name in ("boss", "chief"):
        await hire(desk, name, "admin")
    await hire(desk, LIN)
    results = await asyncio.gather(
        desk.agents.change("boss", roles=("agent",)), desk.agents.change("chief", blocked=True), return_exceptions=True
    )
    assert sum(isinstance(result, LastAdmin) for result in results) == 1
    assert len([agent for agent in await desk.agents.all() if agent.may("accounts.manage")]) == 1


async def test_one_changes_ones_own_password_with_the_old_one(desk, clock):
    token = await desk.agents.open_session(await hire(desk, LIN))
    with pytest.raises(PasswordWrong):
        await desk.agents.change_password(LIN, "wrong password", "another horse")
    clock.advance(seconds=1)
    await desk.agents.change_password(LIN, PASSWORD, "another horse")
    assert await desk.agents.session(token) is None
    assert await desk.agents.verify(LIN, "another horse")
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            await desk.agents.change_password(LIN, "wrong password", "yet another")
    with pytest.raises(TooManyAttempts):
        await desk.agents.change_password(LIN, "another horse", "yet another")
