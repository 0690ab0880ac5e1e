"""A fake model that rewrites summaries: `python -m tests.gateway.assist.fake_model PORT`.

It repeats the first two lines as one sentence; told `INVENT`, it adds what nobody said.
"""

from tests.fake_chat_model import FakeChatModel, serve


class FakeModel(FakeChatModel):
    """Says again what it was told."""

    def said(self, told: str, rules: str) -> str:  # noqa: ARG002 - it heeds no rules
        text = "，".join(line.strip("。") for line in told.splitlines()[:2]) + "。"
        return text + ("已退款 999 元给李先生。" if "INVENT" in told else "")


if __name__ == "__main__":
    serve(FakeModel)
