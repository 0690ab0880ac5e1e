"""What an agent does in the tests of assist."""

import httpx2


async def epoch_of(agent: httpx2.AsyncClient, conversation: str) -> int:
    return int((await agent.get(f"/v1/conversations/{conversation}")).json()["conversation"]["epoch"])


async def say(agent: httpx2.AsyncClient, conversation: str, text: str, **more: object) -> httpx2.Response:
    body = {"epoch": await epoch_of(agent, conversation), "message_id": f"a-{hash(text)}", "text": text, **more}
    return await agent.post(f"/v1/conversations/{conversation}/messages", json=body)


def path(conversation: str, rest: str) -> str:
    return f"/v1/agent/conversations/{conversation}/{rest}"
