"""Work aside is done in a process of its own, and its failure is an error."""

import json

import pytest

from knowledge_base.process_aside import done_aside


async def test_what_the_module_writes_is_given_back() -> None:
    assert json.loads(await done_aside("json.tool", lambda: b'{"a": 1}')) == {"a": 1}


async def test_a_process_that_fails_is_an_error_that_names_its_work() -> None:
    with pytest.raises(RuntimeError, match=r"json\.tool ended with"):
        await done_aside("json.tool", lambda: b"{")
