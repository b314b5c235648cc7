"use strict";
// The picture and every word of the page stand in the HTML; this lets a reader point, filter and search.
(() => {
  const points = JSON.parse(document.getElementById("points").textContent);
  const clusters = JSON.parse(document.getElementById("clusters").textContent);
  const plane = document.querySelector("svg.plane");
  const marks = Array.from(plane.querySelectorAll(".point"));
  const ring = document.getElementById("ring");
  const seen = document.getElementById("seen");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const boxes = Array.from(document.querySelectorAll(".legend input"));
  const NEAR = 14; // CSS pixels around a point in which the pointer finds it
  let current = -1;
  document.documentElement.classList.add("scripted");

  const visible = (at) => !marks[at].classList.contains("gone") && !marks[at].classList.contains("faint");

  const line = (text, dim) => {
    const p = document.createElement("p");
    p.textContent = text; // text only: nothing in a document can become markup
    if (dim) p.className = "dim";
    return p;
  };

  const show = (at) => {
    current = at;
    const point = points[at];
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    ring.removeAttribute("visibility");
    const lines = [line(point.name), line(`${point.cluster}. ${clusters[point.cluster - 1]}`), line(point.says, true)];
    if (point.text) lines.push(line(`“${point.text}”`));
    seen.replaceChildren(...lines);
  };

  const filter = () => {
    const on = new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
    const wanted = search.value.trim().toLowerCase();
    let number = 0;
    points.forEach((point, at) => {
      const hit = !wanted || `${point.name} ${point.text}`.toLowerCase().includes(wanted);
      marks[at].classList.toggle("gone", !on.has(point.cluster));
      marks[at].classList.toggle("faint", !hit);
      if (hit && on.has(point.cluster)) number += 1;
    });
    found.textContent = wanted ? `${number} found` : "";
    if (current >= 0 && !visible(current)) ring.setAttribute("visibility", "hidden");
  };

  const nearest = (x, y, most) => {
    let best = -1, least = most * most;
    points.forEach((point, at) => {
      const away = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (away < least && visible(at)) [best, least] = [at, away];
    });
    return best;
  };

  // Of the points in the half plane that an arrow points to: the nearest, sideways counting double.
  const next = (dx, dy) => {
    if (current < 0 || !visible(current)) return nearest(300, 300, Infinity);
    const here = points[current];
    let best = -1, least = Infinity;
    points.forEach((point, at) => {
      const ahead = (point.x - here.x) * dx + (point.y - here.y) * dy;
      const aside = Math.abs((point.x - here.x) * dy) + Math.abs((point.y - here.y) * dx);
      if (at !== current && visible(at) && ahead > 0 && ahead + 2 * aside < least) [best, least] = [at, ahead + 2 * aside];
    });
    return best;
  };

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  plane.addEventListener("keydown", (event) => {
    if (event.key in ARROWS) {
      event.preventDefault();
      const at = next(...ARROWS[event.key]);
      if (at >= 0) show(at);
    }
  });
  const point = (event) => {
    const box = plane.getBoundingClientRect();
    const scale = 600 / box.width;
    const at = nearest((event.clientX - box.left) * scale, (event.clientY - box.top) * scale, NEAR * scale);
    if (at >= 0 && at !== current) show(at);
  };
  plane.addEventListener("pointermove", point);
  plane.addEventListener("click", point);
  boxes.forEach((box) => box.addEventListener("change", filter));
  search.addEventListener("input", filter);
  document.querySelectorAll("button[data-point]").forEach((button) =>
    button.addEventListener("click", () => {
      const at = Number(button.dataset.point);
      boxes.forEach((box) => { if (Number(box.value) === points[at].cluster) box.checked = true; });
      search.value = "";
      filter();
      show(at);
      plane.scrollIntoView({ block: "center" });
      plane.focus({ preventScroll: true });
    }));
  filter(); // browsers keep what was ticked before a reload
})();
