/* Alerts over time, stacked by priority, over the density of all events. Drag or click to choose a time, which filters all
 * views; zoom into what is chosen. */

const timeline = { from: 0, to: 1, box: null, chart: null, tip: null, drag: null };
const CHART_HEIGHT = 110,
  AXIS_HEIGHT = 20;

function alertSpan() {
  if (!alerts.length) return [firstTime, lastTime];
  const from = alerts[0].time,
    to = alerts[alerts.length - 1].time;
  const room = Math.max((to - from) * 0.04, 0.5e6);
  return [from - room, to + room];
}

function zoomTo(from, to) {
  const least = 1000;
  if (to - from < least) {
    const middle = (from + to) / 2;
    from = middle - least / 2;
    to = middle + least / 2;
  }
  timeline.from = from;
  timeline.to = to;
  drawTimeline();
}

function zoomBy(factor) {
  const middle = filter.from === null ? (timeline.from + timeline.to) / 2 : (filter.from + filter.to) / 2;
  const half = ((timeline.to - timeline.from) / 2) * factor;
  zoomTo(middle - half, middle + half);
}

function buildTimeline() {
  const box = document.getElementById("timeline");
  const tool = (label, action, name) =>
    el("button", { type: "button", class: "quiet", "aria-label": name, title: name, onclick: action }, label);
  timeline.chart = svg("svg", {
    class: "chart",
    tabindex: "0",
    role: "application",
    "aria-label": "Alerts over time. Arrow keys choose a time, with shift they extend it, plus and minus zoom, Escape clears.",
  });
  timeline.tip = el("div", { class: "tip", hidden: true });
  timeline.range = el("span", { class: "range" });
  box.append(
    el(
      "div",
      { class: "card-head" },
      el("h2", null, "Timeline"),
      timeline.range,
      el(
        "div",
        { class: "tools" },
        tool(
          "+",
          () => (filter.from === null ? zoomBy(0.5) : zoomTo(filter.from, filter.to)),
          "Zoom in, to the chosen time if there is one",
        ),
        tool("−", () => zoomBy(2), "Zoom out"),
        tool("Alerts", () => zoomTo(...alertSpan()), "Show the time of all alerts"),
        tool(
          "Everything",
          () => zoomTo(Math.min(firstTime, alertSpan()[0]), Math.max(lastTime, alertSpan()[1])),
          "Show the whole recording",
        ),
      ),
    ),
    timeline.chart,
    timeline.tip,
  );
  [timeline.from, timeline.to] = alertSpan();
  const chart = timeline.chart;
  chart.addEventListener("pointerdown", (e) => startDrag(e));
  chart.addEventListener("pointermove", (e) => moveDrag(e));
  chart.addEventListener("pointerup", (e) => endDrag(e));
  chart.addEventListener("pointercancel", () => {
    timeline.drag = null;
    drawTimeline();
  });
  chart.addEventListener("pointerleave", () => {
    timeline.tip.hidden = true;
  });
  chart.addEventListener("dblclick", () => {
    if (filter.from !== null) zoomTo(filter.from, filter.to);
  });
  chart.addEventListener(
    "wheel",
    (e) => {
      if (e.ctrlKey) {
        e.preventDefault();
        zoomBy(e.deltaY > 0 ? 1.25 : 0.8);
      }
    },
    { passive: false },
  );
  chart.addEventListener("keydown", timelineKey);
  addEventListener("resize", () => drawTimeline());
}

function chartWidth() {
  return Math.max(200, timeline.chart.getBoundingClientRect().width || 800);
}

function binCount() {
  return Math.max(24, Math.min(220, Math.floor(chartWidth() / 7)));
}

function timeAt(x) {
  return timeline.from + Math.max(0, Math.min(1, x / chartWidth())) * (timeline.to - timeline.from);
}

function xOf(time) {
  return ((time - timeline.from) / (timeline.to - timeline.from)) * chartWidth();
}

/* [[count by priority]] of what the filter lets through, whatever time is chosen. */
function alertBins(n) {
  const bins = Array.from({ length: n }, () => new Array(PRIORITIES.length).fill(0));
  const width = (timeline.to - timeline.from) / n;
  for (const a of shown.untimed) {
    const at = Math.floor((a.time - timeline.from) / width);
    if (at >= 0 && at < n) bins[at][a.rule.priority]++;
  }
  return bins;
}

/* Events by bin, spread evenly over the buckets of the report. */
function eventBins(n) {
  const bins = new Array(n).fill(0),
    h = report.histogram,
    width = (timeline.to - timeline.from) / n;
  h.counts.forEach(([i, c]) => {
    const from = (h.start + i * h.width - timeline.from) / width,
      to = (h.start + (i + 1) * h.width - timeline.from) / width;
    for (let k = Math.max(0, Math.floor(from)); k < Math.min(n, Math.ceil(to)); k++) {
      bins[k] += (c * (Math.min(k + 1, to) - Math.max(k, from))) / (to - from);
    }
  });
  return bins;
}

function sum(list) {
  return list.reduce((total, n) => total + n, 0);
}

function drawBars(chart, bins, step) {
  const most = Math.max(1, ...bins.map(sum)),
    room = CHART_HEIGHT - 14;
  bins.forEach((bin, i) => {
    let y = CHART_HEIGHT;
    bin.forEach((n, p) => {
      if (!n) return;
      const height = Math.max(3, (n / most) * room);
      y -= height;
      chart.append(svg("rect", { class: "fill p" + p, x: i * step + 0.5, y, width: Math.max(1.5, step - 1), height }));
    });
  });
  chart.append(
    svg("text", { class: "most", x: 2, y: 10 }, sum(bins.flat()) ? "up to " + plural(most, "alert") : "no alerts here"),
  );
}

function drawEvents(chart, bins, step) {
  const most = Math.max(1, ...bins);
  let path = "M0 " + CHART_HEIGHT;
  bins.forEach((n, i) => {
    path += " L" + ((i + 0.5) * step).toFixed(1) + " " + (CHART_HEIGHT - Math.sqrt(n / most) * (CHART_HEIGHT - 30)).toFixed(1);
  });
  chart.append(svg("path", { class: "events", d: path + " L" + bins.length * step + " " + CHART_HEIGHT + " Z" }));
}

/* Round steps of time, about one in 110 pixels. */
function axisStep(span, wanted) {
  const steps = [
    1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1.5e7, 3e7, 6e7, 12e7, 3e8, 6e8, 9e8, 18e8, 36e8, 72e8,
    108e8, 216e8, 432e8, 864e8, 1728e8, 6048e8, 25920e8, 77760e8, 315360e8,
  ];
  return steps.find((s) => span / s <= wanted) || span;
}

function drawAxis(chart) {
  const step = axisStep(timeline.to - timeline.from, chartWidth() / 110);
  const zone = clock.local ? -new Date(report.base).getTimezoneOffset() * 6e7 : 0;
  const offset = (report.base * 1000 + zone) % step;
  chart.append(svg("line", { class: "axis", x1: 0, x2: chartWidth(), y1: CHART_HEIGHT + 0.5, y2: CHART_HEIGHT + 0.5 }));
  for (let t = Math.ceil((timeline.from + offset) / step) * step - offset; t < timeline.to; t += step) {
    const p = timeParts(t),
      x = xOf(t);
    const label =
      step >= 864e8 ? p.date : step >= 6e7 ? p.time.slice(0, 5) : step >= 1e6 ? p.time : p.time.slice(3) + "." + p.ms;
    chart.append(
      svg("line", { class: "tick", x1: x, x2: x, y1: 0, y2: CHART_HEIGHT }),
      svg("text", { class: "label", x: x + 3, y: CHART_HEIGHT + 15 }, label),
    );
  }
}

function drawGaps(chart) {
  for (const [time, events, buffers] of report.gaps) {
    if (time === null || time < timeline.from || time > timeline.to) continue;
    const told = events ? plural(events, "record") + " lost" : plural(buffers, "buffer") + " lost";
    chart.append(
      svg(
        "path",
        { class: "gap", d: "M" + xOf(time) + " 0 v" + CHART_HEIGHT },
        svg("title", {}, told + " before " + timeFull(time)),
      ),
    );
  }
}

function drawSelection(chart) {
  const chosen = timeline.drag && timeline.drag.moved ? timeline.drag : filter.from === null ? null : filter;
  if (!chosen) return;
  const from = Math.max(0, xOf(Math.min(chosen.from, chosen.to))),
    to = Math.min(chartWidth(), xOf(Math.max(chosen.from, chosen.to)));
  if (to < 0 || from > chartWidth()) return;
  chart.append(
    svg("rect", { class: "veil", x: 0, y: 0, width: Math.max(0, from), height: CHART_HEIGHT }),
    svg("rect", { class: "veil", x: to, y: 0, width: Math.max(0, chartWidth() - to), height: CHART_HEIGHT }),
    svg("rect", { class: "chosen", x: from, y: 0.5, width: Math.max(2, to - from), height: CHART_HEIGHT - 1 }),
  );
}

function drawTimeline() {
  const chart = timeline.chart,
    n = binCount(),
    step = chartWidth() / n;
  clear(chart);
  chart.setAttribute("viewBox", "0 0 " + chartWidth() + " " + (CHART_HEIGHT + AXIS_HEIGHT));
  drawAxis(chart);
  drawEvents(chart, eventBins(n), step);
  drawBars(chart, alertBins(n), step);
  drawGaps(chart);
  drawSelection(chart);
  timeline.range.textContent =
    filter.from === null
      ? ""
      : timeShort(filter.from) + " – " + timeShort(filter.to) + ", " + duration(filter.to - filter.from);
}

/* ---- by hand ---- */

function chartX(event) {
  return event.clientX - timeline.chart.getBoundingClientRect().left;
}

function startDrag(event) {
  if (event.button !== 0) return;
  const t = timeAt(chartX(event));
  timeline.drag = { from: t, to: t, x: chartX(event), moved: false };
  timeline.chart.setPointerCapture(event.pointerId);
}

function moveDrag(event) {
  const x = chartX(event);
  showTip(x);
  if (!timeline.drag) return;
  timeline.drag.to = timeAt(x);
  timeline.drag.moved = timeline.drag.moved || Math.abs(x - timeline.drag.x) > 4;
  if (timeline.drag.moved) drawTimeline();
}

function endDrag(event) {
  const drag = timeline.drag;
  timeline.drag = null;
  if (!drag) return;
  if (drag.moved) {
    applyFilter({ from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) });
    return;
  }
  chooseBin(Math.floor((chartX(event) / chartWidth()) * binCount()));
}

/* A click on what is chosen alone takes it off. */
function chooseBin(i) {
  const width = (timeline.to - timeline.from) / binCount();
  const from = timeline.from + i * width,
    to = from + width;
  const same = filter.from !== null && Math.abs(filter.from - from) < width / 2 && Math.abs(filter.to - to) < width / 2;
  const empty = !shown.untimed.some((a) => a.time >= from && a.time <= to);
  applyFilter(same || (empty && filter.from !== null) ? { from: null, to: null } : empty ? {} : { from, to });
}

function showTip(x) {
  const n = binCount(),
    i = Math.max(0, Math.min(n - 1, Math.floor((x / chartWidth()) * n)));
  const width = (timeline.to - timeline.from) / n,
    from = timeline.from + i * width;
  const bin = alertBins(n)[i],
    events = Math.round(eventBins(n)[i]);
  clear(timeline.tip).append(el("b", null, timeShort(from) + " + " + duration(width)));
  bin.forEach((c, p) => {
    if (c) timeline.tip.append(el("span", null, el("i", { class: "dot p" + p }), count(c) + " " + PRIORITIES[p]));
  });
  if (events) timeline.tip.append(el("span", null, plural(events, "event")));
  timeline.tip.hidden = false;
  timeline.tip.style.left =
    Math.max(0, Math.min(chartWidth() - timeline.tip.offsetWidth, x - timeline.tip.offsetWidth / 2)) + "px";
}

function timelineKey(event) {
  const n = binCount(),
    width = (timeline.to - timeline.from) / n;
  const step = { ArrowLeft: -width, ArrowRight: width }[event.key];
  if (event.key === "Escape" && filter.from !== null) applyFilter({ from: null, to: null });
  else if (event.key === "+" || event.key === "Enter") filter.from === null ? zoomBy(0.5) : zoomTo(filter.from, filter.to);
  else if (event.key === "-") zoomBy(2);
  else if (step && filter.from === null && alerts.length) {
    const first = shown.untimed[0] || alerts[0];
    const from = timeline.from + Math.floor((first.time - timeline.from) / width) * width;
    applyFilter({ from, to: from + width });
  } else if (step && filter.from !== null)
    applyFilter({
      from: event.shiftKey ? filter.from : filter.from + step,
      to: Math.max(filter.from + width, filter.to + step),
    });
  else return;
  event.preventDefault();
  event.stopPropagation();
}
listeners.push(() => drawTimeline());
