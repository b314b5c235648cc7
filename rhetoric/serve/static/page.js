"use strict";
// Everything works without this; with it, a page that waits says how far it is, and a file too large is not sent first.
(() => {
  const summary = document.getElementById("summary");
  if (summary) summary.focus();

  const state = document.getElementById("state");
  const ask = async () => {
    try {
      const answer = await fetch(`/texts/${state.dataset.job}/state?${new URLSearchParams({ seen: state.textContent })}`, { cache: "no-store" });
      if (answer.ok) {
        const found = await answer.json();
        if (found.finished) return location.reload();
        if (state.textContent !== found.said) state.textContent = found.said; // text only
        return ask();
      }
      if (answer.status === 404) return location.reload(); // it says that the text is not here any more
    } catch {
      state.textContent = "The server does not answer. Is it still running? Trying again.";
    }
    setTimeout(ask, 2000);
  };
  if (state) ask();

  for (const input of document.querySelectorAll("input[type=file][data-limit]")) {
    input.addEventListener("change", () => {
      const file = input.files[0];
      const limit = Number(input.dataset.limit);
      const large = file && file.size > limit;
      input.setCustomValidity(large ? `This file has ${(file.size / 1e6).toFixed(1)} MB; the limit is ${limit / 1e6} MB.` : "");
      if (large) input.reportValidity();
    });
  }
})();
