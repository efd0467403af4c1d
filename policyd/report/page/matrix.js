/* ATT&CK as the alerts' rules name it: one column a tactic, sub-techniques below theirs, darker where there is more. */

function matrixCells() {
  const tactics = report.tactics.map(() => new Map());
  const loose = report.tactics.map(() => 0);
  for (const a of shown.alerts) {
    const told = new Set();
    for (const t of a.rule.techniques) {
      for (const tactic of t.tactics) {
        told.add(tactic);
        tactics[tactic].set(t.id, (tactics[tactic].get(t.id) || 0) + 1);
      }
    }
    for (const tactic of a.rule.tactics) if (!told.has(tactic)) loose[tactic]++;
  }
  return { tactics, loose };
}

function heat(n, most) {
  return 1 + Math.min(4, Math.floor((Math.log(n + 1) / Math.log(most + 1)) * 5 - 1e-9));
}

function techniqueCell(id, n, most, isSub) {
  const name = report.techniques[id] || id;
  const pressed = filter.technique === id;
  return el(
    "button",
    {
      type: "button",
      class: "cell" + (isSub ? " sub" : "") + (n ? " heat" + heat(n, most) : " only-below"),
      "aria-pressed": String(pressed),
      title: techniqueName(id),
      onclick: () => applyFilter({ technique: pressed ? null : id }),
    },
    el("span", { class: "tid" }, isSub ? "." + id.split(".")[1] : id),
    el("span", { class: "tname" }, name),
    n ? el("b", null, count(n)) : null,
  );
}

function tacticColumn(index, found, loose, most) {
  const [id, name] = report.tactics[index];
  const pressed = filter.tactic === index;
  const column = el(
    "section",
    { class: "tactic", "aria-label": name },
    el(
      "button",
      {
        type: "button",
        class: "tactic-head",
        "aria-pressed": String(pressed),
        onclick: () => applyFilter({ tactic: pressed ? null : index }),
      },
      el("b", null, name),
      el("span", null, id + " · " + plural(found.size, "technique")),
    ),
  );
  const families = new Map();
  for (const technique of [...found.keys()].sort()) {
    const above = technique.split(".")[0];
    if (!families.has(above)) families.set(above, []);
    if (technique !== above) families.get(above).push(technique);
  }
  for (const [above, subs] of families) {
    const box = el("div", { class: "family" }, techniqueCell(above, found.get(above) || 0, most, false));
    for (const sub of subs) box.append(techniqueCell(sub, found.get(sub), most, true));
    column.append(box);
  }
  if (loose) column.append(el("p", { class: "how" }, plural(loose, "alert") + " without a technique"));
  return column;
}

function refreshMatrix(pane) {
  const { tactics, loose } = matrixCells();
  const most = Math.max(1, ...tactics.flatMap((t) => [...t.values()]));
  const grid = el("div", { class: "matrix" });
  tactics.forEach((found, i) => {
    if (found.size || loose[i]) grid.append(tacticColumn(i, found, loose[i], most));
  });
  clear(pane).append(grid.children.length ? grid : el("p", { class: "empty" }, "No alert here names a technique."));
  pane.append(
    el("p", { class: "how" }, "ATT&CK " + report.attack + ", as the tags of the rules that alerted say. Numbers count alerts."),
  );
}
