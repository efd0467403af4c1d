/* The first thing seen: how bad, what most, where and when, and whether anything is missing. */

function badge(priority, n) {
  const made = el("span", { class: "badge p" + priority }, PRIORITIES[priority]);
  if (n !== undefined) made.append(el("b", null, count(n)));
  return made;
}

function countBy(list, keyOf) {
  const counts = new Map();
  for (const item of list) {
    const key = keyOf(item);
    if (key !== null && key !== undefined) counts.set(key, (counts.get(key) || 0) + 1);
  }
  return counts;
}

/* { level: "good" | "warn" | "bad" | "none", title, text } */
function verdict() {
  const l = report.ledger;
  if (!l)
    return {
      level: "none",
      title: "No ledger",
      text: "This report was made from stored alerts. What became of every record is told by policyctl ledger while policyd runs.",
    };
  const lost = l.lost + l.shed;
  const told = [];
  if (!l.balances) told.push("the ledger does not balance");
  if (lost) told.push(plural(lost, "record") + " lost");
  if (l.lost_buffers) told.push(plural(l.lost_buffers, "buffer") + " of unknown content lost");
  if (l.streams_without_end) told.push(plural(l.streams_without_end, "stream") + " cut off");
  if (report.interrupted || report.failed) told.push("input not read to its end");
  if (told.length) return { level: "bad", title: "Evidence is missing", text: told.join(", ") + "." };
  if (l.undecodable)
    return {
      level: "warn",
      title: "Nothing lost",
      text: plural(l.undecodable, "record") + " of kinds without a layout could not be judged.",
    };
  return {
    level: "good",
    title: "Complete",
    text: "Every one of " + plural(l.in, "record") + " is accounted for; none was lost.",
  };
}

function spanText() {
  if (report.first === null) return "";
  const from = timeParts(firstTime),
    to = timeParts(lastTime);
  const zone = clock.local ? " local" : " UTC";
  if (from.date === to.date) return from.date + ", " + from.time + " – " + to.time + zone;
  return from.date + " " + from.time + " – " + to.date + " " + to.time + zone;
}

function hostText() {
  const named = hosts.filter((h) => h);
  if (!named.length) return "unnamed host";
  return named.length > 3 ? named.slice(0, 2).join(", ") + " and " + count(named.length - 2) + " more hosts" : named.join(", ");
}

function severityTiles() {
  const all = countBy(alerts, (a) => a.rule.priority),
    now = countBy(shown.alerts, (a) => a.rule.priority);
  const row = el("div", { class: "tiles", role: "group", "aria-label": "Alerts by priority" });
  for (let p = 0; p < PRIORITIES.length; p++) {
    if (!all.get(p)) continue;
    const on = filter.priorities.has(p);
    const n = isFiltered() ? now.get(p) || 0 : all.get(p);
    row.append(
      el(
        "button",
        { type: "button", class: "tile p" + p, "aria-pressed": String(on), onclick: () => togglePriority(p) },
        el("b", null, count(n)),
        el("span", null, PRIORITIES[p]),
      ),
    );
  }
  return row;
}

function topRules() {
  const counts = [...countBy(shown.alerts, (a) => a.rule)]
    .sort((x, y) => x[0].priority - y[0].priority || y[1] - x[1])
    .slice(0, 6);
  const most = Math.max(1, ...counts.map((c) => c[1]));
  const list = el("ol", { class: "top" });
  for (const [rule, n] of counts) {
    const bar = el("span", { class: "bar-of p" + rule.priority });
    bar.style.width = Math.max(2, (n / most) * 100) + "%";
    const name = put(el("span", { class: "top-name" }), rule.name, { max: 120 });
    list.append(
      el(
        "li",
        null,
        el(
          "button",
          { type: "button", class: "top-rule", onclick: () => applyFilter({ rule: filter.rule === rule ? null : rule }) },
          el("i", { class: "dot p" + rule.priority, title: PRIORITIES[rule.priority] }),
          name,
          el("b", null, count(n)),
          bar,
        ),
      ),
    );
  }
  return list;
}

function leftOut() {
  const told = [];
  if (report.alerts_seen > report.alerts_kept) {
    told.push(
      "There were " +
        count(report.alerts_seen) +
        " alerts; this report holds " +
        count(report.alerts_kept) +
        ": the most severe, and of each rule the first. The rules tab has all counts.",
    );
  }
  if (report.procs_refused) told.push("Of " + plural(report.procs_refused, "alert") + " the process did not fit and is left out.");
  if (report.contexts_refused) told.push("Not all processes above and below those with alerts did fit: some are left out.");
  if (report.texts_refused) told.push(plural(report.texts_refused, "text") + " of processes did not fit and are left out.");
  if (report.gaps_refused) told.push(plural(report.gaps_refused, "further gap") + " are in the ledger's sums only.");
  if (report.note) told.push(report.note);
  return told;
}

function fileName(path) {
  return path.split(/[\\/]/).pop() || path;
}

function facts() {
  const list = el("dl", { class: "facts" });
  const fact = (name, value, title) => {
    if (value) list.append(el("div", { title }, el("dt", null, name), put(el("dd"), value, { max: 160 })));
  };
  const hit = new Set(alerts.flatMap((a) => a.rule.techniques.map((t) => t.id)));
  const inputs = report.inputs.map(fileName);
  fact("Events judged", report.events ? count(report.events) : "");
  fact(
    "Rules that alerted",
    count(rules.filter((r) => r.seen).length) + (report.rules_loaded ? " of " + count(report.rules_loaded) : ""),
  );
  fact("Techniques", count(hit.size));
  fact("Hosts", hosts.length > 1 ? count(hosts.length) : "");
  fact(
    inputs.length > 1 ? plural(inputs.length, "input") : "Input",
    inputs.slice(0, 3).join(", ") + (inputs.length > 3 ? ", …" : ""),
    report.inputs.slice(0, 20).join("\n"),
  );
  return list;
}

function drawSummary() {
  const box = clear(document.getElementById("summary"));
  const v = verdict();
  const head = el(
    "div",
    { class: "card overview" },
    el("h2", null, alerts.length ? plural(report.alerts_seen, "alert") : "No alerts"),
    put(
      el("p", { class: "lead" }),
      hostText() + (report.first === null ? "" : " · " + spanText() + " · " + duration(lastTime - firstTime)),
      { max: 400 },
    ),
    alerts.length ? severityTiles() : el("p", null, "No rule matched anything here."),
    facts(),
    el(
      "button",
      { type: "button", class: "verdict " + v.level, onclick: () => showTab("ledger") },
      el("b", null, v.title),
      el("span", null, v.text),
    ),
  );
  for (const told of leftOut()) head.append(put(el("p", { class: "notice" }), told));
  box.append(head);
  if (alerts.length) box.append(el("div", { class: "card" }, el("h2", null, "Most severe rules"), topRules()));
  put(clear(document.getElementById("subject")), hostText() + (report.first === null ? "" : " · " + spanText()), { max: 300 });
}
listeners.push(drawSummary);
