"use strict";
// Explains the mark that is pointed at, tapped, or in focus. The page reads without it: every mark links to its entry.
document.documentElement.classList.add("scripted");
function explainMarks() {
  const panel = document.getElementById("explain");
  const said = document.getElementById("explained");
  if (!panel || !said) return;
  const why = new Map();
  for (const link of document.querySelectorAll("a[data-begins]")) {
    const lines = link.title.split("\n");
    link.dataset.begins.split(" ").forEach((entry, at) => why.set(entry, lines[at]));
    link.removeAttribute("title"); // the panel shows what a tooltip would show twice
  }
  const entriesOf = (mark) => mark.dataset.of.split(" ").reverse().filter((entry) => why.has(entry)); // innermost first
  for (const link of document.querySelectorAll("a[data-of]"))
    link.setAttribute("aria-description", entriesOf(link).map((entry) => why.get(entry)).join(" "));
  const kinds = { f: "show-framing", c: "show-contrasts", m: "show-metaphors" };
  const on = (entry) => document.getElementById(kinds[entry.replace(/^[ab]-/, "")[0]])?.checked ?? true;
  let now = [];
  let shown = null;
  const clear = () => {
    for (const each of now) each.classList.remove("now");
    now = [];
    shown = null;
    panel.hidden = true;
  };
  const show = (mark) => {
    const entries = entriesOf(mark).filter(on);
    if (!entries.length) return clear();
    clear();
    said.replaceChildren(
      ...entries.map((entry) => {
        const [head, ...rest] = why.get(entry).split(": ");
        const line = document.createElement("p");
        const strong = document.createElement("strong");
        const link = document.createElement("a");
        strong.textContent = head + ": ";
        link.href = "#e-" + entry;
        link.textContent = "See it listed";
        line.append(strong, rest.join(": ") + " ", link);
        return line;
      }),
    );
    panel.hidden = false;
    shown = mark;
    now = [...document.querySelectorAll(`[data-of~="${entries[0]}"]`)];
    for (const each of now) each.classList.add("now");
  };
  const uncover = (mark) => {
    const [here, there] = [mark.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (!panel.hidden && here.left < there.right && here.right > there.left && here.bottom > there.top)
      scrollBy(0, here.bottom - there.top + 12);
  };
  const markAt = (event) => event.target.closest?.("[data-of]");
  const text = document.querySelector(".report");
  let pointer = "0,0";
  document.addEventListener("pointermove", (event) => {
    const at = `${event.screenX},${event.screenY}`;
    if (event.pointerType !== "mouse" || at === pointer) return; // where the page has moved under a mouse at rest
    pointer = at;
    const mark = markAt(event);
    if (mark && mark !== shown) show(mark);
    else if (!event.target.closest?.(".passages, .explain")) clear();
  });
  text.addEventListener("focusin", (event) => {
    const mark = markAt(event);
    if (!mark?.matches(":focus-visible")) return; // a finger's focus comes before its click, and nothing may move
    show(mark);
    uncover(mark);
  });
  text.addEventListener("click", (event) => {
    const mark = markAt(event);
    if (!mark && !panel.contains(event.target)) clear();
    if (!mark || event.detail === 0) return; // Enter follows the link
    event.preventDefault();
    show(mark);
    uncover(mark);
  });
  panel.querySelector(".close").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => event.key === "Escape" && clear());
  document.addEventListener("scroll", () => {
    const at = shown?.getBoundingClientRect();
    if (at && (at.bottom < 0 || at.top > innerHeight)) clear(); // else it covers what has nothing to do with it
  });
  const order = () => {
    clear();
    for (const link of document.querySelectorAll("a[data-of]"))
      link.tabIndex = entriesOf(link).some(on) ? 0 : -1;
  };
  text.addEventListener("change", order);
  addEventListener("pageshow", order); // browsers keep what was ticked for who comes back
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", explainMarks);
else explainMarks();
