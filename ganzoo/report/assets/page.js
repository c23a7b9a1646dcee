// The page is whole without this script: what it adds is said to the style sheet here.
document.documentElement.classList.add("js");
const all = (where, what) => [...where.querySelectorAll(what)];

// Chips hide an objective in pictures and curves; pointing at one sets it off from the others.
const marksOf = (chip) => [
  ...all(document, `svg.chart :is(.line, .band, .whisker, .dot, .beside).o${chip.dataset.series}`),
  ...all(document, `[data-series-of="${chip.dataset.series}"]`),
];
const chips = all(document, ".chips button");
for (const chip of chips) {
  chip.addEventListener("click", () => {
    const shown = chip.getAttribute("aria-pressed") !== "true";
    chip.setAttribute("aria-pressed", String(shown));
    for (const mark of marksOf(chip)) mark.classList.toggle("gone", !shown && !mark.closest(".card"));
  });
  const others = (back) => {
    for (const other of chips) if (other !== chip) for (const mark of marksOf(other)) mark.classList.toggle("back", back);
  };
  chip.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && others(true));
  chip.addEventListener("pointerleave", () => others(false));
  chip.addEventListener("focus", () => chip.matches(":focus-visible") && others(true));
  chip.addEventListener("blur", () => others(false));
}

// A link into a closed part opens it.
const reveal = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const closed = target && target.closest("details:not([open])");
  if (closed) closed.open = true;
};
addEventListener("hashchange", reveal);
reveal();
