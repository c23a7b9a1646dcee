// One slider for all objectives of a task: the moment of training that their pictures show.
for (const films of all(document, ".films")) {
  const steps = films.dataset.steps.split(" ").map(Number);
  const slider = films.querySelector("input");
  const turn = () => {
    const step = steps[slider.value];
    films.querySelector("output").textContent = step;
    slider.setAttribute("aria-valuetext", `step ${step}`);
    for (const film of all(films, ".moments")) {
      const moments = all(film, ".moment");
      // The last one that was taken by then; a run that broke off keeps its last.
      const reached = moments.filter((moment) => Number(moment.dataset.step) <= step);
      const now = reached.length ? reached[reached.length - 1] : moments[0];
      for (const moment of moments) moment.classList.toggle("now", moment === now);
    }
  };
  slider.addEventListener("input", turn);
  films.querySelector(".slider").hidden = false;
  turn();
}
