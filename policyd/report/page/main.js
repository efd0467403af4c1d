/* Tabs, keys, theme, and the start. */

const tabs = { now: null, current: null };
const VIEWS = [
  {
    id: "tree",
    name: "Processes",
    n: () => procs.length,
    build: buildTree,
    refresh: () => {
      countTree();
      refreshTree();
    },
  },
  { id: "alerts", name: "Alerts", n: () => shown.alerts.length, build: buildAlerts, refresh: refreshAlerts },
  {
    id: "matrix",
    name: "ATT&CK",
    n: () => new Set(shown.alerts.flatMap((a) => a.rule.techniques.map((t) => t.id))).size,
    refresh: refreshMatrix,
  },
  { id: "rules", name: "Rules", n: () => new Set(shown.alerts.map((a) => a.rule)).size, refresh: refreshRules },
  { id: "ledger", name: "Ledger", build: buildLedger },
];

function buildTabs() {
  for (const view of VIEWS) {
    view.number = el("span", { class: "n" });
    view.tab = el(
      "button",
      {
        type: "button",
        role: "tab",
        id: "tab-" + view.id,
        "aria-controls": "pane-" + view.id,
        "aria-selected": "false",
        tabindex: "-1",
        onclick: () => showTab(view.id),
      },
      view.name,
      view.n ? view.number : null,
    );
    view.pane = el("div", {
      role: "tabpanel",
      id: "pane-" + view.id,
      "aria-labelledby": "tab-" + view.id,
      class: "pane pane-" + view.id,
      hidden: true,
    });
    document.getElementById("tabs").append(view.tab);
    document.getElementById("panes").append(view.pane);
    if (view.build) view.build(view.pane);
    view.stale = true;
  }
  document.getElementById("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = VIEWS.findIndex((v) => v.id === tabs.now);
    event.preventDefault();
    showTab(VIEWS[(at + step + VIEWS.length) % VIEWS.length].id);
    tabs.current.focus();
  });
}

/* A view is drawn when it is looked at. */
function refreshView(view) {
  if (!view.stale || !view.refresh) return;
  view.stale = false;
  view.refresh(view.pane);
}

function showTab(id) {
  const changed = tabs.now !== id;
  for (const view of VIEWS) {
    const on = view.id === id;
    view.tab.setAttribute("aria-selected", String(on));
    view.tab.tabIndex = on ? 0 : -1;
    view.pane.hidden = !on;
    if (on) {
      tabs.now = id;
      tabs.current = view.tab;
      refreshView(view);
    }
  }
  if (!changed) return;
  /* The views begin below what sticks; a shorter one must not leave the window behind its end. */
  const stick = document.getElementById("stick").getBoundingClientRect(),
    views = document.getElementById("views").getBoundingClientRect();
  if (views.top < stick.bottom) scrollBy(0, views.top - stick.bottom);
  dispatchEvent(new Event("resize"));
}

function markStale() {
  for (const view of VIEWS) {
    view.stale = true;
    if (view.n) view.number.textContent = count(view.n());
    if (view.id === tabs.now) refreshView(view);
  }
}
listeners.push(markStale);

/* How far down the window what sticks above reaches: heads of tables and details begin there. */
function measureStuck() {
  const stick = document.getElementById("stick"),
    top = parseFloat(getComputedStyle(stick).top) || 0;
  document.documentElement.style.setProperty("--stuck", top + stick.offsetHeight + "px");
}
listeners.push(measureStuck);
addEventListener("resize", measureStuck);

/* ---- theme and clock ---- */

function remember(key, value) {
  try {
    localStorage.setItem("vitrine-" + key, value);
  } catch (error) {
    /* a file may have no storage */
  }
}

function recall(key) {
  try {
    return localStorage.getItem("vitrine-" + key);
  } catch (error) {
    return null;
  }
}

const systemDark = matchMedia("(prefers-color-scheme: dark)");

/* The system's wish, until the switch says otherwise. */
function drawTheme() {
  const theme = recall("theme") || (systemDark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme;
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  remember("theme", dark ? "light" : "dark");
  drawTheme();
  document.documentElement.dataset.theme = dark ? "light" : "dark"; /* also where nothing can be remembered */
}

function switchClock() {
  clock.local = !clock.local;
  const button = document.getElementById("clock");
  button.textContent = clock.local ? "Local" : "UTC";
  button.setAttribute("aria-pressed", String(clock.local));
  buildLedger(VIEWS.find((v) => v.id === "ledger").pane);
  applyFilter({});
  if (details.shown && details.shown.rule) showAlert(details.shown);
  else if (details.shown && details.shown.children) showProc(details.shown);
}

/* ---- keys ---- */

const KEYS = [
  ["/", 'search: words, "two words", -not'],
  ["1 – 5", "processes, alerts, ATT&CK, rules, ledger"],
  ["↑ ↓ j k", "row by row; with details open they follow"],
  ["← →", "fold and unfold"],
  ["Enter", "details"],
  ["*", "unfold all of the tree"],
  ["Esc", "close details, then take filters off"],
  ["t", "light or dark"],
  ["u", "UTC or local time"],
  ["?", "this list"],
];

function showKeys() {
  const dialog = clear(document.getElementById("keys"));
  const list = el("dl", { class: "pairs" });
  for (const [key, what] of KEYS) list.append(el("dt", null, el("kbd", null, key)), el("dd", null, what));
  dialog.append(
    el("h2", { id: "keys-title" }, "Keys"),
    list,
    el(
      "p",
      { class: "how" },
      "Drag over the timeline to choose a time; Ctrl and wheel zoom. Characters that cannot be seen are shown by name. This file asks no network for anything.",
    ),
    el("button", { type: "button", onclick: () => dialog.close() }, "Close"),
  );
  dialog.showModal();
}

const SHORTCUTS = {
  "/": () => {
    const q = document.getElementById("query");
    q.focus();
    q.select();
  },
  "?": showKeys,
  t: switchTheme,
  u: switchClock,
  1: () => showTab("tree"),
  2: () => showTab("alerts"),
  3: () => showTab("matrix"),
  4: () => showTab("rules"),
  5: () => showTab("ledger"),
};

function onKey(event) {
  const typing = event.target.matches && event.target.matches("input, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys").open) return;
  if (event.key === "Escape") {
    if (!document.getElementById("details").hidden) closeDetails();
    else if (isFiltered()) clearFilter();
    if (typing) event.target.blur();
  } else if (!typing && Object.hasOwn(SHORTCUTS, event.key)) {
    event.preventDefault();
    SHORTCUTS[event.key]();
  }
}

function start() {
  const query = document.getElementById("query");
  let waiting = 0;
  drawTheme();
  systemDark.addEventListener("change", drawTheme);
  buildTimeline();
  buildTabs();
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => applyFilter({ query: query.value }), alerts.length > 2000 ? 180 : 60);
  });
  document.getElementById("theme").addEventListener("click", switchTheme);
  document.getElementById("clock").addEventListener("click", switchClock);
  document.getElementById("help").addEventListener("click", showKeys);
  addEventListener("keydown", onKey);
  document.title = (alerts.length ? plural(report.alerts_seen, "alert") : "No alerts") + " · " + hostText() + " · Vitrine";
  document.getElementById("footer").textContent =
    "Made by policyd " +
    report.version +
    (report.made ? " on " + report.made.replace("T", " ").replace(/\..*/, " UTC") : "") +
    " · one file, no network · ATT&CK is a registered trademark of The MITRE Corporation";
  for (const listen of listeners) listen();
  const wanted = VIEWS.find((v) => "#" + v.id === location.hash);
  showTab(wanted ? wanted.id : procs.length ? "tree" : "alerts");
}
start();
