"""The door for pictures: taken by content, given back only to those who may see them."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel

from desk import AttachmentNotFound
from gateway.doors.agent_identity import reads_conversations, signed_in
from gateway.doors.context import Doors, TheDoors, TheSession, bearer, ip_of
from gateway.doors.declared import problems
from gateway.doors.edge import PICTURE_BODY_LIMIT, PICTURE_LIMIT
from gateway.doors.pictures import SUFFIX, picture_type
from gateway.problems import DoorError

router = APIRouter(tags=["customers"])


class Kept(BaseModel):
    id: str
    type: str
    size: int


@router.post(
    "/v1/attachments",
    status_code=201,
    max_body_size=PICTURE_BODY_LIMIT,
    responses=problems(400, 401, 413, 415, 422, 429),
)
async def send_picture(
    request: Request, session: TheSession, doors: TheDoors, file: Annotated[UploadFile, File()]
) -> Kept:
    """Send a picture (PNG, JPEG, GIF or WebP, at most 2 MiB); a message then names its id."""
    await doors.rates.take("pictures", session.user)
    await doors.rates.take("pictures_from", ip_of(request))
    content = await file.read(PICTURE_LIMIT + 1)
    if len(content) > PICTURE_LIMIT:
        raise DoorError("body_too_large")
    media_type = picture_type(content)
    if media_type is None:
        raise DoorError("unsupported_picture")
    kept = await doors.desk.save_attachment(session.address, media_type, content)
    return Kept(id=kept.id, type=media_type, size=len(content))


@router.get(
    "/v1/attachments/{attachment_id}",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}}, **problems(401, 404, 422)},
)
async def read_picture(attachment_id: str, request: Request, doors: TheDoors) -> Response:
    """A picture, for the customer who sent it and for agents."""
    owner = await _reader(request, doors)
    picture = await doors.desk.attachment(attachment_id)
    if owner is not None and picture.owner != owner:
        raise AttachmentNotFound(attachment_id)
    name = f"{picture.id}.{SUFFIX.get(picture.type, 'bin')}"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(picture.data, media_type=picture.type, headers=headers)


async def _reader(request: Request, doors: Doors) -> str | None:
    """Whose pictures the caller may see: a customer's own digest, or None for an agent, who may see all."""
    session = doors.sessions.read(bearer(request))
    if session is not None:
        return session.address.digest
    agent = await signed_in(request, doors)
    if agent is None:
        raise DoorError("session_invalid")
    # Whoever reads no conversations sees no pictures either: nobody has this digest.
    return None if reads_conversations(agent) else ""
