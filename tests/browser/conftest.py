"""A real browser: Chromium of the system, else Playwright's; one for all tests, which are skipped without it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OpenPage = Callable[..., Any]  # open_page(width=1440, height=900, **what a Playwright context takes) gives its page


# Of this folder, not of the session: as long as Playwright runs, no other test can run a loop of asyncio.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """Start Chromium without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install 'rhetoric-toolkit[browser]'")
    with api.sync_playwright() as play:
        places = [*map(shutil.which, NAMES), play.chromium.executable_path]
        path = next((each for each in places if each and Path(each).is_file()), None)
        if path is None:
            pytest.skip("needs Chromium: apt-get install chromium, or: playwright install --with-deps chromium")
        browser = play.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[OpenPage]:
    """Open a page of a given size in a profile of its own; what its scripts or its console complain of fails the test.

    With ``strict=False`` it does not, for pages that are meant to be stopped.
    """
    contexts, errors = [], []

    def opened(*, width: int = 1440, height: int = 900, strict: bool = True, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        if strict:
            page.on("pageerror", lambda error: errors.append(f"script: {error}"))
            page.on("console", lambda said: errors.append(f"console: {said.text}") if said.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [error for error in errors if "Failed to load resource" not in error]


def assert_accessible(page: Any) -> None:
    """Fail on findings of axe that it calls serious or critical."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs axe: pip install 'rhetoric-toolkit[browser]'"
    )
    found = axe.Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    told = [f"{each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in serious]
    assert not told, "\n".join(told)


def assert_fits(page: Any) -> None:
    """Fail where the page is wider than its window."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"the page is {over} pixels wider than its window"


def write_page(folder: Path, html: str) -> str:
    """Write a page to a file; gives its address."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()
