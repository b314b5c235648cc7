"""``rhetoric serve``: what it says before it serves."""

import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rhetoric.cli import app
from rhetoric.cli.serve import _url, _warn
from rhetoric.errors import ModelError
from rhetoric.serve.settings import LINGER, Settings

pytest.importorskip("fastapi", reason="the extra serve is not installed")
pytest.importorskip("python_multipart", reason="the extra serve is not installed")

from rhetoric.serve import pages


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["serve", *arguments], catch_exceptions=False)
    return result.exit_code, result.stderr


@pytest.mark.parametrize("missing", ["uvicorn", "python_multipart", "fastapi"])
def test_what_is_missing_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    code, said = run()
    assert code == 2
    assert "pip install 'rhetoric-toolkit[serve]'" in said


def test_the_help_tells_the_limit_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    said = " ".join(CliRunner().invoke(app, ["serve", "--help"]).stdout.split())
    assert f"of a document's text, {Settings().longest:,} characters are the most" in said and "1,000,000" not in said


def test_a_port_that_is_taken_or_an_address_that_is_not_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = run("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "Choose another with --port" in said
    for host in ("no.such.host.invalid", "two..dots", "192.0.2.1"):
        code, said = run("--host", host)
        assert code == 2 and f"{host}:8000: the server cannot listen here" in said
        assert "with --host" in said and "--port" not in said


def test_a_history_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = run("--history", f"{tmp_path}/file", "--port", "0")
    assert code == 2
    assert "history cannot be written" in said


def test_models_that_cannot_be_loaded_are_said_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_(self: Any, function: Any, *arguments: Any, seconds: float) -> None:
        raise ModelError("The weights are missing.")

    monkeypatch.setattr("rhetoric.serve.workers.Workers.run", run_)
    code, said = run("--port", "0")
    assert code == 2
    assert said.splitlines()[1:] == ["error: The weights are missing."]


def test_who_listens_to_others_is_warned() -> None:
    assert "no password" in _warn("0.0.0.0")  # noqa: S104 - said, not done


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("papers.example", "http://papers.example:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - where no browser on Windows goes
        ("::", "http://[::1]:80"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, url: str) -> None:
    assert _url(host, 80) == url


def test_a_page_that_waits_does_not_outlast_a_server_that_is_stopped() -> None:
    assert pages._POLL + pages._LOOK < LINGER
