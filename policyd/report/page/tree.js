/* Who started whom, with the alerts hung on the process they came from, in the order of time. Folds. */

const tree = { list: null, folded: new Set(), onlyAlerts: false, own: new Map(), below: new Map(), rows: [] };

/* Alerts that the filter lets through, by process: its own, and those of all below it. */
function countTree() {
  tree.own = new Map();
  tree.below = new Map();
  for (const a of shown.alerts) {
    if (!a.proc) continue;
    if (!tree.own.has(a.proc)) tree.own.set(a.proc, []);
    tree.own.get(a.proc).push(a);
  }
  for (const [p, list] of tree.own) {
    for (let at = p; at; at = at.parent < 0 ? null : procs[at.parent]) {
      if (!tree.below.has(at)) tree.below.set(at, new Array(PRIORITIES.length).fill(0));
      const counts = tree.below.get(at);
      for (const a of list) counts[a.rule.priority]++;
    }
  }
}

function isInTree(p) {
  if (tree.below.has(p)) return true;
  if (filter.proc) for (let at = p; at; at = at.parent < 0 ? null : procs[at.parent]) if (at === filter.proc) return true;
  return !tree.onlyAlerts && !isFiltered();
}

/* What stands below a process: its alerts by rule, and what it started, by time. */
function kidsOf(p) {
  const groups = new Map();
  for (const a of tree.own.get(p) || []) {
    if (!groups.has(a.rule)) groups.set(a.rule, []);
    groups.get(a.rule).push(a);
  }
  const kids = [...groups].map(([rule, list]) => ({ rule, list, proc: p, time: list[0].time }));
  for (const child of p.children)
    if (isInTree(child)) kids.push({ proc: child, time: child.start === null ? -Infinity : child.start });
  return kids.sort((a, b) => a.time - b.time || (a.rule ? 0 : 1) - (b.rule ? 0 : 1));
}

function topNodes() {
  const tops = roots.filter(isInTree).map((p) => ({ proc: p }));
  const loose = new Map();
  for (const a of shown.alerts) {
    if (a.proc) continue;
    if (!loose.has(a.rule)) loose.set(a.rule, []);
    loose.get(a.rule).push(a);
  }
  if (hosts.length < 2) return [...tops, ...[...loose].map(([rule, list]) => ({ rule, list, proc: null }))];
  const byHost = new Map();
  const of = (host) => {
    if (!byHost.has(host)) byHost.set(host, []);
    return byHost.get(host);
  };
  for (const top of tops) of(top.proc.host).push(top);
  for (const [rule, list] of loose)
    for (const host of new Set(list.map((a) => a.host)))
      of(host).push({ rule, list: list.filter((a) => a.host === host), proc: null });
  return [...byHost].map(([host, kids]) => ({ host, kids }));
}

function nodeKey(node) {
  return node.host !== undefined ? "h" + node.host : node.rule ? null : node.proc.id;
}

function kidsOfNode(node) {
  return node.host !== undefined ? node.kids : node.rule ? [] : kidsOf(node.proc);
}

/* Rows in sight of what is unfolded. guides: for each level above whether its line goes on. */
function treeRows() {
  const rows = [],
    stack = [];
  const push = (kids, level, guides) => {
    for (let i = kids.length - 1; i >= 0; i--)
      stack.push({ node: kids[i], level, guides, last: i === kids.length - 1, at: i + 1, of: kids.length });
  };
  push(topNodes(), 0, []);
  while (stack.length) {
    const row = stack.pop(),
      kids = kidsOfNode(row.node),
      key = nodeKey(row.node);
    row.folds = kids.length > 0;
    row.open = row.folds && !tree.folded.has(key);
    rows.push(row);
    if (row.open) push(kids, row.level + 1, row.level ? [...row.guides, !row.last] : []);
  }
  return rows;
}

/* Folded at first: processes below which there is no alert.. */
function foldQuiet() {
  tree.folded = new Set();
  const loud = new Set();
  for (const a of alerts) {
    for (let at = a.proc; at && !loud.has(at); at = at.parent < 0 ? null : procs[at.parent]) loud.add(at);
  }
  for (const p of procs)
    if (!loud.has(p) || (p.alerts.length && !p.children.some((c) => loud.has(c)) && p.alerts.length > 50))
      tree.folded.add(p.id);
}

function drawGuides(row, level, guides, last) {
  const shownLevels = Math.min(level, 24);
  for (let i = 1; i < shownLevels; i++) row.append(el("span", { class: "guide" + (guides[i - 1] ? " on" : "") }));
  if (level) row.append(el("span", { class: "guide elbow" + (last ? " last" : "") }));
}

function countBadges(counts) {
  const box = el("span", { class: "counts" });
  counts.forEach((n, p) => {
    if (n) box.append(el("span", { class: "n p" + p, title: plural(n, PRIORITIES[p] + " alert") }, count(n)));
  });
  return box;
}

function drawProcRow(row, p, open) {
  const own = tree.own.get(p),
    below = tree.below.get(p);
  const worst = own ? own.reduce((least, a) => Math.min(least, a.rule.priority), 99) : 99;
  row.classList.add("proc");
  if (own) row.classList.add("hit", "p" + worst);
  row.append(
    put(el("span", { class: "pname" }), procName(p), { max: 120, marks: shown.marks }),
    el("span", { class: "pid" }, String(p.pid)),
  );
  const line = p.cmdline || p.path;
  row.append(put(el("span", { class: "cmd" }), line, { max: 400, marks: shown.marks }));
  if (p.container)
    row.append(put(el("span", { class: "box", title: "Container" }), p.containerName || p.container, { max: 40 }));
  if (below && !open) row.append(countBadges(below));
  if (p.user) row.append(put(el("span", { class: "user" }), p.user.split("\\").pop(), { max: 40 }));
  row.append(el("span", { class: "when" }, p.start === null ? "" : timeRow(p.start)));
}

function drawGroupRow(row, node) {
  row.classList.add("alert", "p" + node.rule.priority);
  row.append(badge(node.rule.priority), put(el("span", { class: "rname" }), node.rule.name, { max: 160, marks: shown.marks }));
  if (node.list.length > 1) row.append(el("span", { class: "times" }, "×" + count(node.list.length)));
  const target = node.list[0].target;
  if (target) row.append(put(el("span", { class: "cmd" }), "→ " + procName(target), { max: 60 }));
  else row.append(el("span", { class: "cmd" }));
  row.append(el("span", { class: "when" }, timeRow(node.list[0].time)));
}

function drawTreeRow(row, item) {
  const { node, level, guides, last, folds, open } = item;
  row.setAttribute("role", "treeitem");
  row.setAttribute("aria-level", String(level + 1));
  row.setAttribute("aria-posinset", String(item.at));
  row.setAttribute("aria-setsize", String(item.of));
  if (folds) row.setAttribute("aria-expanded", String(open));
  drawGuides(row, level, guides, last);
  row.append(el("span", { class: "twist" + (folds ? (open ? " open" : " shut") : ""), "aria-hidden": "true" }));
  if (node.host !== undefined) {
    row.classList.add("host");
    row.append(put(el("b"), hosts[node.host] || "unnamed host"));
  } else if (node.rule) {
    drawGroupRow(row, node);
  } else {
    drawProcRow(row, node.proc, open);
  }
}

function fold(item, shut) {
  if (!item.folds) return;
  const key = nodeKey(item.node);
  if (shut) tree.folded.add(key);
  else tree.folded.delete(key);
  refreshTree();
}

function refreshTree() {
  tree.rows = treeRows();
  tree.list.setItems(tree.rows);
  tree.empty.hidden = tree.rows.length > 0;
}

function openTreeItem(item) {
  if (item.node.host !== undefined) return;
  if (item.node.rule) showGroup(item.node.proc, item.node.rule, item.node.list);
  else showProc(item.node.proc);
}

function treeKeys(event, index) {
  const item = tree.rows[index];
  if (event.key === "ArrowRight") {
    if (item.folds && !item.open) fold(item, false);
    else if (item.folds) tree.list.activate(index + 1, false);
    return true;
  }
  if (event.key === "ArrowLeft") {
    if (item.folds && item.open) {
      fold(item, true);
      return true;
    }
    for (let i = index - 1; i >= 0; i--)
      if (tree.rows[i].level < item.level) {
        tree.list.activate(i, false);
        break;
      }
    return true;
  }
  if (event.key === " ") {
    fold(item, item.open);
    return true;
  }
  if (event.key === "*") {
    tree.folded.clear();
    refreshTree();
    return true;
  }
  return false;
}

function revealProc(p) {
  if (!isInTree(p)) clearFilter();
  tree.onlyAlerts = tree.onlyAlerts && tree.below.has(p);
  for (let at = p.parent; at >= 0; at = procs[at].parent) tree.folded.delete(procs[at].id);
  tree.folded.delete("h" + p.host);
  showTab("tree");
  refreshTree();
  const index = tree.rows.findIndex((r) => r.node.proc === p && !r.node.rule);
  tree.list.activate(index, false);
  showProc(p);
}

function buildTree(pane) {
  const only = el("input", { type: "checkbox", id: "only-alerts" });
  only.addEventListener("change", () => {
    tree.onlyAlerts = only.checked;
    refreshTree();
  });
  const button = (label, action) => el("button", { type: "button", class: "quiet", onclick: action }, label);
  const root = el("div", { id: "tree", role: "tree", "aria-label": "Processes and their alerts" });
  tree.empty = el("p", { class: "empty", hidden: true }, "No process here. Take a filter off to see more.");
  pane.append(
    el(
      "div",
      { class: "pane-head" },
      button("Unfold all", () => {
        tree.folded.clear();
        refreshTree();
      }),
      button("Fold what is quiet", () => {
        foldQuiet();
        refreshTree();
      }),
      button("Fold all", () => {
        for (const p of procs) tree.folded.add(p.id);
        refreshTree();
      }),
      el("label", null, only, " Only processes with alerts and those above them"),
    ),
    root,
    tree.empty,
  );
  tree.list = new List(root, {
    draw: drawTreeRow,
    open: openTreeItem,
    keys: treeKeys,
    follow: () => !document.getElementById("details").hidden,
    clicked: (event, index) => {
      if (!event.target.classList.contains("twist")) return false;
      fold(tree.rows[index], tree.rows[index].open);
      return true;
    },
  });
  foldQuiet();
}
