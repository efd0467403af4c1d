/* The rules that alerted: how often, when, and what they are about. */

function ruleTimes() {
  const times = new Map();
  for (const a of shown.alerts) {
    const t = times.get(a.rule);
    if (t) {
      t.last = a.time;
      t.n++;
    } else times.set(a.rule, { first: a.time, last: a.time, n: 1 });
  }
  return times;
}

function ruleRow(rule, t, most) {
  const bar = el("span", { class: "bar-of p" + rule.priority });
  bar.style.width = Math.max(1, (t.n / most) * 100) + "%";
  return el(
    "tr",
    null,
    el("td", null, badge(rule.priority)),
    el(
      "td",
      { class: "grow" },
      put(el("button", { type: "button", class: "link", onclick: () => showRule(rule) }), rule.name, {
        max: 200,
        marks: shown.marks,
      }),
      bar,
    ),
    el("td", { class: "num" }, count(t.n)),
    el("td", { class: "num wide" }, rule.seen > t.n && !isFiltered() ? "of " + count(rule.seen) : ""),
    el("td", { class: "wide" }, timeRow(t.first)),
    el("td", { class: "wide" }, t.last > t.first ? timeRow(t.last) : ""),
    el("td", { class: "wide" }, el("span", { class: "ids" }, rule.techniques.map((x) => x.id).join(" "))),
  );
}

function refreshRules(pane) {
  const times = ruleTimes();
  const most = Math.max(1, ...[...times.values()].map((t) => t.n));
  const rows = [...times].sort((x, y) => x[0].priority - y[0].priority || y[1].n - x[1].n);
  const head = el(
    "tr",
    null,
    ...[
      ["Priority"],
      ["Rule"],
      ["Alerts", "num"],
      ["In all", "num wide"],
      ["First", "wide"],
      ["Last", "wide"],
      ["Techniques", "wide"],
    ].map(([name, cls]) => el("th", { scope: "col", class: cls }, name)),
  );
  const body = el("tbody");
  for (const [rule, t] of rows) body.append(ruleRow(rule, t, most));
  clear(pane).append(
    rows.length
      ? el("div", { class: "scroll" }, el("table", { class: "plain" }, el("thead", null, head), body))
      : el("p", { class: "empty" }, "No rule here."),
  );
  const lost = rules.filter((r) => r.lost);
  if (lost.length)
    pane.append(
      el(
        "p",
        { class: "notice" },
        plural(sum(lost.map((r) => r.lost)), "alert") + " could not be written down and is counted only.",
      ),
    );
}
