"""The report in a real browser: what is tapped is explained, nothing runs or is fetched, everybody can use it."""

from pathlib import Path
from typing import Any

import pytest
from report.pages import other, spoil
from scoring.records import essay, gold, make_record, off_topic

from rhetoric.report.article import make_page

from .conftest import OpenPage, assert_accessible, assert_fits, write_page

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
PAGES = {
    "essay": lambda: make_page([essay()]),
    "two": lambda: make_page([make_record(gold("essay.jsonl")[1:4], "a"), make_record(gold("essay.jsonl")[4:7], "b")]),
    "off topic": lambda: make_page([off_topic()]),
}


@pytest.fixture
def at(tmp_path: Path) -> str:
    """The address of the page on the essay."""
    return write_page(tmp_path, make_page([essay()]))


@pytest.fixture
def page(open_page: OpenPage, at: str) -> Any:
    """That page, open in a window as of a desk."""
    opened = open_page()
    opened.goto(at)
    return opened


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("essay", 360, "light"),
        ("essay", 1440, "dark"),
        ("two", 1440, "light"),
        ("off topic", 360, "dark"),
    ],
)
def test_it_is_accessible_and_fits(open_page: OpenPage, tmp_path: Path, name: str, width: int, scheme: str) -> None:
    page = open_page(width=width, color_scheme=scheme)
    page.goto(write_page(tmp_path, PAGES[name]()))
    assert_accessible(page)
    assert_fits(page)


def test_pointing_at_a_mark_explains_it(page: Any) -> None:
    panel = page.locator("#explain")
    assert not panel.is_visible()
    page.locator(".passage .metaphor", has_text="lubricant").hover()
    assert "Live metaphor" in panel.inner_text()
    assert "“lubricant”, from engines and their parts" in panel.inner_text()
    assert "% sure" in panel.inner_text()
    assert page.locator(".now").all_inner_texts() == ["lubricant"]
    page.locator("h1").hover()
    assert not panel.is_visible()


def test_what_is_explained_differs_in_more_than_colour_and_goes_with_its_mark(page: Any) -> None:
    mark = page.locator(".passage .metaphor", has_text="lubricant")
    mark.hover()
    assert mark.evaluate("each => getComputedStyle(each).boxShadow") != "none"
    assert page.locator("#explain").is_visible()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_selector("#explain", state="hidden")
    mark.hover()
    page.mouse.move(2, 450)  # beside the report
    assert not page.locator("#explain").is_visible()


def test_where_marks_overlap_all_are_explained_the_innermost_first(page: Any) -> None:
    page.locator(".passage .machinery.metaphor", has_text="nourished").hover()
    said = page.locator("#explain p").all_inner_texts()
    assert [each.split(",")[0].rsplit(" ", 1)[0] for each in said] == ["Live metaphor", "Account", "Contrast"]


def test_tapping_a_mark_explains_it_without_covering_it(open_page: OpenPage, at: str) -> None:
    page = open_page(**PHONE)
    page.goto(at)
    mark = page.locator(".passage .metaphor", has_text="engine")
    mark.evaluate("each => scrollTo(0, each.getBoundingClientRect().bottom + scrollY - innerHeight + 20)")
    mark.tap()
    panel = page.locator("#explain")
    assert "“engine”" in panel.inner_text()
    assert mark.bounding_box()["y"] + mark.bounding_box()["height"] <= panel.bounding_box()["y"]
    assert panel.bounding_box()["height"] <= 740 * 0.5
    page.get_by_role("button", name="Close").tap()
    assert not panel.is_visible()


def test_the_keyboard_goes_from_mark_to_mark(page: Any) -> None:
    page.locator("#m1").focus()
    assert "“race”" in page.locator("#explain").inner_text()
    page.keyboard.press("Tab")
    assert "“leading”" in page.locator("#explain").inner_text()
    described = page.evaluate("document.activeElement.getAttribute('aria-description')")
    assert described.startswith("Live metaphor 2, race: “leading”")
    page.keyboard.press("Escape")
    assert not page.locator("#explain").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#e-m2")


def test_tab_goes_down_the_page_and_can_skip_the_text(page: Any) -> None:
    page.evaluate("document.getElementById('show-metaphors').focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip the marked text"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    order = page.evaluate(
        """[...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
           .filter(each => each.checkVisibility() && each.tabIndex === 0)
           .map(each => each.compareDocumentPosition(document.activeElement))"""
    )
    following = page.evaluate("Node.DOCUMENT_POSITION_FOLLOWING")
    assert order.index(0) == sum(each & following > 0 for each in order)
    assert page.evaluate("!document.activeElement.closest('#s-text')")


def test_marks_can_be_hidden_by_kind(page: Any) -> None:
    page.get_by_role("checkbox", name="live metaphor").uncheck()
    image = page.locator("#m1")
    assert image.evaluate("each => getComputedStyle(each).textDecorationLine") == "none"
    assert image.evaluate("each => each.tabIndex") == -1
    page.get_by_role("checkbox", name="account").uncheck()
    shade = page.locator(".passage .account").first.evaluate("each => getComputedStyle(each).backgroundImage")
    assert shade == "none"
    page.goto("about:blank")
    page.go_back()
    assert image.evaluate("each => getComputedStyle(each).textDecorationLine") == "none", "as it was left"
    assert image.evaluate("each => each.tabIndex") == -1


def test_kinds_of_mark_differ_in_more_than_colour(page: Any) -> None:
    shapes = page.evaluate(
        """["account", "machinery", "level-cue", "side-a", "side-b", "contrast-cue", "metaphor"].map(part => {
             const style = getComputedStyle(document.querySelector(`.legend .${part}`));
             const filled = style.backgroundImage.split("(")[0]; // plain, or hatched
             return [filled, style.borderTopStyle, style.borderBottomStyle, style.fontWeight,
                     style.textDecorationStyle + style.textDecorationLine].join();
           })"""
    )
    assert len(set(shapes)) == 7


def test_nothing_runs_and_nothing_is_fetched(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    at = write_page(tmp_path, make_page([spoil(essay()), spoil(other())]))
    page.goto(at)
    page.locator(".passage a.m").first.hover()
    page.wait_for_load_state("networkidle")
    assert asked == [at]
    assert page.locator("script").count() == 1
    assert page.evaluate("document.querySelectorAll('svg [onload], [onerror], iframe, img').length") == 0


def test_nothing_moves_while_it_loads_or_explains(open_page: OpenPage, at: str) -> None:
    page = open_page()
    page.add_init_script(
        "self.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(each => self.moved += each.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(at)
    page.locator("#m1").hover()
    page.locator("#e-f1").scroll_into_view_if_needed()
    assert page.evaluate("new Promise(done => setTimeout(() => done(self.moved), 300))") == 0


def test_it_reads_without_its_script(open_page: OpenPage, at: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(at)
    mark = page.locator("#m1")
    assert mark.get_attribute("title").startswith("Live metaphor 1, race")
    mark.click()
    assert page.url.endswith("#e-m1")
    assert not page.locator("#explain").is_visible()
    page.locator("#e-m1").click()
    assert page.url.endswith("#m1")


def test_it_prints_whole_and_light(open_page: OpenPage, at: str) -> None:
    page = open_page(color_scheme="dark")
    page.goto(at)
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.report')).backgroundColor") == "rgb(255, 255, 255)"
    inside = page.locator("#s-contrasts details li").first
    assert inside.bounding_box()["height"] > 10
    assert len(page.pdf()) > 20_000
    assert not page.get_by_text("more", exact=True).or_(page.locator("summary")).first.is_visible()
    assert not page.locator("#s-words").is_visible(), "a heading with nothing under it"
    page.evaluate("document.querySelector('.fold').open = true")
    assert page.locator("#s-words .glossary").first.is_visible(), "printed by who has opened it"


def test_figures_keep_the_size_of_their_letters(page: Any) -> None:
    sizes: list[float] = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        sizes.append(page.locator("#s-frames .figure text").first.bounding_box()["height"])
        assert page.locator("#s-frames .figure").bounding_box()["width"] <= width
    assert sizes[0] == pytest.approx(sizes[1], abs=1)


def test_nothing_runs_out_of_a_figure_on_a_phone(open_page: OpenPage, tmp_path: Path) -> None:
    texts = [{**essay(), "meta": {"title": "A name with many words that says at length what it is about"}}, other()]
    for passage in texts[1]["passages"]:
        passage["portrayal"] = {}
    page = open_page(width=360)
    page.goto(write_page(tmp_path, make_page(texts)))
    assert page.locator("#s-portrayal .figure text", has_text="none").count() == 2
    over = page.evaluate(
        """[...document.querySelectorAll(".figure")].flatMap(figure => {
             const whole = figure.getBoundingClientRect(), grid = [...figure.querySelectorAll(".grid")];
             const edge = Math.max(0, ...grid.map(each => each.getBoundingClientRect().right));
             return [...figure.querySelectorAll("text")].filter(each => {
               const box = each.getBoundingClientRect(), said = each.getAttribute("text-anchor") === "end";
               const value = said && each.getAttribute("x") === "100%";
               return box.right > whole.right + 1 || box.left < whole.left - 1 || (value && box.left < edge);
             }).map(each => each.textContent);
           })"""
    )
    assert over == []
