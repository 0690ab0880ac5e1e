"""Starts the doors: `python -m gateway.doors`."""

import os
import sys
from datetime import timedelta

import uvloop
from pydantic import ValidationError

from channels import read_webhooks
from desk import Desk, DeskError, Settings
from desk.assist.check_rules import BadRules, read_rules
from desk.assist.form import BadForm, read_dispositions, read_form
from gateway.doors.app import create_app
from gateway.doors.assist import Assist
from gateway.doors.assist_rewriting import Rewriter
from gateway.doors.board import Board
from gateway.doors.context import Doors
from gateway.doors.nudges import Nudges
from gateway.doors.phrases import read_phrases
from gateway.doors.rates import Rates, connect_rates
from gateway.doors.server import DoorServer, listen
from gateway.doors.sessions import Sessions
from gateway.doors.settings import DoorSettings
from gateway.logging import set_up_logging
from knowledge_base.suggesting.client import SuggestingClient
from office.staff import StaffOffice


def main() -> int:
    """Serve until told to stop; the exit code."""
    try:
        settings = DoorSettings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        print(f"doors: wrong settings: {'; '.join(wrong)}", file=sys.stderr)
        return 2
    set_up_logging("doors", settings.log_format)
    try:
        return uvloop.run(_serve(settings))
    except (DeskError, BadRules, BadForm, OSError) as error:
        print(f"doors: {error}", file=sys.stderr)
        return 1


async def _serve(settings: DoorSettings) -> int:
    listening = listen(settings)
    desk_settings = Settings.from_environment(os.environ)
    async with await Desk.connect(desk_settings) as desk:
        knowledge = SuggestingClient(settings.knowledge_url)
        rates = connect_rates(desk_settings.redis_url, settings)
        assist = _assist(settings)
        try:
            app = create_app(await _doors(settings, desk, knowledge, rates, assist))
            await DoorServer(app).serve(sockets=[listening])
        finally:
            await knowledge.aclose()
            await rates.aclose()
            await assist.aclose()
    return 0


def _assist(settings: DoorSettings) -> Assist:
    """Raises BadRules, BadForm for files of the company's own that cannot be read."""
    key = settings.assist_llm_key.get_secret_value() if settings.assist_llm_key else None
    url = settings.assist_llm_url
    return Assist(
        rules=read_rules(settings.assist_rules),
        form=read_form(settings.assist_form),
        dispositions=read_dispositions(settings.assist_dispositions),
        office=StaffOffice(settings.office_url),
        rewriter=Rewriter(url, settings.assist_llm_model, key) if url else None,
        learn_after=timedelta(hours=settings.learn_after_hours),
        zone=settings.timezone,
    )


async def _doors(
    settings: DoorSettings, desk: Desk, knowledge: SuggestingClient, rates: Rates, assist: Assist
) -> Doors:
    given = settings.secret_key.get_secret_value() if settings.secret_key else None
    secret = given.encode() if given else await desk.secret()
    site_secret = settings.site_secret.get_secret_value() if settings.site_secret else None
    nudges = Nudges()
    return Doors(
        desk=desk,
        settings=settings,
        sessions=Sessions(secret, site_secret, timedelta(days=settings.session_days)),
        rates=rates,
        knowledge=knowledge,
        phrases=read_phrases(),
        nudges=nudges,
        board=Board(desk, nudges),
        webhooks=read_webhooks(settings.webhooks.get_secret_value()),
        assist=assist,
    )


if __name__ == "__main__":
    sys.exit(main())
