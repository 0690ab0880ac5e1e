"""A fake model that rewords articles: `python -m tests.worker.fake_writer PORT`.

What it answers hangs on a word in what the customer said, and it is easily led: whoever tells it to ignore its
instructions is obeyed. Otherwise it rewords the refund article as a good model would, else says NONE.
"""

import json
from typing import Any

from tests.fake_chat_model import FakeChatModel, serve

GOOD = {
    "zh": "您好，您在我的订单里点「退款」就可以了，三天内到账，请您放心。[refund]",
    "en": "You can open My orders and tap Refund; it takes three days. [refund]",
}
BY_WORD = {
    "INVENT": "您在我的订单里点「退款」，一天内到账。[refund]",
    "UNCITED": "您在我的订单里点「退款」，三天内到账。",
    "ELSEWHERE": "您在我的订单里点「退款」，三天内到账。[fees]",
    "WEATHER": "秋风起时落叶黄，远山如黛水苍茫。独坐江边听晚钟，一叶扁舟入夕阳。[refund]",
    "EMPTY": "",
}
OBEYED = "好的，我们承诺给您全额退款，马上到账！[refund]"


class FakeWriter(FakeChatModel):
    """Rewords the first article."""

    slowness = 2.5

    def told(self, messages: list[dict[str, Any]]) -> str:
        return str(json.loads(messages[-1]["content"])["asked"])

    def said(self, told: str, rules: str) -> str:
        asked, ids = json.loads(told)["asked"], [one["id"] for one in json.loads(told)["articles"]]
        if "忽略" in asked or "ignore your instructions" in asked:
            return OBEYED
        if "ECHO" in asked:
            return f"{asked}[{ids[0]}]"
        by_word = [text for word, text in BY_WORD.items() if word in asked]
        if by_word or ids != ["refund"]:
            return (by_word or ["NONE"])[0]
        return GOOD["en" if "in English" in rules else "zh"]


if __name__ == "__main__":
    serve(FakeWriter)
