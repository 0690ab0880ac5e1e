"""Is the process alive, can it serve, and what has it counted."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from gateway.doors.context import TheDoors
from gateway.doors.declared import problems
from gateway.problems import DoorError

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    status: str


@router.get("/healthz")
async def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses=problems())
async def readyz(doors: TheDoors) -> Health:
    """The desk's store answers, and we are not about to stop."""
    if doors.nudges.leaving:
        raise DoorError("closing")
    await doors.desk.ready()
    return Health(status="ready")


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(doors: TheDoors) -> PlainTextResponse:
    """Figures for Prometheus."""
    return PlainTextResponse(generate_latest(doors.metrics.registry), media_type=CONTENT_TYPE_LATEST)
