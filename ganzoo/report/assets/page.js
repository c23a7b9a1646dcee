"use strict";
// Setting off an objective: press its chip, and the lines of the others step back.
for (const chip of document.querySelectorAll(".chips button")) {
  chip.addEventListener("click", () => {
    const on = chip.getAttribute("aria-pressed") !== "true";
    for (const other of document.querySelectorAll(".chips button")) {
      other.setAttribute("aria-pressed", String(on && other === chip));
    }
    const name = chip.querySelector(".name").className.split(" ").slice(1, 3).join(".");
    for (const mark of document.querySelectorAll("svg.chart .line, svg.chart .band")) {
      mark.classList.toggle("back", on && !mark.matches("." + name));
    }
    for (const panel of document.querySelectorAll("[data-series-of]")) {
      panel.classList.toggle("back", on && panel.dataset.seriesOf !== chip.dataset.series);
    }
  });
}
