"""Agents' accounts, passwords and sessions."""

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from desk import AgentNotFound, NameTaken, TooLong, TooManyAttempts, WeakPassword
from desk.agents import Agents
from desk.store.accounts import AccountStore

PASSWORD = "correct horse"


class CountingHasher(PasswordHasher):
    """Cheap enough for tests; counts how often it verified."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, *args):
        self.verified += 1
        return super().verify(*args)


@pytest.fixture
def hasher():
    return CountingHasher()


@pytest.fixture
def agents(desk, clock, hasher):
    return Agents(AccountStore(desk.store, desk.keys), clock, hasher)


async def test_agent_signs_in_with_the_password_and_not_with_another(agents):
    await agents.sign_up("lin", PASSWORD, "小林")
    agent = await agents.verify("lin", PASSWORD)
    assert (agent.name, agent.display_name, agent.is_admin) == ("lin", "小林", False)
    assert await agents.verify("lin", "wrong password") is None


async def test_unknown_name_costs_the_same_work_as_a_wrong_password(agents, hasher):
    await agents.sign_up("lin", PASSWORD)
    await agents.verify("lin", "wrong password")
    known = hasher.verified
    assert await agents.verify("nobody", "wrong password") is None
    assert hasher.verified == 2 * known


async def test_five_failures_lock_the_name_known_or_not_and_others_stay_free(agents, hasher):
    await agents.sign_up("lin", PASSWORD)
    await agents.sign_up("qian", PASSWORD)
    for name in ("lin", "nobody"):
        for _ in range(5):
            assert await agents.verify(name, "wrong password") is None
        with pytest.raises(TooManyAttempts):
            await agents.verify(name, PASSWORD)
    assert await agents.verify("qian", PASSWORD)


async def test_guesses_sent_at_once_are_counted_like_guesses_in_a_row(agents, desk):
    await agents.sign_up("lin", PASSWORD)
    await asyncio.gather(*(desk.agents.agent("lin") for _ in range(20)))
    results = await asyncio.gather(*(agents.verify("lin", f"guess {n:06}") for n in range(20)), return_exceptions=True)
    assert sum(r is None for r in results) <= 5
    assert sum(isinstance(r, TooManyAttempts) for r in results) >= 15


async def test_success_forgets_the_failures_before_it(agents):
    await agents.sign_up("lin", PASSWORD)
    for _ in range(3):
        for _ in range(4):
            await agents.verify("lin", "wrong password")
        assert await agents.verify("lin", PASSWORD)


async def test_lock_ends_and_each_failure_after_it_locks_for_twice_as_long(agents, clock):
    await agents.sign_up("lin", PASSWORD)
    for name in ("lin", "nobody"):
        for _ in range(5):
            assert await agents.verify(name, "wrong password") is None
        for seconds in (30, 60, 120, 240, 480, 900, 900):
            with pytest.raises(TooManyAttempts) as refusal:
                await agents.verify(name, PASSWORD)
            assert refusal.value.until == clock.now + timedelta(seconds=seconds)
            clock.advance(seconds=seconds)
            assert await agents.verify(name, "wrong password") is None
    clock.advance(seconds=900)
    assert await agents.verify("lin", PASSWORD)
    assert await agents.verify("lin", "wrong password") is None  # the count began anew


async def test_locks_are_forgotten_after_an_hour(agents, desk, redis):
    await agents.verify("nobody", "wrong password")
    assert 0 < await redis.ttl(desk.keys.refused("nobody")) <= 3600


async def test_name_is_taken_once_also_by_ten_at_once(agents):
    results = await asyncio.gather(
        *(agents.sign_up("lin", PASSWORD, str(n)) for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(r, NameTaken) for r in results) == 9


async def test_weak_passwords_and_endless_names_are_refused(agents):
    with pytest.raises(WeakPassword):
        await agents.sign_up("lin", "short")
    for name, password in (("", PASSWORD), ("x" * 65, PASSWORD), ("lin", "x" * 201)):
        with pytest.raises(TooLong):
            await agents.sign_up(name, password)
    assert await agents.verify("x" * 10_000, "y" * 100_000) is None


async def test_first_account_is_made_once_and_its_password_told_once(agents):
    told = [p for p in await asyncio.gather(*(agents.ensure_first() for _ in range(5))) if p]
    assert len(told) == 1
    assert await agents.ensure_first() is None
    admin = await agents.verify("admin", told[0])
    assert admin.is_admin


async def test_session_is_good_until_it_ends(agents, desk, redis):
    agent = await agents.sign_up("lin", PASSWORD, "小林")
    token = await agents.open_session(agent)
    assert await agents.session(token) == agent
    assert await agents.session(token + "x") is None
    assert 0 < await redis.ttl(desk.keys.session(token)) <= 12 * 3600
    await agents.end_session(token)
    assert await agents.session(token) is None


async def test_new_password_replaces_the_old_one_ends_sessions_and_the_lock(agents, clock):
    agent = await agents.sign_up("lin", PASSWORD, "小林")
    token = await agents.open_session(agent)
    for _ in range(5):
        await agents.verify("lin", "wrong password")
    clock.advance(seconds=1)
    await agents.set_password("lin", "another horse")
    assert await agents.session(token) is None
    assert await agents.verify("lin", PASSWORD) is None
    assert await agents.verify("lin", "another horse") == agent
    assert await agents.session(await agents.open_session(agent)) == agent
    with pytest.raises(AgentNotFound):
        await agents.set_password("nobody", "another horse")
    with pytest.raises(WeakPassword):
        await agents.set_password("lin", "short")


async def test_neither_password_nor_token_is_stored(agents, desk, redis):
    agent = await agents.sign_up("lin", PASSWORD)
    token = await agents.open_session(agent)
    stored = [key async for key in redis.scan_iter(f"{desk.keys.namespace}:*")]
    values = str(await redis.hgetall(desk.keys.accounts))
    assert token not in str(stored)
    assert PASSWORD not in values
    assert "$argon2id$" in values


async def test_secret_is_the_same_for_every_process(desk):
    secrets = await asyncio.gather(*(desk.secret() for _ in range(10)))
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == 32


async def test_attempts_are_counted_up_to_their_limit(desk, redis):
    assert [await desk.count_attempt("ticket|mei", 3, 900) for _ in range(5)] == [True, True, True, False, False]
    assert await desk.count_attempt("ticket|bo", 3, 900)
    assert 0 < await redis.ttl(desk.keys.attempts("attempt ticket|mei")) <= 900
