/* What became of every record: nothing is missing in silence. */

const REASONS = {
  etw_events: "no free buffer in ETW when the event was written",
  etw_buffers: "whole buffers of ETW",
  realtime_buffers: "the consumer was too slow",
  collector_queue: "the collector's queue was full",
  not_connected: "nobody read the stream",
  sequence_gap: "a hole in the stream's numbers",
  damage: "an unreadable part of the recording",
  shed: "given up under overload",
  unknown: "reason not known",
};

function ledgerTable(title, heads, rows) {
  const table = el(
    "table",
    { class: "plain" },
    el("thead", null, el("tr", null, ...heads.map(([name, cls]) => el("th", { scope: "col", class: cls }, name)))),
  );
  const body = el("tbody");
  for (const row of rows)
    body.append(
      el(
        "tr",
        null,
        ...row.map((value, i) =>
          value instanceof Node
            ? el("td", { class: heads[i][1] }, value)
            : put(el("td", { class: heads[i][1] }), String(value), { max: 300 }),
        ),
      ),
    );
  table.append(body);
  return el("section", { class: "card" }, el("h2", null, title), el("div", { class: "scroll" }, table));
}

function ledgerSum(l) {
  const parts = [
    ["judged by the rules", l.evaluated, "good"],
    ["used to know the system", l.state_only, "good"],
    ["joined into another's event", l.joined, "good"],
    ["given up under overload", l.shed, "bad"],
    ["not decodable", l.undecodable, "warn"],
    ["lost", l.lost, "bad"],
  ];
  const bar = el("div", { class: "sum-bar", role: "img", "aria-label": "Shares of the records" });
  const list = el("dl", { class: "sum" }, el("dt", null, "Records in"), el("dd", null, count(l.in)));
  for (const [name, n, level] of parts) {
    if (!n && level !== "good") continue;
    const piece = el("span", { class: level });
    piece.style.flexGrow = String(n);
    if (n) bar.append(piece);
    list.append(el("dt", { class: level }, name), el("dd", null, count(n)));
  }
  return [bar, list];
}

function gapRows() {
  return report.gaps.map(([time, events, buffers, reason, session]) => [
    time === null ? "" : timeFull(time),
    count(events),
    buffers ? count(buffers) : "",
    REASONS[text(reason)] || text(reason),
    text(session),
  ]);
}

function buildLedger(pane) {
  const l = report.ledger,
    v = verdict();
  clear(pane).append(el("div", { class: "verdict " + v.level }, el("b", null, v.title), el("span", null, v.text)));
  for (const told of leftOut()) pane.append(put(el("p", { class: "notice" }), told));
  if (l) {
    const card = el(
      "section",
      { class: "card" },
      el("h2", null, l.balances ? "Every record" : "Every record (does not balance)"),
      ...ledgerSum(l),
    );
    pane.append(card);
    if (l.lost_by.length) {
      pane.append(
        ledgerTable(
          "Lost, by reason",
          [["Reason"], ["Session"], ["Records", "num"], ["Buffers", "num"]],
          l.lost_by.map((row) => [
            REASONS[row.reason] || row.reason,
            row.session,
            count(row.events),
            row.buffers ? count(row.buffers) : "",
          ]),
        ),
      );
    }
  }
  if (report.gaps.length)
    pane.append(
      ledgerTable("Gaps, by time", [["Before"], ["Records", "num"], ["Buffers", "num"], ["Reason"], ["Session"]], gapRows()),
    );
  if (l && l.undecodable_by.length) {
    pane.append(
      ledgerTable(
        "Not decodable, by kind",
        [["Records", "num"], ["Provider"], ["Event"], ["Version", "num"], ["Why"]],
        l.undecodable_by.map((row) => [
          count(row.count),
          row.name || row.provider,
          row.id === undefined ? "opcode " + row.opcode : "id " + row.id,
          String(row.version),
          row.why,
        ]),
      ),
    );
  }
  if (l && l.before + l.repeated) {
    pane.append(
      el(
        "p",
        { class: "how" },
        count(l.before) + " records went to a policyd before this one; " + count(l.repeated) + " came twice and were left out.",
      ),
    );
  }
  const kinds = Object.entries(report.kinds).sort((a, b) => b[1] - a[1]);
  if (kinds.length)
    pane.append(
      ledgerTable(
        "Events judged, by type",
        [["Type"], ["Events", "num"]],
        kinds.map(([name, n]) => [name, count(n)]),
      ),
    );
}
