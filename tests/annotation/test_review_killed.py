import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from training.makers import coded

from annotation.hands import TEXT, put_forward
from rhetoric.annotation.store import Review
from rhetoric.labels import FRAMES


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., "Terminal"]]:
    """Start the command in a terminal of its own."""
    pytest.importorskip("pty", reason="needs a system with pseudo-terminals")
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(tmp_path, arguments))
        return opened[-1]

    yield start
    for each in opened:
        each.kill()


class Terminal:
    """A process in a pseudo-terminal of 80 by 24, of which somebody else reads what it draws."""

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        import fcntl
        import pty
        import termios
        import threading

        self.mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, "-m", "rhetoric.cli", "review", *arguments]
        environment = {**os.environ, "TERM": "xterm"}
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.drawn = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                self.drawn += os.read(self.mine, 65536)
            except OSError:
                return

    def wait_for(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 240
        while not true():
            assert time.monotonic() < end and self.process.poll() is None, self.drawn[-2000:].decode(errors="replace")
            time.sleep(0.02)

    def type(self, keys: str) -> None:
        os.write(self.mine, keys.encode())

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join(5)


def test_a_terminal_killed_amid_coding_loses_nothing(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    path = put_forward(tmp_path / "a.sqlite", [coded(f"p{at}", TEXT, about=1) for at in range(3)])

    def decisions() -> list[str]:
        with sqlite3.connect(path) as base:
            return [row[0] for row in base.execute("SELECT what FROM decisions ORDER BY number")]

    first = terminal("a.sqlite", "--coder", "ada")
    first.wait_for(lambda: b"of 3 done" in first.drawn)
    first.type("1\r23")
    first.wait_for(lambda: len(decisions()) >= 4)
    first.type("456789")
    first.kill()  # wherever it is
    kept = decisions()
    frames = [f"{frame} present" for frame in FRAMES]
    assert kept == ["race present", "done", *frames[1:][: len(kept) - 2]] and len(kept) >= 4

    second = terminal("a.sqlite", "--coder", "ada")
    second.wait_for(lambda: b"1 of 3 done" in second.drawn)
    assert b"2/3" in second.drawn, "it opens where the first was"
    second.type("z")
    second.wait_for(lambda: len(decisions()) == len(kept) + 1)
    second.type("q")
    second.wait_for(lambda: b"1 done, 1 begun" in second.drawn)
    with Review(path) as review:
        coding = review.log("ada").coding(1)
    present = [frame for frame, said in coding["frames"].items() if said]
    assert present == list(FRAMES[1 : len(kept) - 2])


def test_leaving_says_that_the_file_was_deleted_meanwhile(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    path = put_forward(tmp_path / "a.sqlite", [coded("p0", TEXT, about=1)])
    window = terminal("a.sqlite", "--coder", "ada")
    window.wait_for(lambda: b"of 1 done" in window.drawn)
    path.unlink()
    window.type("q")
    assert window.process.wait(60) == 2
    window.kill()
    assert b"deleted or moved" in window.drawn and (tmp_path / "a.sqlite.saved").is_file()
