/* All alerts, one a row: sorted by any column. */

const table = { list: null, sort: "time", down: false, heads: new Map() };
const COLUMNS = [
  { id: "time", name: "Time", key: (a) => a.time },
  { id: "priority", name: "Priority", key: (a) => a.rule.priority },
  { id: "rule", name: "Rule", key: (a) => a.rule.name.toLowerCase() },
  { id: "process", name: "Process", key: (a) => (a.proc ? procName(a.proc).toLowerCase() : "") },
  { id: "what", name: "What happened", key: (a) => a.message.toLowerCase() },
  { id: "technique", name: "Techniques", key: (a) => (a.rule.techniques.length ? a.rule.techniques[0].id : "~") },
  { id: "host", name: "Host", key: (a) => (hosts[a.host] || "").toLowerCase() },
];

function sortedAlerts() {
  const column = COLUMNS.find((c) => c.id === table.sort);
  if (table.sort === "time") return table.down ? shown.alerts.slice().reverse() : shown.alerts;
  const keyed = shown.alerts.map((a) => [column.key(a), a]);
  const sign = table.down ? -1 : 1;
  keyed.sort((x, y) => (x[0] < y[0] ? -sign : x[0] > y[0] ? sign : x[1].id - y[1].id));
  return keyed.map((k) => k[1]);
}

function drawAlertRow(row, a, index) {
  const cell = (name, ...children) => {
    const made = el("span", { class: "c-" + name, role: "gridcell" }, ...children);
    row.append(made);
    return made;
  };
  row.setAttribute("role", "row");
  row.setAttribute("aria-rowindex", String(index + 2));
  row.setAttribute("aria-selected", String(details.shown === a));
  row.classList.add("p" + a.rule.priority);
  cell("time", timeRow(a.time));
  cell("priority", badge(a.rule.priority));
  put(cell("rule"), a.rule.name, { max: 160, marks: shown.marks });
  const process = cell("process");
  if (a.proc) put(process, procName(a.proc) + " " + a.proc.pid, { max: 80, marks: shown.marks });
  put(cell("what"), a.message, { max: 300, marks: shown.marks });
  cell("technique", a.rule.techniques.map((t) => t.id).join(" "));
  if (hosts.length > 1) put(cell("host"), hosts[a.host] || "", { max: 60 });
}

function sortBy(id) {
  table.down = table.sort === id ? !table.down : false;
  table.sort = id;
  refreshAlerts();
}

function refreshAlerts() {
  for (const [id, head] of table.heads)
    head.setAttribute("aria-sort", id === table.sort ? (table.down ? "descending" : "ascending") : "none");
  table.list.setItems(sortedAlerts());
  table.grid.setAttribute("aria-rowcount", String(shown.alerts.length + 1));
  table.empty.hidden = shown.alerts.length > 0;
}

function revealAlert(a) {
  const index = table.list.items.indexOf(a);
  if (index >= 0) table.list.activate(index, false);
}

function buildAlerts(pane) {
  const head = el("div", { class: "thead", role: "row", "aria-rowindex": "1" });
  for (const column of COLUMNS) {
    if (column.id === "host" && hosts.length < 2) continue;
    const made = el(
      "span",
      { class: "c-" + column.id, role: "columnheader", "aria-sort": "none" },
      el("button", { type: "button", onclick: () => sortBy(column.id) }, column.name),
    );
    table.heads.set(column.id, made);
    head.append(made);
  }
  const root = el("div", { id: "rows", class: "trows", role: "rowgroup", "aria-label": "Alerts" });
  table.grid = el(
    "div",
    { class: "table" + (hosts.length > 1 ? " hosts" : "") + (manyDays ? " days" : ""), role: "grid", "aria-label": "Alerts" },
    head,
    root,
  );
  table.empty = el("p", { class: "empty", hidden: true }, "No alert here. Take a filter off to see more.");
  pane.append(table.grid, table.empty);
  table.list = new List(root, {
    draw: drawAlertRow,
    open: (a) => {
      showAlert(a);
      table.list.redraw();
    },
    head,
    follow: () => !document.getElementById("details").hidden,
  });
}
