"""The web application in a real browser, with the real detectors, as a journalist uses it."""

import json
import queue
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rhetoric.resources import CORPORA

from .conftest import OpenPage, assert_accessible, assert_fits

ESSAY = (CORPORA / "essay.txt").read_text(encoding="utf-8")
PATIENCE = 300.0  # seconds; the machine may be busy with other things


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start ``rhetoric serve``; gives its address."""
    for name in ("fastapi", "uvicorn", "python_multipart"):
        pytest.importorskip(name, reason="the extra serve is not installed")
    history = tmp_path_factory.mktemp("history")
    command = [sys.executable, "-m", "rhetoric.cli", "serve", "--port", "0", "--history", str(history)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=history)
    lines: queue.Queue[str] = queue.Queue()

    def follow() -> None:
        for line in process.stderr or ():
            lines.put(line)

    threading.Thread(target=follow, daemon=True).start()
    try:
        said = ""
        while not (found := re.search(r"Ready: (\S+)", said)):
            said += lines.get(timeout=PATIENCE)
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
    assert process.returncode == 0, "Ctrl-C is how a server ends, and no error"
    left = [line for line in iter(lambda: lines.get_nowait() if not lines.empty() else "", "") if "Traceback" in line]
    assert not left


def paste(page: Any, address: str, text: str) -> str:
    """Paste a text and wait for its report; gives the report's address."""
    page.goto(f"{address}/")
    page.get_by_label("Paste the text").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.wait_for_selector(".report", timeout=PATIENCE * 1000)
    return str(page.url)


@pytest.fixture(scope="module")
def report(chromium: Any, address: str) -> str:
    """The address of the report on the essay."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    found = paste(page, address, ESSAY)
    context.close()
    return found


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_is_accessible(
    open_page: OpenPage, address: str, report: str, width: int, scheme: str
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    id = report.rpartition("/")[2]
    for path in ("/", "/compare", f"/compare?with={id}", "/history", "/help", "/api", "/nothing", f"/texts/{id}"):
        page.goto(address + path)
        assert_fits(page)
        assert_accessible(page)


def test_a_text_that_was_wrong_is_said_to_eyes_and_ears(open_page: OpenPage, address: str) -> None:
    page = open_page(width=360)
    page.goto(f"{address}/")
    page.get_by_role("button", name="Read it").click()
    alert = page.get_by_role("alert")
    assert "Give a text" in alert.inner_text()
    assert page.evaluate("document.activeElement.id") == "summary"
    assert_accessible(page)
    alert.get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "text"
    described = page.get_by_label("Paste the text").get_attribute("aria-describedby").split()
    assert all(page.locator(f"#{each}").count() == 1 for each in described)


def test_the_tab_key_goes_through_the_page_in_its_order(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/")
    seen = []
    for _ in range(11):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"the focus on {seen[-1]} cannot be seen"
    links = ["Skip to the content", "rhetoric", "Read", "Compare", "History", "Help"]
    assert seen == [*links, "text", "url", "file", "Options", "Read it"]
    page.goto(f"{address}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_by_keyboard_alone_from_paste_to_report(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/?example=essay")
    page.get_by_label("Paste the text").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".report", timeout=PATIENCE * 1000)
    assert page.get_by_role("heading", level=1).count() == 1


def test_a_text_under_way_is_stopped(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/")
    page.get_by_label("Paste the text").fill("\n\n".join([ESSAY] * 30))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Stop").click()
    assert page.locator("h1").inner_text() == "Stopped"
    assert_accessible(page)


def test_words_of_a_table_are_not_broken_on_a_phone(open_page: OpenPage, address: str) -> None:
    page = open_page(width=360)
    page.goto(f"{address}/api")
    assert page.locator("td").first.bounding_box()["width"] >= 100
    assert_fits(page)


def test_marks_explain_themselves_under_the_policy_of_the_page(open_page: OpenPage, report: str) -> None:
    """The report's style and script are let through by the server's Content-Security-Policy."""
    page = open_page(width=360)
    page.goto(report)
    mark = page.locator(".report .passage [data-of]").first
    mark.scroll_into_view_if_needed()
    mark.click()
    assert page.locator("#explain").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.report .explain')).position") == "fixed"


def test_without_scripts_a_text_becomes_a_report_too(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    paste(page, address, ESSAY)
    assert page.locator(".report .passage").count() > 3


def test_two_side_by_side_and_the_report_as_a_file(open_page: OpenPage, report: str, tmp_path: Path) -> None:
    page = open_page()
    page.goto(report)
    page.get_by_text("Take it away").click()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Report as a page").click()
    begun.value.save_as(tmp_path / "report.html")
    assert "<!DOCTYPE html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    page.goto(report)
    page.get_by_role("link", name="Compare with another").click()
    page.get_by_label("Paste the text").fill("China should talk to the United States about AI.\n\nA race helps nobody.")
    page.get_by_role("button", name="Compare them").click()
    page.wait_for_selector(".report.two", timeout=PATIENCE * 1000)
    assert_accessible(page)
    assert_fits(page)


def test_history_is_opened_and_deleted(open_page: OpenPage, address: str, report: str) -> None:
    page = open_page()
    page.goto(f"{address}/history")
    page.locator(".choices a").first.click()
    page.wait_for_selector(".report")
    page.goto(f"{address}/history")
    before = page.locator(".choices li").count()
    page.locator(".choices input").first.check()
    page.get_by_role("button", name="Delete the chosen").click()
    page.wait_for_url(f"{address}/history")
    assert page.locator(".choices li").count() == before - 1


def test_nothing_runs_and_nothing_is_asked_of_others(open_page: OpenPage, address: str) -> None:
    """A text that tries to break out of the page; whatever the page asks for, it asks of this server."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    attack = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)> \u202e"
    page.goto(f"{address}/")
    page.get_by_text("Options").click()
    page.get_by_label("Title").fill(attack)
    page.get_by_label("Paste the text").fill(f"{attack} China leads the race in AI, says the United States. {attack}")
    page.get_by_role("button", name="Read it").click()
    page.wait_for_selector(".report", timeout=PATIENCE * 1000)
    page.wait_for_timeout(300)
    assert "<script>alert(1)</script>" in page.locator(".report").inner_text()
    assert page.locator("img").count() == 0
    assert all(url.startswith((address, "data:")) for url in asked)


def test_no_frame_shows_it_and_no_other_page_posts_to_it(open_page: OpenPage, address: str, tmp_path: Path) -> None:
    other = tmp_path / "evil.html"
    other.write_text(
        f'<iframe src="{address}/"></iframe><form method="post" action="{address}/texts"><input name="text" value="x">'
        f"<button>go</button></form>"
    )
    page = open_page(strict=False)
    page.goto(other.as_uri())
    page.wait_for_timeout(500)
    framed = [frame for frame in page.frames if frame != page.main_frame]
    assert "Paste the text" not in framed[0].content()
    page.get_by_role("button", name="go").click()
    page.wait_for_selector("h1")
    assert "not taken" in page.inner_text("h1") or "out of date" in page.inner_text("h1")


def test_a_file_too_large_is_said_before_it_is_sent(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/")
    page.evaluate("document.getElementById('file').dataset.limit = '10'")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 100}
    )
    assert "the limit is" in page.evaluate("document.getElementById('file').validationMessage")


def test_nothing_shifts_while_the_report_loads(open_page: OpenPage, report: str) -> None:
    page = open_page(width=360)
    page.add_init_script(
        "window.shift = 0; const add = (list) => list.getEntries().forEach((each) => (window.shift += each.value));"
        "new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(report)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.02


def test_twenty_at_once_are_all_answered(address: str) -> None:
    text = "\n\n".join([ESSAY, ESSAY[: len(ESSAY) * 4 // 5]])  # some 1,500 words
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(score, address, f"Text {number}.\n\n{text}") for number in range(20)]
        with urllib.request.urlopen(f"{address}/help", timeout=30) as page:  # noqa: S310 - our own server
            assert page.status == 200, "others are answered meanwhile"
        answers = [each.result() for each in asked]
    assert [answer["passages"] for answer in answers] == [answers[0]["passages"]] * 20


def score(address: str, text: str) -> Any:
    body = json.dumps({"text": text}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/score", body, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        return json.load(answer)
