"""How far a ticket is: one's own at once, another's with the tail of the phone."""

from tests.dialogue.customer import Customer


def test_a_customers_own_tickets_are_shown_at_once(customer: Customer) -> None:
    customer.desk["tickets"] = [{"id": "T17-42", "kind": "complaint", "state": "open"}]
    assert customer.says("我的投诉到哪一步了").replies == [{"ticket_status": {"ticket": "T17-42"}}]


def test_an_own_ticket_by_number(customer: Customer) -> None:
    customer.desk["tickets"] = [{"id": "T17-42"}, {"id": "T17-43"}]
    assert customer.says("查一下T17-43").replies == [{"ticket_status": {"ticket": "T17-43"}}]


def test_another_ticket_needs_the_tail(customer: Customer) -> None:
    assert "编号" in customer.says("投诉进度").text
    assert "后四位" in customer.says("T3-7").text
    assert customer.says("1234").replies == [{"ticket_status": {"ticket": "T3-7", "contact_tail": "1234"}}]


def test_in_english_too(english: Customer) -> None:
    assert "reference" in english.says("what's the status of my complaint").text
    assert "last four digits" in english.says("T3-7").text
    assert english.says("1234").replies[0]["ticket_status"]["contact_tail"] == "1234"


def test_an_own_number_given_when_asked_needs_no_tail(customer: Customer) -> None:
    customer.says("投诉进度")
    customer.desk["tickets"] = [{"id": "T17-42"}]
    assert customer.says("T17-42").replies == [{"ticket_status": {"ticket": "T17-42"}}]


def test_two_unreadable_answers_offer_a_person(customer: Customer) -> None:
    customer.says("投诉进度")
    assert "不完整" in customer.says("abc").text
    assert "/ask_person" in customer.says("xyz").payloads
