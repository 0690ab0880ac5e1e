"""Every refusal has its place in the table."""

import desk.errors
from desk import DeskError
from gateway.problems import INTERNAL, PROBLEMS, code_of, describe, problem_response


def test_every_refusal_of_the_desk_has_a_status() -> None:
    kinds = [kind for kind in vars(desk.errors).values() if isinstance(kind, type) and issubclass(kind, DeskError)]
    assert len(kinds) > 10
    assert [kind.code for kind in kinds if kind.code not in PROBLEMS] == []


def test_a_refusal_that_nobody_listed_is_a_failure_of_ours() -> None:
    class Unheard(DeskError):
        code = "unheard"

    assert code_of(Unheard("secret")) == INTERNAL
    assert code_of(ValueError("secret")) == INTERNAL
    assert describe("unheard")["status"] == 500


def test_who_is_to_wait_is_told_how_long() -> None:
    for code, (status, _detail) in PROBLEMS.items():
        assert ("retry-after" in problem_response(code).headers) == (status in (429, 503))
