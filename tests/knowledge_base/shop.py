"""A small shop's knowledge base, and what its customers should not be answered."""

from typing import Any

from knowledge_base.article import Article, parse_article


def article_json(article_id: str, question: str, *phrasings: str, **more: Any) -> dict[str, Any]:
    """An article in Simplified Chinese, as an editor would send it."""
    wording = {"question": question, "phrasings": list(phrasings), "answer": f"关于「{question}」的回答。"}
    return {"id": article_id, "category": "shop", "texts": {"zh-Hans": wording}, **more}


def article(article_id: str, question: str, *phrasings: str, **more: Any) -> Article:
    return parse_article(article_json(article_id, question, *phrasings, **more))


REFUND = article("refund", "退款多久到账", "退款几天到账", "退的钱什么时候到账", "退款还没到账", "多久能收到退款")
PARCEL = article("parcel", "快递不动了怎么办", "快递三天没动", "物流一直不更新", "包裹卡住不动了", "快递没有更新")
INVOICE = article("invoice", "怎么开发票", "我要发票", "发票在哪里开", "能给我开张发票吗", "电子发票怎么开")
SECRET = article("fraud", "内部欺诈处理流程", "欺诈怎么上报", audience="agent")
SHOP = [REFUND, PARCEL, INVOICE, SECRET]
OUT_OF_SCOPE = [
    "今天天气如何",
    "讲个笑话",
    "你吃饭了没",
    "唱首歌",
    "hello there",
    "what time is it",
    "股票会涨吗",
    "下雨了",
]
