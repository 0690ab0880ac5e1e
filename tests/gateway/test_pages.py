"""Pages, pictures, headers, health and figures."""

import json

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import create_app
from tests.gateway.cast import PNG, Bot
from tests.gateway.conftest import MakeDoors, running, send, visitor


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html"),
        ("/desk", "text/html"),
        ("/privacy", "text/html"),
        ("/widget.js", "text/javascript"),
        ("/assets/desk.js", "text/javascript"),
        ("/docs", "text/html"),
    ],
)
async def test_every_page_is_served_and_revalidated(client: httpx2.AsyncClient, path: str, media_type: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith(media_type)
    if path != "/docs":
        assert page.headers["cache-control"] == "no-cache"
        again = await client.get(path, headers={"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../package.json",
        "/assets/..%2fpackage.json",
        "/assets/%2e%2e/package.json",
        "/assets/..%5cpackage.json",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/" + "a" * 300,
        "/assets/",
        "/assets",
        "/package.json",
        "/desk/main.js",
        "/../pyproject.toml",
    ],
)
async def test_nothing_else_is_served(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_security_headers_are_on_every_answer(client: httpx2.AsyncClient) -> None:
    for path in ("/", "/v1/messages", "/nowhere", "/healthz", "/socket.io/?EIO=9"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "no-referrer", path


async def test_a_setting_says_who_may_frame_the_agents_page(make_doors: MakeDoors) -> None:
    settings = {"frame_ancestors": "https://helpdesk.example"}
    async with running(create_app(make_doors(**settings))) as app, visitor(app) as client:
        desk_page = (await client.get("/desk")).headers["content-security-policy"]
        other = (await client.get("/")).headers["content-security-policy"]
    assert "frame-ancestors https://helpdesk.example" in desk_page
    assert "frame-ancestors 'none'" in other


async def test_other_sites_may_carry_the_widget_and_never_reach_the_agents_door(client: httpx2.AsyncClient) -> None:
    asked = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    for path in ("/v1/sessions", "/v1/messages", "/v1/attachments"):
        allowed = await client.request("OPTIONS", path, headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in allowed.headers
    for path in ("/v1/desk/sign-in", "/v1/desk/me", "/v1/tickets", "/v1/conversations/x/claim"):
        refused = await client.request("OPTIONS", path, headers=asked)
        assert "access-control-allow-origin" not in refused.headers
        answered = await client.get(path, headers={"Origin": "https://shop.example"})
        assert "access-control-allow-origin" not in answered.headers


async def test_only_allowed_origins_may_carry_the_widget(make_doors: MakeDoors) -> None:
    async with (
        running(create_app(make_doors(allowed_origins="https://shop.example, https://m.example"))) as app,
        visitor(app) as client,
    ):
        ours = await client.post("/v1/sessions", json={}, headers={"Origin": "https://m.example"})
        other = await client.post("/v1/sessions", json={}, headers={"Origin": "https://evil.example"})
    assert ours.headers["access-control-allow-origin"] == "https://m.example"
    assert "access-control-allow-origin" not in other.headers


async def upload(client: httpx2.AsyncClient, content: bytes, name: str = "x.png") -> httpx2.Response:
    return await client.post("/v1/attachments", files={"file": (name, content, "image/png")})


async def test_a_picture_is_sent_and_seen_by_its_customer_and_by_agents_alone(
    customer: httpx2.AsyncClient, lin: httpx2.AsyncClient, client: httpx2.AsyncClient, desk: Desk
) -> None:
    kept = await upload(customer, PNG, name="../../evil\r\n.html")
    assert kept.status_code == 201
    assert kept.json() == {"id": kept.json()["id"], "type": "image/png", "size": len(PNG)}
    conversation = await send(customer, "", attachments=[kept.json()["id"]])
    message = (await desk.events(conversation))[-1]
    assert list(message.attachments) == [{"id": kept.json()["id"], "type": "image/png"}]
    path = f"/v1/attachments/{kept.json()['id']}"
    for reader in (customer, lin):
        picture = await reader.get(path)
        assert (picture.status_code, picture.content) == (200, PNG)
        assert picture.headers["content-type"] == "image/png"
        assert picture.headers["x-content-type-options"] == "nosniff"
        assert picture.headers["content-disposition"] == f'inline; filename="{kept.json()["id"]}.png"'
        assert "sandbox" in picture.headers["content-security-policy"]
    assert (await client.get(path)).status_code == 401
    session = (await client.post("/v1/sessions", json={})).json()["session"]
    stranger = {"Authorization": f"Bearer {session}"}
    answer = await client.get(path, headers=stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "attachment_not_found")
    stolen = await client.post(
        "/v1/messages", json={"message_id": "m", "attachments": [kept.json()["id"]]}, headers=stranger
    )
    assert stolen.json()["code"] == "attachment_not_found"


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"<html>", b"%PDF-1.7", b"MZ\x90", b"\x89PNG", b"RIFF\x00\x00\x00\x00WAVE"],
)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(
    customer: httpx2.AsyncClient, content: bytes
) -> None:
    answer = await upload(customer, content)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_picture")


async def test_a_picture_of_two_mebibytes_is_taken_and_not_a_byte_more(customer: httpx2.AsyncClient) -> None:
    limit = 2 * 1024 * 1024
    assert (await upload(customer, PNG.ljust(limit, b"\0"))).status_code == 201
    for size in (limit + 1, limit + 200_000):
        answer = await upload(customer, PNG.ljust(size, b"\0"))
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_figures_carry_no_ids(customer: httpx2.AsyncClient, client: httpx2.AsyncClient, bot: Bot) -> None:
    conversation = await send(customer, "在吗")
    await customer.get("/v1/events", params={"conversation": conversation})
    await customer.get(f"/v1/attachments/{conversation}")
    figures = (await client.get("/metrics")).text
    assert 'zhiban_messages_received_total{channel="widget",duplicate="false"} 1.0' in figures
    assert 'route="/v1/attachments/{attachment_id}"' in figures
    assert conversation not in figures


async def test_health(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    assert json.loads((await client.get("/openapi.json")).text)["info"]["title"] == "Zhiban"
