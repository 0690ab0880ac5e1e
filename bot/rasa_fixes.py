"""What stock Rasa 3.6.21, the last release, does slowly or silently, mended at start."""

import os
import re
from collections.abc import Mapping
from typing import Any

from bot import rasa_speed, tensorflow_stub
from bot.turn import CURRENT

# Less than the worker waits for a turn: it then hears that an action failed, not that Rasa hangs.
ACTION_SECONDS = 2.5
_PLACEHOLDER = re.compile(r"{([^\n{}]+?)}")


def before_rasa() -> None:
    """Must run before anything of Rasa is imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # Rasa's training cache does not know which encoder made a vector.
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _keep_variables_out_of_logs()
    if os.environ.get("TENSORFLOW", "stub") != "real":
        tensorflow_stub.install()
    import skops.io  # noqa: F401 - after TensorFlow, this import scans every module for 5 s


def _keep_variables_out_of_logs() -> None:
    """Stock Rasa writes the local variables of every frame beside a traceback: what customers said, in the log."""
    from structlog import processors, tracebacks

    plain = tracebacks.ExceptionDictTransformer(show_locals=False)
    processors.dict_tracebacks = processors.ExceptionRenderer(plain)


def after_rasa() -> None:
    """Mend Rasa's classes; doing it twice does nothing."""
    _check_action_answers_with_one_validator()
    _record_failed_actions()
    _validate_only_what_was_said()
    _fill_in_only_what_is_known()
    rasa_speed.hurry()


def _check_action_answers_with_one_validator() -> None:
    """Stock Rasa checks the JSON schema itself at every call of an action: +55 ms."""
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: Any, result: dict[str, Any]) -> bool:  # noqa: ARG001 - a method of RemoteAction
        error = next(validator.iter_errors(result), None)
        if error is not None:  # its message would quote the answer, and with it what the customer said
            raise ValueError(f"the action's answer is malformed at {error.json_path}")
        return True

    RemoteAction._validate_action_result = validate  # noqa: SLF001 - no public place for it


def _record_failed_actions() -> None:
    """Stock Rasa logs a failed action and says nothing; the turn must know."""
    from rasa.core.actions import action

    if getattr(action.RemoteAction, "records_failures", False):
        return
    action.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    call = action.RemoteAction.run

    async def run(self: Any, *args: Any, **named: Any) -> Any:
        turn = CURRENT.get()
        if turn is None:
            return await call(self, *args, **named)
        turn.running_action = self.name()
        try:
            return await call(self, *args, **named)
        except action.ActionExecutionRejection:
            raise
        except Exception:
            turn.failures.append(self.name())
            raise
        finally:
            turn.running_action = None

    action.RemoteAction.run = run
    action.RemoteAction.records_failures = True


def _validate_only_what_was_said() -> None:
    """Stock Rasa asks the action server to validate a form even when nothing was filled in: a question in the
    middle of a form would depend on the action server."""
    from rasa.core.actions.forms import FormAction

    if getattr(FormAction, "validates_only_what_was_said", False):
        return
    validate = FormAction.validate_slots

    async def validate_slots(self: Any, slot_candidates: dict[str, Any], *args: Any, **named: Any) -> Any:
        said = {slot: value for slot, value in slot_candidates.items() if value is not None}
        return await validate(self, said, *args, **named) if said else []

    FormAction.validate_slots = validate_slots
    FormAction.validates_only_what_was_said = True


def _fill_in_only_what_is_known() -> None:
    """Stock Rasa gives up on a whole sentence, and logs every slot, over one unknown `{name}` or a customer's `0[`."""
    from rasa.core.nlg import interpolator

    interpolator.interpolate_text = filled


def filled(response: str, values: Mapping[str, Any]) -> str:
    """`response` with each `{name}` of `values` replaced; all other braces stay."""
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]) if found[1] in values else found[0], response)
