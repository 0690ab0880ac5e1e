"""The container's files, which nothing here can build, at least agree with the repository."""

import re

import yaml

from tests.product import ROOT


def test_every_path_that_the_image_copies_exists():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert len(sources) > 10
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_every_room_is_in_the_image():
    text = (ROOT / "Dockerfile").read_text()
    rooms = [path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")]
    assert [room for room in rooms if f"COPY {room} {room}" not in text] == []


def test_nothing_that_the_image_needs_is_ignored():
    ignored = (ROOT / ".dockerignore").read_text().split()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert not {source for line in copied for source in line.split()} & set(ignored)


def test_the_image_does_not_run_as_root_and_says_how_it_is():
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER zhiban$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "/readyz" in text


def test_the_composition_names_one_product_and_keeps_its_data():
    composition = yaml.safe_load((ROOT / "compose.yml").read_text())
    services = composition["services"]
    assert services["zhiban"]["volumes"] == ["data:/data"]
    assert set(composition["volumes"]) == {"data", "redis"}
    # What the product demands of a server of one's own (see test_refusals.py).
    assert {"--appendonly", "--maxmemory-policy", "noeviction"} <= set(services["redis"]["command"])
