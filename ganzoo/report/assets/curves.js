// Reading values off a chart, by pointer or by the arrow keys.
for (const chart of all(document, "svg.chart")) {
  const lines = all(chart, "[data-values]").map((path) => ({
    path,
    name: path.dataset.name,
    rows: path.dataset.values.split(";").map((row) => row.split(",").map(Number)),
  }));
  if (!lines.length) continue;
  const [left, top, width, height, low, high] = chart.dataset.frame.split(" ").map(Number);
  const steps = [...new Set(lines.flatMap((line) => line.rows.map((row) => row[0])))].sort((a, b) => a - b);
  const drawing = "http://www.w3.org/2000/svg";
  const cross = document.createElementNS(drawing, "path");
  cross.setAttribute("class", "cross");
  const readout = document.createElement("div");
  readout.className = "readout";
  readout.setAttribute("aria-live", "polite");
  readout.hidden = true;
  chart.parentElement.append(readout);
  chart.setAttribute("tabindex", "0");
  let now = -1;

  const said = (value) => String(Number(value.toPrecision(3))).replace("-", "\u2212");
  const nearest = (rows, x) => rows.reduce((best, row) => (Math.abs(row[0] - x) < Math.abs(best[0] - x) ? row : best));
  const hide = () => {
    readout.hidden = true;
    cross.remove();
    now = -1;
  };
  const show = (place) => {
    now = Math.max(0, Math.min(steps.length - 1, place));
    const x = steps[now];
    const across = left + (width * (x - low)) / (high - low);
    cross.setAttribute("d", `M${across} ${top}v${height}`);
    chart.append(cross);
    const when = document.createElement("p");
    when.className = "when";
    when.textContent = `${chart.querySelector(".foot").textContent} ${said(x)}`;
    const near = (high - low) / 40;
    const shown = lines.filter((line) => !line.path.matches(".gone") && Math.abs(nearest(line.rows, x)[0] - x) <= near);
    const listed = shown.map((line) => ({ line, row: nearest(line.rows, x) })).sort((a, b) => b.row[1] - a.row[1]);
    readout.replaceChildren(when, ...listed.map(({ line, row }) => told(line, row)));
    readout.hidden = !listed.length;
    const right = across / (left + width) > 0.5;
    readout.style.left = right ? "" : `${(100 * across) / chart.viewBox.baseVal.width + 3}%`;
    readout.style.right = right ? `${100 - (100 * across) / chart.viewBox.baseVal.width + 3}%` : "";
  };
  const told = (line, row) => {
    const told = document.createElement("p");
    const colour = document.createElement("i");
    colour.className = line.path.getAttribute("class").split(" ")[1];
    told.append(colour, `${line.name} ${said(row[1])}`);
    if (row.length > 2 && row[2] < row[3]) {
      const range = document.createElement("span");
      range.className = "range";
      range.textContent = `${said(row[2])} to ${said(row[3])}`;
      told.append(range);
    }
    return told;
  };

  chart.addEventListener("pointermove", (event) => {
    const box = chart.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * chart.viewBox.baseVal.width;
    const x = low + ((across - left) / width) * (high - low);
    show(steps.indexOf(steps.reduce((best, step) => (Math.abs(step - x) < Math.abs(best - x) ? step : best))));
  });
  chart.addEventListener("pointerleave", hide);
  chart.addEventListener("blur", hide);
  chart.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") hide();
    if (move === undefined) return;
    event.preventDefault();
    show(now < 0 && move === 1 ? 0 : now < 0 && move === -1 ? steps.length - 1 : now + move);
  });
}
