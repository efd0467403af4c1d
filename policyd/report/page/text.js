/* Texts and elements. Whatever comes from events goes through put(): text nodes only, with characters that cannot be seen,
 * or that turn the reading direction, shown by name. */

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e01ef}]/gu;
const HIDDEN_IN_LINE = new RegExp("[\\t\\n]|" + HIDDEN.source, "gu");
const SHORT_NAMES = { "\t": "⇥", "\n": "↵", "\r": "CR", "\0": "NUL" };

function codeName(char) {
  return SHORT_NAMES[char] || "U+" + char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
}

/* el("div", { class: "row", onclick: f, "aria-label": "x" }, child, "text", ...) */
function el(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const key in props) {
    const value = props[key];
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (key === "hidden") made.hidden = true;
    else made.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) made.append(child);
  return made;
}

function svg(tag, props, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const key in props) if (props[key] !== undefined) made.setAttribute(key, props[key]);
  made.append(...children);
  return made;
}

function clear(node) {
  node.textContent = "";
  return node;
}

/* Text with what is hidden shown by name. */
function putPlain(parent, text, pattern) {
  let from = 0;
  pattern.lastIndex = 0;
  for (let hit = pattern.exec(text); hit; hit = pattern.exec(text)) {
    if (hit.index > from) parent.append(text.slice(from, hit.index));
    parent.append(
      el("span", { class: "code", title: "A character that cannot be seen: " + codeName(hit[0]) }, codeName(hit[0])),
    );
    from = hit.index + hit[0].length;
  }
  if (from < text.length) parent.append(text.slice(from));
}

/* Within a line: breaks and tabs are shown by name too. Words of the search are marked. */
function put(parent, text, options) {
  const pattern = options && options.block ? HIDDEN : HIDDEN_IN_LINE;
  const max = (options && options.max) || 2000;
  let shown = text.length > max ? text.slice(0, max) : text;
  if (options && options.block) shown = shown.replace(/\r\n/g, "\n");
  const words = options && options.marks;
  parent.dir = "ltr";
  if (!words || !words.length) {
    putPlain(parent, shown, pattern);
  } else {
    const lower = shown.toLowerCase();
    let from = 0;
    while (from < shown.length) {
      let at = -1,
        length = 0;
      for (const word of words) {
        const found = lower.indexOf(word, from);
        if (found >= 0 && (at < 0 || found < at)) {
          at = found;
          length = word.length;
        }
      }
      if (at < 0) break;
      putPlain(parent, shown.slice(from, at), pattern);
      const mark = el("mark");
      putPlain(mark, shown.slice(at, at + length), pattern);
      parent.append(mark);
      from = at + length;
    }
    putPlain(parent, shown.slice(from), pattern);
  }
  if (text.length > max) parent.append("…");
  return parent;
}

const BLOCK_MAX = 8000;

/* A block of code with a button to copy it; very long ones are cut until asked for. */
function codeBlock(text, label) {
  const pre = el("pre", { tabindex: "0", "aria-label": label });
  const box = el("div", { class: "block" }, pre, copyButton(text, label));
  put(pre, text, { block: true, max: BLOCK_MAX });
  if (text.length > BLOCK_MAX) {
    const more = el("button", { type: "button", class: "more" }, "Show all " + count(text.length) + " characters");
    more.addEventListener("click", () => {
      put(clear(pre), text, { block: true, max: text.length });
      more.remove();
    });
    box.append(more);
  }
  return box;
}

function copyButton(text, label) {
  const button = el("button", { type: "button", class: "copy", "aria-label": "Copy " + label, title: "Copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch (error) {
      button.textContent = "Not allowed";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  return button;
}

/* ---- numbers and times ---- */

const numbers = new Intl.NumberFormat("en");

function count(n) {
  return numbers.format(n);
}

function plural(n, one, many) {
  return count(n) + " " + (n === 1 ? one : many || one + "s");
}

const clock = { local: false };

function pad(n, width) {
  return String(n).padStart(width || 2, "0");
}

/* us: since the base of the report. */
function timeParts(us) {
  const ms = report.base + Math.floor(us / 1000);
  const d = new Date(ms);
  const micro = pad(Math.floor(((us % 1000) + 1000) % 1000), 3);
  return clock.local
    ? {
        date: d.getFullYear() + "-" + pad(d.getMonth() + 1) + "-" + pad(d.getDate()),
        time: pad(d.getHours()) + ":" + pad(d.getMinutes()) + ":" + pad(d.getSeconds()),
        ms: pad(d.getMilliseconds(), 3),
        micro,
      }
    : {
        date: d.getUTCFullYear() + "-" + pad(d.getUTCMonth() + 1) + "-" + pad(d.getUTCDate()),
        time: pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + ":" + pad(d.getUTCSeconds()),
        ms: pad(d.getUTCMilliseconds(), 3),
        micro,
      };
}

function timeShort(us) {
  const p = timeParts(us);
  return p.time + "." + p.ms;
}

/* For rows: with the day where days differ. */
function timeRow(us) {
  const p = timeParts(us);
  return manyDays ? p.date + " " + p.time : p.time + "." + p.ms;
}

function timeFull(us) {
  const p = timeParts(us);
  return p.date + " " + p.time + "." + p.ms + (p.micro === "000" ? "" : p.micro) + (clock.local ? " local" : " UTC");
}

function duration(us) {
  const s = us / 1e6;
  if (s < 0.001) return Math.round(us) + " µs";
  if (s < 1) return Math.round(s * 1000) + " ms";
  if (s < 60) return Math.round(s * 10) / 10 + " s";
  const parts = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  let left = Math.round(s);
  const out = [];
  for (const [size, name] of parts) {
    const n = Math.floor(left / size);
    if (n || out.length) out.push([n, name]);
    left -= n * size;
  }
  return out
    .slice(0, 2)
    .filter(([n]) => n)
    .map(([n, name]) => n + " " + name)
    .join(" ");
}

function say(text) {
  document.getElementById("said").textContent = text;
}
