"""The standard cases of `benchmarks.handling`: what the customer wants, and what an agent does by hand."""

from dataclasses import dataclass

# What an agent types over a gap of a suggestion.
GAPS = {"agent_name": "小林", "deadline": "24小时内", "amount": "20元", "product": "包裹"}


@dataclass(frozen=True)
class Case:
    """What the customer writes, what an agent who knows the answer types, and the form as they fill it in."""

    name: str
    asks: str
    serves: str  # in the source or the text of a suggestion that answers it
    answer: str
    disposition: str
    form: dict[str, str]
    summary: str
    order: str | None = None
    ticket: str | None = None


CASES = (
    Case(
        "question",
        "优惠券过期了还能用吗",
        "券",
        "您好，优惠券过期后不能使用，也不能补发，请在有效期内使用。",
        "coupon.explained",
        {"category": "coupon", "request": "使用优惠券"},
        "客户咨询优惠券过期能否使用，已说明。",
    ),
    Case(
        "late parcel",
        "我的快递三天没动了，订单号 QH20260408801，电话 13700008800，帮我催一下",
        "催|物流|快递",
        "您好，查到包裹停在长沙转运中心，我马上催快递派送，今天给您答复。",
        "logistics.late",
        {"category": "logistics", "order_number": "QH20260408801", "phone": "13700008800", "request": "催促物流"},
        "客户反映快递三天未更新，已催快递。",
        order="QH20260408801",
    ),
    Case(
        "complaint",
        "我要投诉，上次客服态度太差了，电话 13900005678，请回电给我",
        "投诉|抱歉|理解",
        "非常抱歉给您带来不好的体验，我马上登记投诉，24小时内给您回电。",
        "complaint.service",
        {"category": "complaint", "phone": "13900005678", "request": "投诉、回电"},
        "客户投诉客服态度，已登记，24小时内回电。",
        ticket="complaint",
    ),
)
