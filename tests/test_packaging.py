"""What holds the project together: entry points, versions, commands and links of README and docs, a light import."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import rhetoric
from rhetoric.resources import MODELS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HEAVY = ("torch", "transformers", "sentence_transformers", "pandas", "spacy", "sklearn", "onnxruntime", "trafilatura")
ENTRY_POINTS = {**PROJECT["scripts"], **PROJECT["entry-points"]["spacy_factories"]}
FOLDERS = ("corpora", "docs", "models", "notebooks")
PAGES = sorted(
    path.relative_to(ROOT)
    for path in [*ROOT.glob("*.md"), *(each for name in FOLDERS for each in (ROOT / name).rglob("*.md"))]
)


def blocks(language: str, *pages: str) -> list[str]:
    """Return the fenced blocks in one language of the README, and of ``pages`` of the docs."""
    text = "\n".join([README, *((ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages)])
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_entry_point_resolves(name: str) -> None:
    module, _, attribute = ENTRY_POINTS[name].partition(":")
    assert callable(getattr(import_module(module), attribute))


def test_every_component_is_an_entry_point() -> None:
    made = set()
    for path in (ROOT / "rhetoric" / "pipeline").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        made |= set(re.findall(r"@Language\.(?:factory|component)\(\s*\"([a-z_]+)\"", text))
    assert made == set(PROJECT["entry-points"]["spacy_factories"])


def test_the_same_versions_of_python_are_named_everywhere_and_tested() -> None:
    least, beyond = (int(found) for found in re.findall(r"3\.(\d+)", PROJECT["requires-python"]))
    minors = [f"3.{minor}" for minor in range(least, beyond)]
    assert re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"])) == minors
    assert f"Python {minors[0]} to {minors[-1]} " in README
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f"python: {json.dumps(minors)}" in workflow


@pytest.mark.parametrize("name", rhetoric.__all__)
def test_every_public_name_resolves(name: str) -> None:
    found = getattr(rhetoric, name)
    assert callable(found) or found.__name__ == f"rhetoric.{name}"
    assert name in dir(rhetoric)


def test_names_are_there_after_nothing_but_the_import() -> None:
    """Modules too, which an earlier test may have imported here."""
    script = "import rhetoric; print(rhetoric.__version__, *(rhetoric.scoring.__all__ + [rhetoric.datasets.__name__]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split()[0] == rhetoric.__version__ and "score" in done.stdout
    with pytest.raises(AttributeError, match="no attribute 'anotate'"):
        rhetoric.anotate  # noqa: B018 - it is looked up


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest and newest[1] == PROJECT["version"]
    assert cited and cited[1] == PROJECT["version"]
    assert rhetoric.__version__ in (PROJECT["version"], "0")


def test_the_readme_gives_two_commands_of_one_line() -> None:
    first, second = blocks("sh")
    assert first.count("\n") == second.count("\n") == 1
    assert first.startswith("pip install ") and first.endswith("&& rhetoric score corpora/essay.txt\n")
    assert second.startswith("pip install ") and "pytest" in second


@pytest.mark.parametrize(("arguments", "number"), [([], 1), (["quickstart"], 0)])
def test_ci_runs_the_readme_s_commands(arguments: list[str], number: int, tmp_path: Path) -> None:
    # A Python that makes no environment and a shell that only says what it was given: nothing is installed here.
    (tmp_path / "python").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "bash").write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$TOLD"\n', encoding="utf-8")
    for name in ("python", "bash"):
        (tmp_path / name).chmod(0o755)
    told = tmp_path / "told"
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHON": str(tmp_path / "python"), "TOLD": str(told)}
    subprocess.run(["/bin/bash", ROOT / ".ci" / "run", *arguments], cwd=tmp_path, env=environment, check=True)
    assert told.read_text(encoding="utf-8").splitlines()[-1] == blocks("sh")[number].strip()


def test_constraints_pin_every_dependency_that_is_declared() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    pinned = {normal(pin.split("==")[0]) for pin in pins}
    extras = PROJECT["optional-dependencies"]
    declared = [*PROJECT["dependencies"], *(name for extra in extras.values() for name in extra)]
    assert {normal(re.split(r"[<>=!~\[; ]", name)[0]) for name in declared} <= pinned
    assert not [name for name in pinned if re.match(r"nvidia|triton|cuda", name)]


def normal(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_importing_is_light() -> None:
    script = f"import sys, rhetoric, rhetoric.cli; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_nothing_imports_what_stands_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """``[tool.importlinter]`` in pyproject.toml says what stands above what."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == 0


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "rhetoric" / "py.typed").is_file()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page.parent / link).exists()] == []


@pytest.mark.skipif(not (MODELS / "detectors" / "config.json").is_file(), reason="the models are not trained yet")
def test_the_python_of_readme_and_docs_runs(tmp_path: Path) -> None:
    script = "\n".join(blocks("python", "python.md")) + "\nassert scorecard.words and len(table) == len(records) == 1\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_the_docs_name_every_command() -> None:
    told = subprocess.run([sys.executable, "-m", "rhetoric.cli", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  (\w+) ", told.stdout.partition("Commands:")[2], re.MULTILINE)
    page = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert len(commands) > 15 and [name for name in commands if f"$ rhetoric {name} " not in page] == []


def test_the_command_lines_of_readme_and_docs_have_those_options() -> None:
    used: dict[tuple[str, ...], set[str]] = {}
    for line in "".join(blocks("console", "README.md")).splitlines():
        _, *words = shlex.split(line.removeprefix("$ "), comments=True)
        command = tuple(words[: 2 if words[0] in ("corpus", "profile", "benchmark", "run", "train") else 1])
        used.setdefault(command, set()).update(word for word in words if re.match("--?[a-z]", word))
    for command, options in used.items():
        told = [sys.executable, "-m", "rhetoric.cli", *command, "--help"]
        done = subprocess.run(told, capture_output=True, text=True, check=True, cwd=ROOT)
        assert [option for option in options if not re.search(rf"(?<!\S){option}\b", done.stdout)] == []
