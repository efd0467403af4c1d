/* One alert, process or rule in full, beside the views; on a narrow screen over them. */

const details = { shown: null };

function openDetails(title, kind, draw) {
  const box = document.getElementById("details");
  const narrow = matchMedia("(max-width: 1099px)").matches;
  clear(box);
  box.hidden = false;
  document.body.classList.add("has-details");
  const heading = el("h2", { id: "details-title" });
  put(heading, title, { max: 200 });
  box.append(
    el(
      "div",
      { class: "details-head" },
      el("span", { class: "kind" }, kind),
      heading,
      el(
        "button",
        { type: "button", class: "quiet icon close", "aria-label": "Close details", onclick: () => closeDetails() },
        "×",
      ),
    ),
  );
  const body = el("div", { class: "details-body" });
  box.append(body);
  draw(body);
  box.scrollTop = 0;
  box.setAttribute("aria-labelledby", "details-title");
  if (narrow) box.focus({ preventScroll: true });
}

function closeDetails() {
  const box = document.getElementById("details");
  if (box.hidden) return;
  const inside = box.contains(document.activeElement);
  box.hidden = true;
  details.shown = null;
  document.body.classList.remove("has-details");
  dispatchEvent(new Event("resize"));
  if (inside && tabs.current) tabs.current.focus();
}

function pairs(body) {
  const list = el("dl", { class: "pairs" });
  body.append(list);
  return (name, value, link) => {
    if (value === null || value === undefined || value === "") return;
    const dd = el("dd");
    if (value instanceof Node) dd.append(value);
    else if (link)
      dd.append(put(el("button", { type: "button", class: "link", onclick: link }), String(value), { marks: shown.marks }));
    else put(dd, String(value), { max: 4000, marks: shown.marks });
    list.append(el("dt", null, name), dd);
  };
}

function section(body, title) {
  const made = el("section", null, el("h3", null, title));
  body.append(made);
  return made;
}

/* What base64 in these texts hides; comes a moment later. */
function decodedSection(body, texts) {
  const place = el("div");
  body.append(place);
  const seen = new Set(),
    kept = details.shown;
  (async () => {
    for (const source of texts) {
      for (const part of await decodeText(source)) {
        if (details.shown !== kept) return;
        if (seen.has(part.text || part.how)) continue;
        seen.add(part.text || part.how);
        const made = section(place, part.layer > 1 ? "Decoded, layer " + part.layer : "Decoded");
        made.classList.add("decoded");
        made.append(el("p", { class: "how" }, part.how));
        if (part.text) made.append(codeBlock(part.text, "decoded text"));
      }
    }
  })();
}

function techniqueLinks(rule) {
  const box = el("span", { class: "techs" });
  for (const t of rule.techniques) {
    box.append(
      el(
        "button",
        { type: "button", class: "tech", title: techniqueName(t.id), onclick: () => applyFilter({ technique: t.id }) },
        t.id + " " + techniqueName(t.id),
      ),
    );
  }
  return box;
}

/* ---- process ---- */

function ancestry(p) {
  const chain = [];
  for (let at = p; at && chain.length < 64; at = at.parent < 0 ? null : procs[at.parent]) chain.unshift(at);
  const box = el("p", { class: "chain" });
  chain.forEach((at, i) => {
    if (i) box.append(el("span", { class: "sep", "aria-hidden": "true" }, "›"));
    box.append(
      at === p
        ? put(el("b"), procName(at))
        : put(el("button", { type: "button", class: "link", onclick: () => showProc(at) }), procName(at)),
    );
  });
  return box;
}

function alertEntries(body, list) {
  const box = el("ul", { class: "entries" });
  for (const a of list.slice(0, 200)) {
    box.append(
      el(
        "li",
        null,
        el(
          "button",
          { type: "button", onclick: () => showAlert(a) },
          el("span", { class: "when" }, timeRow(a.time)),
          el("i", { class: "dot p" + a.rule.priority, title: PRIORITIES[a.rule.priority] }),
          put(el("span", { class: "what" }), a.rule.name, { max: 160 }),
        ),
      ),
    );
  }
  body.append(box);
  if (list.length > 200)
    body.append(el("p", { class: "how" }, "The first 200 of " + count(list.length) + "; filter to see the others."));
}

function exitText(p) {
  if (p.exit === null) return "";
  const hex = "0x" + p.exit.toString(16).toUpperCase().padStart(8, "0");
  return p.exit < 256 ? String(p.exit) : hex;
}

function procFacts(body, p) {
  const pair = pairs(body);
  pair("Path", p.path);
  pair("Process id", String(p.pid));
  pair("Parent id", p.ppid === null ? "" : String(p.ppid));
  pair("User", p.user || p.sid);
  pair("SID", p.user ? p.sid : "");
  pair("Integrity", p.integrity);
  pair("Session", p.session === null ? "" : String(p.session));
  pair("Started", p.start === null ? "before the recording, or not seen" : timeFull(p.start));
  pair("Ended", p.end === null ? "" : timeFull(p.end) + (p.start === null ? "" : ", after " + duration(p.end - p.start)));
  pair("Exit code", exitText(p));
  pair("Folder", p.cwd);
  pair("Container", p.container && (p.containerName ? p.containerName + " (" + p.container + ")" : p.container));
  pair("Image", p.image);
  pair("Host", hosts[p.host]);
  pair("Sysmon GUID", p.guid);
}

function showProc(p) {
  details.shown = p;
  openDetails(procName(p), "Process", (body) => {
    body.append(ancestry(p));
    body.append(
      el(
        "div",
        { class: "actions" },
        el(
          "button",
          {
            type: "button",
            onclick: () => {
              applyFilter({ proc: p });
            },
          },
          "Only this and what it started",
        ),
        el("button", { type: "button", onclick: () => revealProc(p) }, "Show in tree"),
      ),
    );
    if (p.cmdline) section(body, "Command line").append(codeBlock(p.cmdline, "command line"));
    decodedSection(body, [p.cmdline]);
    if (p.alerts.length) alertEntries(section(body, plural(p.alerts.length, "alert")), p.alerts);
    procFacts(section(body, "Facts"), p);
    if (p.children.length) {
      const started = section(body, "Started " + plural(p.children.length, "process", "processes"));
      const list = el("ul", { class: "entries" });
      for (const child of p.children.slice(0, 100)) {
        list.append(
          el(
            "li",
            null,
            el(
              "button",
              { type: "button", onclick: () => showProc(child) },
              el("span", { class: "when" }, child.start === null ? "" : timeShort(child.start)),
              put(el("span", { class: "what" }), procName(child) + " " + child.pid),
            ),
          ),
        );
      }
      started.append(list);
    }
  });
}

/* ---- alert ---- */

function ruleSection(body, rule) {
  const made = section(body, "Rule");
  if (rule.desc) made.append(put(el("p"), rule.desc, { max: 2000 }));
  if (rule.techniques.length) made.append(techniqueLinks(rule));
  if (rule.tags.length) made.append(put(el("p", { class: "tags" }), rule.tags.join("  "), { max: 1000 }));
  if (rule.condition)
    made.append(el("details", null, el("summary", null, "Condition"), codeBlock(rule.condition, "condition")));
}

function fieldsSection(body, a) {
  const pair = pairs(section(body, "Fields"));
  const texts = [];
  for (const key of Object.keys(a.fields)) {
    const value = a.fields[key];
    if (value === null || key === "evt.time") continue;
    const string = Array.isArray(value) ? value.join(", ") : String(value);
    texts.push(string);
    pair(key, string.length > 160 || string.includes("\n") ? codeBlock(string, key) : string);
  }
  return texts;
}

/* The rule's output; its first lines until a click. */
function messageText(a) {
  const made = put(el("p", { class: "message short", title: "Click to see all of it" }), a.message, { max: 3000, marks: shown.marks });
  made.addEventListener("click", () => made.classList.remove("short"));
  return made;
}

function showAlert(a) {
  details.shown = a;
  openDetails(a.rule.name, "Alert", (body) => {
    const at = shown.alerts.indexOf(a);
    const step = (to) => () => {
      showAlert(shown.alerts[to]);
      if (tabs.now === "alerts") revealAlert(shown.alerts[to]);
    };
    body.append(
      el(
        "p",
        { class: "line" },
        badge(a.rule.priority),
        el("time", null, timeFull(a.time)),
        put(el("span"), hosts[a.host] || ""),
      ),
    );
    body.append(
      el(
        "div",
        { class: "actions" },
        el("button", { type: "button", disabled: at <= 0, onclick: step(at - 1) }, "Previous"),
        el("button", { type: "button", disabled: at < 0 || at + 1 >= shown.alerts.length, onclick: step(at + 1) }, "Next"),
        el("button", { type: "button", onclick: () => applyFilter({ rule: a.rule }) }, "Only this rule"),
        a.proc && el("button", { type: "button", onclick: () => revealProc(a.proc) }, "Show in tree"),
      ),
    );
    body.append(messageText(a));
    const decoded = el("div");
    body.append(decoded);
    if (a.proc) {
      const made = section(body, "Process");
      made.append(
        ancestry(a.proc),
        el("button", { type: "button", class: "link", onclick: () => showProc(a.proc) }, "All about this process"),
      );
      if (a.proc.cmdline) made.append(codeBlock(a.proc.cmdline, "command line"));
    }
    if (a.target) {
      section(body, "Acted on").append(
        put(
          el("button", { type: "button", class: "link", onclick: () => showProc(a.target) }),
          procName(a.target) + " (" + a.target.pid + ")",
        ),
      );
    }
    const texts = fieldsSection(body, a);
    decodedSection(decoded, a.proc ? [a.proc.cmdline, ...texts] : texts);
    ruleSection(body, a.rule);
  });
}

function showRule(rule) {
  details.shown = rule;
  openDetails(rule.name, "Rule", (body) => {
    const mine = alerts.filter((a) => a.rule === rule);
    body.append(el("p", { class: "line" }, badge(rule.priority), plural(rule.seen, "alert")));
    body.append(
      el("div", { class: "actions" }, el("button", { type: "button", onclick: () => applyFilter({ rule }) }, "Only this rule")),
    );
    ruleSection(body, rule);
    if (mine.length) alertEntries(section(body, "Alerts"), mine);
  });
}

function showGroup(p, rule, list) {
  if (list.length === 1) {
    showAlert(list[0]);
    return;
  }
  details.shown = list;
  openDetails(rule.name, plural(list.length, "alert"), (body) => {
    body.append(
      el("p", { class: "line" }, badge(rule.priority), p ? put(el("span"), procName(p) + " (" + p.pid + ")") : "no process"),
    );
    alertEntries(section(body, "Alerts"), list);
    ruleSection(body, rule);
  });
}
