"""The container's files, which nothing here can build, at least agree with the repository and with `zhiban run`."""

import re
from pathlib import Path

import pytest
import yaml

from tests.product import ROOT
from zhiban.programs import NAMES, Addresses, Programs
from zhiban.settings import PRIVATE_PORTS, Settings

PYTHONS = {"/app/.venv/bin/python": "python", "/app/.venv-rasa/bin/python": "rasa python"}
SERVICES = {"rasa": "bot"}  # the others are called alike


@pytest.fixture(scope="module")
def stages():
    """The instructions of each named stage of the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    parts = re.split(r"^FROM \S+ AS (\w+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def services():
    return composition()["services"]


def composition():
    return yaml.safe_load((ROOT / "compose.yml").read_text())


@pytest.fixture(scope="module")
def programs():
    """What `zhiban run` would start, by name."""
    settings = Settings.from_environment({})
    makers = Programs(settings, PRIVATE_PORTS, Addresses.of(settings, PRIVATE_PORTS))
    made = [*makers.before_rasa(), makers.rasa(settings.models / "x.tar.gz"), *makers.front()]
    return {program.name: program for program in made}


def copied(stage):
    """What a stage takes from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", stage, re.MULTILINE)
    return [source for line in lines for source in line.split()]


def command(service):
    return service["command"]


def arguments(words):
    """Module and arguments, without the interpreter and where it listens."""
    words = [str(word) for word in words]
    for option in ("--host", "--interface"):
        if option in words:
            place = words.index(option)
            del words[place : place + 2]
    return words[1:]


def test_every_path_that_the_images_copy_exists_and_is_sent_to_the_build(stages):
    ignored = (ROOT / ".dockerignore").read_text().split()
    for name in ("build", "rasa", "zhiban"):
        sources = copied(stages[name])
        assert len(sources) > 5
        assert [source for source in sources if not (ROOT / source).exists()] == []
        assert not set(sources) & set(ignored)


def test_every_room_is_in_an_image(stages):
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert rooms <= set(copied(stages["build"]))
    assert rooms - {"bot"} <= set(copied(stages["zhiban"]))
    assert {"bot", "reading"} <= set(copied(stages["rasa"]))


def test_rasas_image_has_all_of_the_knowledge_client_and_no_more(stages):
    files = {Path(source).name for source in copied(stages["rasa"]) if source.startswith("knowledge_base/")}
    needed = {"__init__.py", "client.py"}
    for name in sorted(needed):
        text = (ROOT / "knowledge_base" / name).read_text()
        needed |= {f"{module}.py" for module in re.findall(r"^from knowledge_base\.(\w+) import", text, re.MULTILINE)}
    assert files == needed


def test_the_images_do_not_run_as_root_and_say_how_they_are(stages):
    for name, path in (("rasa", "/webhooks/gateway/"), ("zhiban", "/readyz")):
        uid = re.search(r"^USER (\d+):\1$", stages[name], re.MULTILINE)
        assert uid
        assert int(uid[1]) > 0
        health = re.search(r"^HEALTHCHECK .*$", stages[name], re.MULTILINE)
        assert health
        assert path in health[0]


def test_an_image_starts_what_its_service_starts(stages, services):
    for stage, service in (("rasa", "bot"), ("zhiban", "doors")):
        started = re.search(r"^CMD (\[.+\])$", stages[stage].split("HEALTHCHECK")[1].split("\n", 1)[1], re.MULTILINE)
        assert started
        assert yaml.safe_load(started[1]) == command(services[service])


def test_there_is_a_service_for_every_process_of_zhiban_run_and_a_proxy(services):
    assert set(services) == {SERVICES.get(name, name) for name in NAMES} | {"proxy"}


def test_the_services_are_started_as_zhiban_run_starts_them(programs, services):
    model = ["-m", "models"]  # the image has one model; zhiban names it by its fingerprint
    for name, program in programs.items():
        wanted = arguments(program.command)
        if name == "rasa":
            wanted = ["model" if word.endswith(".tar.gz") else word for word in wanted]
            place = wanted.index("model")
            wanted[place - 1 : place + 1] = model
        assert arguments(command(services[SERVICES.get(name, name)])) == wanted, name


def test_each_service_runs_in_the_environment_of_its_process(programs, services):
    for name, program in programs.items():
        ours = "rasa python" if ".venv-rasa" in program.command[0] else "python"
        assert PYTHONS[command(services[SERVICES.get(name, name)])[0]] == ours, name


def test_the_services_are_told_of_each_other_all_that_zhiban_run_tells(programs, services):
    told = {name for name in programs["doors"].environ if name.endswith(("_URL", "_SECRET"))}
    for name in programs:
        if name != "office":
            assert told <= set(services[SERVICES.get(name, name)]["environment"]), name


def test_the_services_look_for_each_other_where_they_listen(services):
    environment = services["worker"]["environment"]
    for name, port in (("knowledge", 8090), ("bot", 5005), ("actions", 5055), ("redis", 6379)):
        variable = {"bot": "RASA_URL"}.get(name, f"{name.upper()}_URL")
        assert f"//{name}:{port}" in environment[variable]
        assert str(port) in str(services[name]["healthcheck"]["test"]) or name == "redis"
        if name != "redis":
            assert command(services[name])[-1] == str(port)


def test_only_the_proxy_is_published(services):
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    [config] = services["proxy"]["configs"]
    caddyfile = composition()["configs"][config["source"]]["content"]
    assert caddyfile.splitlines()[0] == ":8080 {"
    assert "dynamic a doors 8080 {" in caddyfile
    # Who polls must stay at one door, also in a page of another site, which keeps no cookie.
    assert "lb_policy cookie zhiban_door {\n\t\t\tfallback client_ip_hash" in caddyfile


def test_the_doors_believe_the_proxy_about_who_writes(services):
    # Otherwise all customers would share one rate limit: that of the proxy's address.
    assert services["doors"]["environment"]["FORWARDED_ALLOW_IPS"] == "*"


def test_every_service_but_the_proxy_says_how_it_is_and_is_waited_for(services):
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["proxy"]
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, name
            assert needed in services


def test_the_data_are_kept_and_the_server_is_what_the_product_demands(services):
    # What the product demands of a server of one's own: see test_refusals.py.
    assert services["redis"]["volumes"] == ["redis:/data"]
    assert "redis" in composition()["volumes"]
    words = command(services["redis"])
    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--appendfsync") + 1] == "always"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"


def test_our_containers_have_no_privileges(services):
    for name, service in services.items():
        if name not in ("redis", "proxy"):
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
