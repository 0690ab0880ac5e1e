"""The static pages and scripts: a fixed table of pages, and the bundles under /assets/."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# What each address shows, relative to web/.
PAGES = {
    "/": "demo/index.html",
    "/privacy": "demo/privacy.html",
    "/desk": "desk/index.html",
    "/knowledge": "knowledge/index.html",
    "/widget.js": "dist/widget.js",
}


class _Revalidated(StaticFiles):
    """Browsers keep a copy and ask each time whether it is still good (ETag), so a new version shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def serve_pages(app: FastAPI, web_directory: Path) -> None:
    """Add the pages of `web_directory` to `app`."""
    files = _Revalidated(directory=web_directory, check_dir=False)
    router = APIRouter(include_in_schema=False)
    for address, file in PAGES.items():
        router.add_api_route(address, _page(files, file), methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount("/assets", _Revalidated(directory=web_directory / "dist", check_dir=False))


def _page(files: StaticFiles, file: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        return await files.get_response(file, request.scope)

    return page
