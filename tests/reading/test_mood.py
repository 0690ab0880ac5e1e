"""Three steps of mood, in Chinese and English."""

import pytest

from reading.mood import Mood, read_mood

CALM = [
    "空气炸锅坏了怎么修",
    "你好，我想查一下快递",
    "谢谢，已经收到了",
    "请问投诉电话是多少",
    "不着急，您慢慢查",
    "垃圾袋什么时候有货",
    "滚筒洗衣机有吗",
    "页面不能滚动",
    "我的投诉进度到哪了",
    "別生氣，我只是問問",
    "退款大概几天到账？",
    "Could you check my order, please?",
    "I'm not angry, I just want to know",
    "Do you sell trash cans?",
    "no rush, thanks",
]
ANNOYED = [
    "怎么还没发货",
    "都等了这么久了",
    "到底什么时候能处理好",
    "你们也太慢了吧",
    "我说了好几遍了",
    "第三次了，还没解决",
    "真是无语",
    "沒人理我嗎",
    "等咗好久喇，太失望",
    "别糊弄我了",
    "互相踢皮球有意思吗",
    "说话不算数",
    "still no refund",
    "this is ridiculous",
    "I have been waiting for weeks",
    "very disappointed with this",
]
ANGRY = [
    "太气人了",
    "一肚子火没处说",
    "你们就是骗子",
    "气死我了",
    "我要投诉你们",
    "再不处理我打12315",
    "垃圾平台，再也不买了",
    "怎么回事！！！到底管不管？？？",
    "你们客服是废物吗",
    "簡直是黑店，不要臉",
    "我要曝光你们",
    "滚蛋",
    "滚",
    "霸王条款",
    "我找律师告你们",
    "you are scammers",
    "I will sue you",
    "worst service ever",
    "this is ridiculous!!!",
]


@pytest.mark.parametrize("text", CALM)
def test_calm(text: str) -> None:
    assert read_mood(text) is Mood.CALM


@pytest.mark.parametrize("text", ANNOYED)
def test_annoyed(text: str) -> None:
    assert read_mood(text) is Mood.ANNOYED


@pytest.mark.parametrize("text", ANGRY)
def test_angry(text: str) -> None:
    assert read_mood(text) is Mood.ANGRY


def test_full_width_marks_and_spaces_do_not_hide_it() -> None:
    assert read_mood("ｔｈｉｓ　ｉｓ　ｒｉｄｉｃｕｌｏｕｓ！！！") is Mood.ANGRY
