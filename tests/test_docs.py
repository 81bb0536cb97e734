"""What is written for people agrees with what there is: commands, settings, links, examples."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from qianli.campaigns.definition import read_campaign
from qianli.campaigns.told_definition import read_any_campaign
from qianli.cli.main import app
from qianli.cli.words import WORDS, loaded
from qianli.documents.letter_text import PLACEHOLDERS, check_text, split_text
from qianli.kits.definition import read_kit
from qianli.programmes.definition import read_programme
from qianli.settings import DEVELOPMENT_SECRET, ROOT, Settings

READMES = ["README.md", "README.zh.md"]
SETTINGS = {f"QIANLI_{name.upper()}": field for name, field in Settings.model_fields.items()}
#: Defaults that are a file of this checkout, a secret or nothing: they are told in words, and an example is given.
TOLD_IN_WORDS = {
    "QIANLI_DASK_SCHEDULER", "QIANLI_DATABASE_URL", "QIANLI_DOCUMENTS_URL", "QIANLI_FONTS", "QIANLI_PREFECT_AUTH",
    "QIANLI_HOLIDAYS", "QIANLI_PREFECT_HOME", "QIANLI_PUBLIC_URL", "QIANLI_SECRET",
}  # fmt: skip
EXAMPLE = re.compile(r"^# (?P<name>QIANLI_\w+)=(?P<value>.*)$", re.MULTILINE)
#: Places that exist on one machine only, and hosts that packages are fetched from.
ELSEWHERE = re.compile(
    r"(?<![\w.-])/(?:work|root|home)\b|(?:pypi|pythonhosted|npmjs|crates|docker)\.(?:org|io|com)|index[-_]url"
)


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """Every command of the app by its words."""
    for name, listed in group.commands.items():
        one = listed if before else loaded(name)
        if hasattr(one, "commands"):
            yield from commands(one, *before, name)
        else:
            yield " ".join([*before, name]), one


ALL: Any = typer.main.get_command(app)
COMMANDS = dict(commands(ALL))


@pytest.mark.parametrize("name", WORDS)
def test_the_list_of_all_commands_says_what_the_command_says(name: str) -> None:
    assert WORDS[name].says == loaded(name).help


def command_lines(name: str) -> list[str]:
    """What a README tells people to type after `qianli`."""
    spans = re.findall(r"`(?:\.venv/bin/)?qianli ([^`]+)`", text(name))
    return [span for span in spans if not span.startswith("COMMAND")]


def split(line: str) -> tuple[str, list[str]]:
    """A command line as its command and the rest, without the options of `qianli` itself."""
    words = re.sub(r"^--by \S+ ", "", line).split(" ")
    known = [n for n in (1, 2) if " ".join(words[:n]) in COMMANDS]
    assert known, f"there is no command: qianli {line}"
    return " ".join(words[: known[0]]), words[known[0] :]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"^\| `qianli {command}[ `]", text("README.md"), re.MULTILINE), "no row in README.md"
    assert command in {split(line)[0] for line in command_lines("README.zh.md")}, "not in README.zh.md"


@pytest.mark.parametrize("name", READMES)
def test_what_people_are_told_to_type_exists(name: str) -> None:
    for line in command_lines(name):
        command, rest = split(line)
        options = {option for one in COMMANDS[command].params for option in one.opts}
        assert not {word for word in rest if word.startswith("--")} - options - {"--help"}, line


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_row_is_named(command: str) -> None:
    """README's table names what a command can be told; what is the same everywhere stands above it."""
    row = next(line for line in text("README.md").splitlines() if re.match(rf"\| `qianli {command}[ `]", line))
    options = {option for one in COMMANDS[command].params for option in one.opts if option.startswith("--")}
    assert not {one for one in options - {"--json", "--help"} if one not in row}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.+?) \| .+ \|$", text("README.md"), re.MULTILINE)
    assert row, "no row in README.md"
    assert name in {one["name"] for one in EXAMPLE.finditer(text(".env.example"))}
    if name not in TOLD_IN_WORDS:
        assert row[1] == f"`{SETTINGS[name].default}`"


@pytest.mark.parametrize("name", [*READMES, ".env.example", "Makefile", "prefect.yaml"])
def test_every_setting_that_is_spoken_of_exists(name: str) -> None:
    assert set(re.findall(r"QIANLI_[A-Z0-9]+(?:_[A-Z0-9]+)*", text(name))) <= SETTINGS.keys()


def test_the_example_of_settings_holds_good_values_and_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SETTINGS.keys() & os.environ.keys():
        monkeypatch.delenv(name)
    uncommented = tmp_path / ".env"
    uncommented.write_text(EXAMPLE.sub(r"\g<name>=\g<value>", text(".env.example")), encoding="utf-8")
    read = Settings(_env_file=uncommented)
    assert read.secret.get_secret_value() != DEVELOPMENT_SECRET
    for name, field in SETTINGS.items():
        if name not in TOLD_IN_WORDS:
            assert getattr(read, name.removeprefix("QIANLI_").lower()) == field.default, name


def test_every_example_setting_is_explained() -> None:
    """A line of plain speech stands above each."""
    lines = text(".env.example").splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        if EXAMPLE.match(line):
            assert above.startswith("# "), line
            assert not EXAMPLE.match(above), line


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text(name)) + re.findall(r'src="([^"]+)"', text(name))
    inside = [target.partition("#")[0] for target in targets if "://" not in target]
    assert len(inside) > 5
    assert [target for target in inside if not (ROOT / target).exists()] == []


def test_pictures_are_small_pngs() -> None:
    for path in (ROOT / "docs/pictures").iterdir():
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 200_000


def read_postage(content: bytes) -> object:
    """A part of a campaign, put where that part stands in an example."""
    campaign = text("examples/study-books/campaign.yaml")
    return read_campaign(re.sub(r"postage:\n(  .*\n)+", content.decode(), campaign).encode())


READERS: dict[str, Callable[[bytes], object]] = {
    "kit.yaml": read_kit, "campaign.yaml": read_any_campaign, "postage.yaml": read_postage,
    "programme.yaml": read_programme,
}  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.y*ml")), ids=lambda path: f"{path.parent.name}")
def test_examples_are_read_by_their_readers(path: Path) -> None:
    READERS[path.name](path.read_bytes())


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.txt")), ids=lambda path: f"{path.parent.name}")
def test_example_letters_can_be_printed(path: Path) -> None:
    check_text(*split_text(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", READMES)
def test_every_placeholder_is_named(name: str) -> None:
    assert not [one for one in PLACEHOLDERS if f"`{{{one}}}`" not in text(name)]


def tracked() -> Iterator[tuple[str, str]]:
    """Every text file that is, or would be, under version control."""
    listing = "git -c safe.directory=* ls-files -z --cached --others --exclude-standard"
    done = subprocess.run(shlex.split(listing), cwd=ROOT, capture_output=True, check=True, text=True)
    for name in done.stdout.split("\0"):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        if content and b"\0" not in content[:8000]:
            yield name, content.decode("utf-8", errors="replace")


def test_no_file_knows_a_machine_or_a_registry() -> None:
    files = dict(tracked())
    assert len(files) > 100
    found = [
        f"{name}:{number}"
        for name, content in files.items()
        for number, line in enumerate(content.splitlines(), start=1)
        if ELSEWHERE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("place", ["home", "work", "root"])
def test_such_places_are_seen(place: str) -> None:
    whole = f"/{place}/somebody"
    assert all(ELSEWHERE.search(written) for written in (whole, f"see {whole}", f"sqlite:///{whole}", f'"{whole}"'))
    assert not ELSEWHERE.search(f"docs{whole}")
