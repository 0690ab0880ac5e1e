"""Environments are made from locks, and not made again."""

import sys
import time

import pytest
from packaging.requirements import Requirement

from tests.product import ROOT


@pytest.fixture
def environments(monkeypatch, tmp_path):
    """The set-up's module, with the locks of this test; an index is never asked."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    import environments

    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    (tmp_path / "main.lock").write_text("# nothing yet\n")
    return environments


def test_an_environment_is_made_once_and_again_when_its_lock_changes(environments, tmp_path):
    said: list[str] = []
    environment = environments.Environment(tmp_path / ".venv", ["main.lock"], said.append)
    assert environment.outdated() == environment.locks
    environment.build(sys.executable, environment.outdated())

    started = time.monotonic()
    assert environments.Environment(tmp_path / ".venv", ["main.lock"], said.append).outdated() == []
    assert time.monotonic() - started < 2

    (tmp_path / "main.lock").write_text("# changed\n")
    assert environment.outdated() == environment.locks
    assert said[-1] == ".venv: done"


def test_a_missing_build_of_torch_is_one_line_with_the_remedy(environments, tmp_path):
    (tmp_path / "main.lock").write_text("torch==0.0.1+cpu\n")
    environment = environments.Environment(tmp_path / ".venv", ["main.lock"], print)
    with pytest.raises(environments.InstallFailed) as refused:
        environment.build(sys.executable, environment.outdated())
    assert str(refused.value) == (
        "torch==0.0.1+cpu was not found: set TORCH_INDEX_URL to the wheel index that has PyTorch's CPU builds "
        "and run this again."
    )
    assert environment.outdated() == environment.locks


def test_every_package_we_name_is_pinned_in_its_lock():
    for name in ("main", "dev"):
        wanted = _names((ROOT / "requirements" / f"{name}.in").read_text())
        pinned = _names((ROOT / "requirements" / f"{name}.lock").read_text())
        assert wanted <= pinned, name


def test_each_line_of_a_lock_names_one_exact_version():
    for lock in (ROOT / "requirements").glob("*.lock"):
        lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
        assert all(line.count("==") >= 1 and "://" not in line for line in lines), lock.name


def _names(text: str) -> set[str]:
    lines = [line.partition(" #")[0] for line in text.splitlines() if line and not line.startswith(("#", "-"))]
    return {Requirement(line).name.replace("_", "-").lower() for line in lines}
