"""What the bot asks for besides words: a rating that is kept, another number for a call-back."""

from tests.worker.scripted_rasa import says
from tests.worker.shop import NIGHT, Shop


async def test_a_rating_is_in_the_log_and_among_the_ratings(shop: Shop) -> None:
    shop.rasa.answer = lambda _: says("谢谢", {"command": "rating.give", "score": 4, "comment": "挺快的"})
    async with shop.worker():
        [thanks] = await shop.ask("4分，挺快的")
    [rating] = await shop.desk.ratings(shop.clock.now)
    assert (rating.conversation, rating.score, rating.comment) == (thanks.conversation, 4, "挺快的")
    assert (await shop.desk.events(thanks.conversation))[-1].type == "rating"


async def test_another_number_changes_the_one_ticket_and_its_state_is_told_to_the_bot(shop: Shop) -> None:
    shop.clock.now = NIGHT
    open_one = {"command": "ticket.open", "kind": "callback", "fields": {"contact": "13800138000"}}
    shop.rasa.answer = lambda _: says("编号 {ticket}", open_one)
    async with shop.worker():
        await shop.ask("13800138000")
        [ticket] = await shop.desk.tickets()
        fields = {"contact": "13912345678"}
        shop.rasa.answer = lambda _: says("改好了", {"command": "ticket.update", "ticket": ticket.id, "fields": fields})
        await shop.ask("换成 13912345678")
    assert shop.rasa.bodies[1]["desk"]["tickets"] == [{"id": ticket.id, "kind": "callback", "state": "open"}]
    [changed] = await shop.desk.tickets()
    assert (changed.id, changed.fields) == (ticket.id, fields)


async def test_a_ticket_that_is_finished_meanwhile_is_decided_about_again(shop: Shop) -> None:
    """The bot decided on what the desk said before; the second time it is told that the ticket is done."""
    shop.clock.now = NIGHT
    open_one = {"command": "ticket.open", "kind": "callback", "fields": {"contact": "13800138000"}}
    shop.rasa.answer = lambda _: says("编号 {ticket}", open_one)
    async with shop.worker():
        await shop.ask("13800138000")
        [ticket] = await shop.desk.tickets()
        update = {"command": "ticket.update", "ticket": ticket.id, "fields": {"contact": "13912345678"}}

        def decides(body: dict) -> dict:
            known = body["desk"]["tickets"][0]["state"]
            return says("再登记一个", open_one) if known == "done" else says("改好了", update)

        async def finishes(_: dict) -> None:
            if (await shop.desk.ticket(ticket.id)).state == "open":
                await shop.desk.update_ticket(ticket.id, "lin", 1, state="done")

        shop.rasa.answer, shop.rasa.hold = decides, finishes
        [reply] = await shop.ask("换成 13912345678")
    assert reply.text == "再登记一个"
    assert (await shop.desk.ticket(ticket.id)).fields == {"contact": "13800138000"}
    assert len(await shop.desk.tickets()) == 1
