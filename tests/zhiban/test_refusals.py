"""What is wrong on a machine is said in one line, by `zhiban run` and by `zhiban doctor`, and the exit code tells."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.product import ROOT
from zhiban.data_dir import held, write_stamp
from zhiban.doctor import examine
from zhiban.settings import Settings


@pytest.fixture(params=["run", "doctor"])
def refusal(request, command):
    """The one line with which the command refuses; fails when it does not, or says more."""

    def ask(**environ: str) -> str:
        said = command(request.param, **environ)
        assert said.code == 1, said.lines
        marker = {"run": "zhiban: ", "doctor": "NO  "}[request.param]
        wrong = [line for line in said.lines if line.startswith(marker)]
        assert len(wrong) == 1, said.lines
        assert request.param == "doctor" or said.lines == wrong
        return wrong[0].removeprefix(marker)

    return ask


def test_nothing_is_wrong_on_this_machine(command):
    said = command("doctor")
    assert said.code == 0, said.lines
    assert all(line.startswith("ok ") for line in said.lines)


def test_the_doctor_starts_and_writes_nothing(command):
    command("doctor")
    assert not Path(command.environ["DATA_DIR"]).exists()


def test_a_port_that_is_taken(command, refusal):
    with socket.create_server(("127.0.0.1", int(command.environ["PORT"]))):
        assert refusal() == f"port {command.environ['PORT']} on 127.0.0.1 is taken: stop what uses it, or set PORT."


def test_a_port_that_is_no_port(command):
    said = command("run", PORT="80 80")
    assert (said.code, said.lines) == (1, ["zhiban: PORT=80 80: expected a whole number from 1 to 65535."])


def test_an_address_that_is_not_this_machines(refusal):
    assert refusal(HOST="192.0.2.1").startswith("HOST=192.0.2.1 PORT=")


def test_a_data_directory_in_use(command, refusal):
    folder = Path(command.environ["DATA_DIR"])
    with held(folder):
        assert refusal() == f"{folder} is in use by another zhiban: stop it, or choose another DATA_DIR."


def test_a_data_directory_that_cannot_be_written(tmp_path, command):
    (tmp_path / "var").write_text("a file, not a folder")
    said = command("run")
    assert said.code == 1
    assert said.lines == [f"zhiban: DATA_DIR={tmp_path / 'var'} cannot be used: File exists."]


def test_data_of_a_newer_server(command, refusal):
    folder = Path(command.environ["DATA_DIR"]) / "redis"
    write_stamp(folder, "valkey", "99.1.0")
    assert refusal().startswith(f"{folder} was written by valkey 99.1.0, newer than this 9.")


def test_data_of_another_kind_of_server(command, refusal):
    folder = Path(command.environ["DATA_DIR"]) / "redis"
    write_stamp(folder, "redis", "7.0.15")
    assert refusal().startswith(f"{folder} was written by redis 7.0.15, this is valkey 9.")


def test_data_of_nobody_knows_whom(command, refusal):
    folder = Path(command.environ["DATA_DIR"]) / "redis"
    folder.mkdir(parents=True)
    (folder / "dump.rdb").write_bytes(b"REDIS0009")
    assert refusal() == f"{folder} holds data without server.json: it is not ours; choose another DATA_DIR."


def test_a_full_disk(command, refusal):
    assert "is full: " in refusal(MIN_FREE_MB="900000000")


def test_a_redis_that_keeps_nothing_on_disk(server, refusal):
    url = server("--appendonly", "no")
    assert "keeps no append-only file: set `appendonly yes`" in refusal(REDIS_URL=url)


def test_a_redis_that_evicts(server, refusal):
    url = server("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")
    assert "set `maxmemory-policy noeviction`, it is allkeys-lru" in refusal(REDIS_URL=url)


def test_a_redis_that_is_not_there(tmp_path, refusal):
    assert refusal(REDIS_URL=f"unix://{tmp_path}/nobody").startswith("REDIS_URL: Redis does not answer")


def test_a_good_redis_of_ones_own_is_accepted(server, command):
    said = command("doctor", REDIS_URL=server("--appendonly", "yes"))
    assert said.code == 0, said.lines
    assert any(line.startswith("ok  the Redis of REDIS_URL: Valkey ") for line in said.lines)


def test_opening_hours_are_read_before_anything_starts(refusal):
    assert refusal(WAITING_LIMIT="soon") == "WAITING_LIMIT='soon': expected a whole number."


def test_rasas_environment_is_missing(settings, tmp_path):
    findings = examine(replace(settings, root=tmp_path))
    assert any(
        "(Rasa needs exactly that): install python3.10" in finding.text for finding in findings if not finding.good
    )


def test_python_310_is_not_on_this_machine(tmp_path):
    checkout = tmp_path / "checkout"
    for folder in ("scripts", "requirements"):
        (checkout / folder).mkdir(parents=True)
        for file in (ROOT / folder).iterdir():
            if file.is_file():
                (checkout / folder / file.name).write_bytes(file.read_bytes())
    nowhere = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PYTHON311": sys.executable}

    done = subprocess.run(
        [sys.executable, "scripts/setup.py"], cwd=checkout, env=nowhere, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("setup: Python 3.10 was not found: install python3.10 with its venv module")
    assert not (checkout / ".venv").exists()


def test_settings_name_the_variable_that_is_wrong():
    with pytest.raises(Exception, match="MIN_FREE_MB=lots: expected a whole number"):
        Settings.from_environment({**os.environ, "MIN_FREE_MB": "lots"})
