/* The data of the report, as objects. Texts stand once in report.strings; times are microseconds since report.base. */

const report = JSON.parse(document.getElementById("data").textContent);
document.getElementById("data").remove();

const text = (n) => report.strings[n];
const hosts = report.hosts.map(text);

const rules = report.rules.map((r, id) => ({
  id,
  name: text(r.name),
  source: text(r.source),
  desc: text(r.desc).trim(),
  condition: text(r.condition).trim(),
  priority: r.priority,
  tags: r.tags.map(text),
  tactics: r.tactics,
  techniques: r.techniques.map(([technique, tactics]) => ({ id: technique, tactics })),
  seen: r.seen,
  lost: r.lost,
}));

const procs = report.procs.map((p, id) => ({
  id,
  host: p[0],
  pid: p[1],
  ppid: p[2],
  parent: p[3],
  start: p[4],
  end: p[5],
  exit: p[6],
  session: p[7],
  integrity: p[8],
  name: text(p[9]),
  path: text(p[10]),
  cmdline: text(p[11]),
  cwd: text(p[12]),
  user: text(p[13]),
  sid: text(p[14]),
  guid: text(p[15]),
  container: text(p[16]),
  containerName: text(p[17]),
  image: text(p[18]),
  children: [],
  alerts: [],
  depth: 0,
}));

const alerts = report.alerts.map((a, id) => ({
  id,
  time: a[0],
  rule: rules[a[1]],
  host: a[2],
  proc: a[3] < 0 ? null : procs[a[3]],
  target: a[4] < 0 ? null : procs[a[4]],
  message: a[5],
  fields: a[6],
  haystack: null,
}));
report.alerts = report.procs = report.rules = null;

function procName(p) {
  return p.name || p.path.split(/[\\/]/).pop() || "pid " + p.pid;
}

const roots = [];
const byStart = (a, b) => (a.start === null ? -Infinity : a.start) - (b.start === null ? -Infinity : b.start) || a.id - b.id;
for (const p of procs) (p.parent < 0 ? roots : procs[p.parent].children).push(p);
for (const p of procs) if (p.children.length > 1) p.children.sort(byStart);
roots.sort(byStart);
for (const a of alerts) if (a.proc) a.proc.alerts.push(a);
const homeless = alerts.filter((a) => !a.proc);

/* Each process before its children, without recursion: chains can be long. */
function walk(from, visit) {
  const stack = from.slice().reverse();
  while (stack.length) {
    const p = stack.pop();
    visit(p);
    for (let i = p.children.length - 1; i >= 0; i--) stack.push(p.children[i]);
  }
}
walk(roots, (p) => {
  p.depth = p.parent < 0 ? 0 : procs[p.parent].depth + 1;
});

const PRIORITIES = report.priorities;

function techniqueName(id) {
  const name = report.techniques[id] || id;
  const above = id.includes(".") && report.techniques[id.split(".")[0]];
  return above ? above + ": " + name : name;
}

/* All that a search looks at, once for each alert. */
function haystackOf(a) {
  if (a.haystack === null) {
    const p = a.proc;
    const parts = [a.rule.name, PRIORITIES[a.rule.priority], a.message, hosts[a.host] || "", a.rule.tags.join(" ")];
    for (const key in a.fields) if (a.fields[key] !== null) parts.push(key + "=" + a.fields[key]);
    if (p) parts.push(p.name, p.path, p.cmdline, p.user, String(p.pid), p.container);
    for (const t of a.rule.techniques) parts.push(techniqueName(t.id));
    a.haystack = parts.join("\n").toLowerCase();
  }
  return a.haystack;
}

const firstTime = report.first === null ? 0 : report.first;
const alertTimes = alerts.length ? [alerts[0].time, alerts[alerts.length - 1].time] : [firstTime, firstTime];
const manyDays =
  Math.floor((report.base * 1000 + alertTimes[0]) / 864e8) !== Math.floor((report.base * 1000 + alertTimes[1]) / 864e8);
const lastTime = report.last === null || report.last <= firstTime ? firstTime + 1e6 : report.last;
