"""The knowledge base on a cluster: its keys share a slot, and an edit is live everywhere, also after a failover."""

import asyncio

import pytest

from knowledge_base.live_base import LiveBase
from knowledge_base.store import ArticleChanged, StoreUnavailable
from tests.cluster.servers import Servers
from tests.knowledge_base.test_live_base import GIFT, best, live_base, until

WRAP = "可以帮我包装成礼物吗"


async def changed(base: LiveBase) -> bool:
    """As an editor does it who tries again; a try that was not answered may have been done."""
    try:
        await base.change(GIFT, 0, "lin")
    except ArticleChanged as earlier:
        return earlier.by == "lin"
    except StoreUnavailable:
        return False
    return True


async def test_an_edit_at_one_server_is_live_at_the_other_within_a_second(cluster: Servers, namespace: str) -> None:
    async with live_base(cluster.url, namespace) as here, live_base(cluster.url, namespace) as there:
        await here.change(GIFT, 0, "lin")
        assert await until(lambda: "gift" in {edition.article.id for edition in there.editions()}, 1) < 1
        assert await best(there, WRAP) == "gift"


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_a_lost_master_is_followed_to_the_one_that_takes_over(cluster: Servers, namespace: str, how: str) -> None:
    master, replica = cluster.at_key(f"{{{namespace}:kb}}:revision")
    try:
        async with live_base(cluster.url, namespace) as here, live_base(cluster.url, namespace) as there:
            master.kill() if how == "killed" else master.freeze()
            assert (await here.understand("怎么退款", None, "customer")).articles  # what is in memory serves on
            await cluster.until_promoted(replica)
            async with asyncio.timeout(20):
                while not await changed(here):
                    await asyncio.sleep(0.1)
            assert await until(lambda: "gift" in {edition.article.id for edition in there.editions()}, 2) < 2
    finally:
        await cluster.heal()
