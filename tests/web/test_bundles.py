"""What is committed in web/dist was made from what is in web/."""

import hashlib
import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
LANGUAGES = {"widget": ["zh-Hans", "zh-Hant", "en"], "desk": ["zh-Hans", "en"], "knowledge": ["zh-Hans", "en"]}


def sources() -> dict[str, str]:
    files = [
        path
        for path in WEB.rglob("*")
        if path.suffix in {".js", ".mjs", ".css", ".json"}
        and not {"node_modules", "dist"} & set(path.relative_to(WEB).parts)
    ]
    return {path.relative_to(WEB).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_bundles_are_up_to_date() -> None:
    lines = (WEB / "dist" / "SOURCES.sha256").read_text(encoding="utf-8").splitlines()
    bundled = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert bundled == sources(), "run `npm ci && npm run bundle` in web/ and commit web/dist"


def test_every_bundled_package_has_its_licence() -> None:
    licences = (WEB / "dist" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("preact", "htm", "socket.io-client", "marked", "dompurify"):
        assert re.search(rf"^{re.escape(name)} \d", licences, re.MULTILINE), name


@pytest.mark.parametrize("room", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_gaps(room: str) -> None:
    def gaps(language: str) -> dict[str, set[str]]:
        strings = json.loads((WEB / room / f"strings.{language}.json").read_text(encoding="utf-8"))
        return {key: set(re.findall(r"\{(\w+)\}", sentence)) for key, sentence in strings.items()}

    first, *others = (gaps(language) for language in LANGUAGES[room])
    assert all(other == first for other in others)


def test_the_pages_load_nothing_from_elsewhere() -> None:
    for page in (*WEB.glob("demo/*.html"), *WEB.glob("desk/*.html"), *WEB.glob("knowledge/*.html")):
        loaded = re.findall(
            r"""<(?:script|link|img)[^>]*?(?:src|href)=["']([^"']+)""", page.read_text(encoding="utf-8")
        )
        assert loaded, page
        assert all(link.startswith(("/", "data:")) and not link.startswith("//") for link in loaded), page
    for style in WEB.glob("dist/*.css"):
        assert "http" not in re.sub(r"http://www\.w3\.org", "", style.read_text(encoding="utf-8"))
