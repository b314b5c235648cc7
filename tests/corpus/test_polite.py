"""Fetching is polite: it obeys robots.txt, leaves busy hosts alone, and is led nowhere private."""

import math
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from ingest.makers import PROSE, on_the_internet, page

from rhetoric.corpus import fetch as module
from rhetoric.ingest import ReadOptions

from .fetching import ROBOTS, TEXT, Server, entry, plain, run


def test_redirects_are_followed_and_recorded(server: Server, tmp_path: Path) -> None:
    base, _ = server({"/old": page(b"", status=301, Location="/new.md"), "/new.md": plain(f"*{PROSE}*")})
    (found,) = run(tmp_path, entry("a", f"{base}/old"))
    assert found.found_at == f"{base}/new.md"
    assert (tmp_path / "texts" / "a.txt").read_text() == PROSE + "\n"


def test_private_addresses_need_the_flag(server: Server, tmp_path: Path) -> None:
    base, asked = server({"/a.txt": plain(TEXT)})
    (found,) = run(tmp_path, entry("a", f"{base}/a.txt", TEXT), options=ReadOptions(timeout=5))
    assert found.status == "failed" and "not a public address" in found.note
    assert found.note.endswith("allow private addresses.") and "again later" not in found.note
    assert found.options == ("allow_private",)
    assert asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "loopback.example", "[::ffff:127.0.0.1]", "2130706433"])
@pytest.mark.parametrize("leading", ["/a.txt", ROBOTS])
def test_no_redirect_leads_to_a_private_address(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leading: str, host: str
) -> None:
    base, inside = server({"/a.txt": plain(TEXT), ROBOTS: plain("")})
    leads = page(b"", status=302, Location=f"http://{host}:{base.rpartition(':')[2]}{leading}")
    outside, asked = server({"/a.txt": plain(TEXT), leading: leads})
    url = on_the_internet(outside, monkeypatch)
    (found,) = run(tmp_path, entry("a", f"{url}/a.txt"), options=ReadOptions(timeout=5))
    assert found.status == "failed" and f"it leads to http://{host}" in found.note
    assert (inside, asked[-1]) == ([], leading)


@pytest.mark.parametrize("mark", ["", "\ufeff"])  # a byte order mark
def test_robots_txt_is_asked_once_and_obeyed(server: Server, tmp_path: Path, mark: str) -> None:
    rules = f"{mark}User-agent: rhetoric-toolkit\nDisallow: /mine\n\nUser-agent: *\nDisallow: /secret\n"
    base, asked = server({ROBOTS: plain(rules), "/mine/a.txt": plain(TEXT), "/b.txt": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/mine/a.txt"), entry("b", f"{base}/b.txt"))
    assert [each.status for each in found] == ["failed", "unchecked"]
    assert "robots.txt" in found[0].note
    assert asked == [ROBOTS, "/b.txt"]


@pytest.mark.parametrize(
    ("rules", "path", "fetched"),
    [
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf.txt", True),
        ("Disallow: /a/*/c", "/a/b/c.txt", False),
        ("Disallow: /mine\nAllow: /mine/ok", "/mine/ok.txt", True),
        ("Allow: /mine/ok\nDisallow: /mine", "/mine/other.txt", False),
        ("Allow: /\nDisallow: /mine", "/mine/a.txt", False),
    ],
)
def test_robots_txt_has_patterns_and_the_longest_that_fits_counts(
    server: Server, tmp_path: Path, rules: str, path: str, fetched: bool
) -> None:
    base, asked = server({ROBOTS: plain(f"User-agent: *\n{rules}\n"), path: plain(TEXT)})
    (found,) = run(tmp_path, entry("a", base + path))
    assert (found.status != "failed", asked) == (fetched, [ROBOTS, path] if fetched else [ROBOTS])


@pytest.mark.parametrize("elsewhere", [False, True])
def test_robots_txt_is_obeyed_behind_a_redirect(server: Server, tmp_path: Path, elsewhere: bool) -> None:
    rules = {ROBOTS: plain("User-agent: *\nDisallow: /secret\n"), "/secret/a.txt": plain(TEXT)}
    other, asked_there = server(rules)
    to = f"{other if elsewhere else ''}/secret/a.txt"
    base, asked = server({**rules, "/a": page(b"", status=302, Location=to)})
    (found,) = run(tmp_path, entry("a", f"{base}/a"))
    assert found.status == "failed" and "it leads to http" in found.note and "robots.txt asks not" in found.note
    assert (asked, asked_there) == ([ROBOTS, "/a"], [ROBOTS] if elsewhere else [])


def test_a_robots_txt_that_leads_to_none_forbids_nothing(server: Server, tmp_path: Path) -> None:
    answers = {ROBOTS: page(b"", status=301, Location="/none"), "/none": page(b"", status=404), "/a": plain(TEXT)}
    base, asked = server(answers)
    (found,) = run(tmp_path, entry("a", f"{base}/a"))
    assert found.status == "unchecked" and asked == [ROBOTS, "/none", "/a"]


@pytest.mark.parametrize(
    ("busy", "status", "said"), [("/b", 503, "busy"), ("/b", 429, "busy"), (ROBOTS, 503, "again later")]
)
def test_the_host_that_is_busy_is_left_alone_and_not_the_one_that_led_to_it(
    server: Server, tmp_path: Path, busy: str, status: int, said: str
) -> None:
    other, asked_there = server({busy: page(b"", status=status), "/d": plain(TEXT)})
    base, _ = server({"/a": page(b"", status=302, Location=f"{other}/b"), "/c": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/a"), entry("c", f"{base}/c"), entry("d", f"{other}/d"))
    assert [each.status for each in found] == ["failed", "unchecked", "failed"]
    assert said in found[2].note
    assert asked_there == list(dict.fromkeys([ROBOTS, busy]))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_where_robots_txt_fails_nothing_is_fetched(server: Server, tmp_path: Path, status: int) -> None:
    base, asked = server({ROBOTS: page(b"", status=status), "/a.txt": plain(TEXT)})
    found = run(tmp_path, entry("a", f"{base}/a.txt"), entry("b", f"{base}/a.txt"))
    assert [each.status for each in found] == ["failed", "failed"]
    assert "again later" in found[1].note
    assert asked == [ROBOTS]


def test_requests_to_one_host_are_apart(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, _ = server({ROBOTS: plain("User-agent: *\nCrawl-delay: 999999\n"), "/a": plain(TEXT), "/b": plain(TEXT)})
    other, _ = server({"/c": plain(TEXT), "/d": page(b"", status=302, Location="/c")})
    slept: list[float] = []
    clock = SimpleNamespace(sleep=slept.append, monotonic=time.monotonic)  # of this module alone: others sleep too
    monkeypatch.setattr(module, "time", clock)
    run(tmp_path / "polite", entry("a", f"{base}/a"), entry("b", f"{base}/b"), pause=2.0)
    # Before robots.txt no one waits; after it its delay counts, but never more than a minute.
    assert slept[0] == 0 and all(59 < each <= 60 for each in slept[1:]) and len(slept) == 3
    slept.clear()
    run(tmp_path / "quick", entry("c", f"{other}/c"), pause=2.0)
    assert slept[0] == 0 and 1 < slept[1] <= 2
    slept.clear()
    run(tmp_path / "led", entry("d", f"{other}/d"), pause=2.0)
    assert slept[0] == 0 and all(1 < each <= 2 for each in slept[1:]) and len(slept) == 3  # a redirect waits too
    slept.clear()
    run(tmp_path / "slow", entry("c", f"{other}/c"), pause=math.inf)
    assert slept[0] == 0 and 86_000 < slept[1] <= 86_400  # a day, which is as good
