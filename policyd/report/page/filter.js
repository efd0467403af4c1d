/* What is shown. One filter for all views: they listen, and draw anew when it changes. */

const filter = {
  query: "",
  priorities: new Set(),
  rule: null,
  technique: null,
  tactic: null,
  proc: null,
  host: null,
  from: null,
  to: null,
};
const shown = { alerts, untimed: alerts, marks: [] }; /* untimed: as if no time were chosen */
const listeners = [];

/* "word -word "two words"" */
function queryWords(query) {
  const words = { with: [], without: [] };
  for (const hit of query.toLowerCase().matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)) {
    const word = hit[2] !== undefined ? hit[2] : hit[3];
    if (word) words[hit[1] ? "without" : "with"].push(word);
  }
  return words;
}

function hasTechnique(rule, id) {
  return rule.techniques.some((t) => t.id === id || t.id.startsWith(id + "."));
}

function matcher() {
  const words = queryWords(filter.query);
  let family = null;
  if (filter.proc) {
    family = new Set();
    walk([filter.proc], (p) => family.add(p));
  }
  shown.marks = words.with;
  return (a) => {
    if (filter.priorities.size && !filter.priorities.has(a.rule.priority)) return false;
    if (filter.rule && a.rule !== filter.rule) return false;
    if (filter.host !== null && a.host !== filter.host) return false;
    if (filter.technique && !hasTechnique(a.rule, filter.technique)) return false;
    if (
      filter.tactic !== null &&
      !a.rule.tactics.includes(filter.tactic) &&
      !a.rule.techniques.some((t) => t.tactics.includes(filter.tactic))
    )
      return false;
    if (family && !(a.proc && family.has(a.proc)) && !(a.target && family.has(a.target))) return false;
    if (!words.with.length && !words.without.length) return true;
    const hay = haystackOf(a);
    return words.with.every((w) => hay.includes(w)) && !words.without.some((w) => hay.includes(w));
  };
}

function isFiltered() {
  return (
    filter.query.trim() !== "" ||
    filter.priorities.size > 0 ||
    filter.rule !== null ||
    filter.technique !== null ||
    filter.tactic !== null ||
    filter.proc !== null ||
    filter.host !== null ||
    filter.from !== null
  );
}

function applyFilter(changes) {
  Object.assign(filter, changes);
  const matches = matcher();
  shown.untimed = isFiltered() ? alerts.filter(matches) : alerts;
  shown.alerts =
    filter.from === null ? shown.untimed : shown.untimed.filter((a) => a.time >= filter.from && a.time <= filter.to);
  for (const listen of listeners) listen();
  say(
    isFiltered()
      ? plural(shown.alerts.length, "alert") + " of " + count(alerts.length) + " shown"
      : "All " + plural(alerts.length, "alert") + " shown",
  );
}

function clearFilter() {
  document.getElementById("query").value = "";
  applyFilter({
    query: "",
    priorities: new Set(),
    rule: null,
    technique: null,
    tactic: null,
    proc: null,
    host: null,
    from: null,
    to: null,
  });
}

function togglePriority(priority) {
  const wanted = new Set(filter.priorities);
  if (!wanted.delete(priority)) wanted.add(priority);
  applyFilter({ priorities: wanted });
}

/* The filters that are set, each with a button to take it off. */
function drawChips() {
  const box = clear(document.getElementById("chips"));
  const chip = (label, value, off) => {
    const button = el(
      "button",
      { type: "button", class: "chip", title: "Take this filter off", onclick: () => applyFilter(off) },
      el("b", null, label),
      " ",
    );
    put(button, value, { max: 60 });
    button.append(el("span", { class: "x", "aria-hidden": "true" }, "×"));
    box.append(button);
  };
  if (filter.query.trim()) chip("Search", filter.query, { query: "" });
  if (filter.from !== null) chip("Time", timeShort(filter.from) + " – " + timeShort(filter.to), { from: null, to: null });
  for (const p of [...filter.priorities].sort((a, b) => a - b)) {
    const rest = new Set(filter.priorities);
    rest.delete(p);
    chip("Priority", PRIORITIES[p], { priorities: rest });
  }
  if (filter.rule) chip("Rule", filter.rule.name, { rule: null });
  if (filter.tactic !== null) chip("Tactic", report.tactics[filter.tactic][1], { tactic: null });
  if (filter.technique) chip("Technique", filter.technique + " " + techniqueName(filter.technique), { technique: null });
  if (filter.proc) chip("Process and below", procName(filter.proc) + " (" + filter.proc.pid + ")", { proc: null });
  if (filter.host !== null) chip("Host", hosts[filter.host], { host: null });
  if (isFiltered()) {
    box.append(el("span", { class: "shown" }, count(shown.alerts.length) + " of " + plural(alerts.length, "alert")));
    box.append(el("button", { type: "button", class: "quiet", onclick: clearFilter }, "Clear all"));
  }
  box.hidden = !isFiltered();
  if (document.getElementById("query").value !== filter.query) document.getElementById("query").value = filter.query;
}
listeners.push(drawChips);
