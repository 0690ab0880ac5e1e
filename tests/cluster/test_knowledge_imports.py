"""Imports, on a cluster: the same tests."""

from tests.knowledge_base.test_import_store import *  # noqa: F403
