"""``spacy.cli`` is passed over when the command line starts, and is the real one for whoever asks for it."""

import subprocess
import sys

import pytest

START = """
import sys
from rhetoric.cli.quick import defer_spacy_commands
defer_spacy_commands()
import spacy
assert "spacy.cli.download" not in sys.modules and "weasel" not in sys.modules, "the commands were imported"
"""


def say(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "program",
    [
        "import spacy.cli; print(type(spacy.cli.app).__name__)",
        "from spacy.cli import app; print(type(app).__name__)",
        "from spacy.cli.download import download; import spacy.cli; print(type(spacy.cli.app).__name__)",
    ],
)
def test_the_real_commands_come_when_they_are_asked_for(program: str) -> None:
    assert say(program) == "Typer"


def test_spacy_info_works_and_a_name_that_is_not_there_is_an_error_as_ever() -> None:
    told = "spacy.info(silent=True)['spacy_version'] == spacy.__version__, hasattr(deferred, 'no_such_thing')"
    assert say(f"deferred = spacy.cli; print({told})") == "True False"
