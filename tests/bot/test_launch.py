"""Rasa's arguments, completed; its sentences, filled in."""

from bot.complaint_text import entities
from bot.launch import arguments
from bot.rasa_fixes import filled


def test_the_server_binds_the_loopback_unless_told_otherwise() -> None:
    assert arguments(["run", "-m", "x"])[-6:-4] == ["--interface", "127.0.0.1"]
    assert "127.0.0.1" not in arguments(["run", "-i", "0.0.0.0"])


def test_training_finds_the_files_of_this_bot() -> None:
    completed = arguments(["train", "--out", "models"])
    assert completed[completed.index("--domain") + 1] == "bot/domain"
    assert completed[completed.index("--data") + 1 :][:2] == ["bot/nlu", "bot/rules"]
    assert arguments(["train", "--data", "elsewhere"]).count("--data") == 1


def test_other_commands_stay_as_they_are() -> None:
    assert arguments(["--version"]) == ["--version"]
    assert arguments([]) == []


def test_only_known_names_are_filled_in() -> None:
    assert filled('{a} {b} {"part":"x"} 100[元]', {"a": 1}) == '1 {b} {"part":"x"} 100[元]'


def test_what_a_customer_wrote_is_not_filled_in_again() -> None:
    assert filled("{what}", {"what": "{order}", "order": "QH1"}) == "{order}"


def test_a_complaint_that_only_announces_itself_tells_nothing() -> None:
    assert entities("我要投诉你们", "complain") == []
    assert entities("I want to make a complaint", "complain") == []
    assert entities("快递员把我的杯子摔碎了还骂人，我要投诉", "complain")[0]["entity"] == "complaint_what"
    assert entities("the courier threw my parcel over the fence, I want to complain", "complain")
    assert entities("快递员把我的杯子摔碎了还骂人，我要投诉", "ask_person") == []
