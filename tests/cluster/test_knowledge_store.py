"""The articles' store, on a cluster: the same tests."""

from tests.knowledge_base.test_store import *  # noqa: F403
