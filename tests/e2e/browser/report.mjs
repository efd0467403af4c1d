/* The report in headless Chromium. REPORTS: folder with webshell.html, hostile.html, many.html, gaps.html; CHROMIUM: the
 * browser; PLAYWRIGHT: the URL of playwright-core. Argument: a folder for screenshots. Ends with "N passed, N failed". */
import assert from "node:assert/strict";
import path from "node:path";
import process from "node:process";

const { chromium } = await import(process.env.PLAYWRIGHT);

const folder = process.env.REPORTS;
const tests = [];
const test = (claim, run) => tests.push({ claim, run });
const WIDE = { width: 1440, height: 900 };
const TALL = { width: 1440, height: 2400 }; /* all rows of a small tree are in sight, and so exist */
const PHONE = { width: 390, height: 844 };

/* A page with the report; whatever goes wrong in it, or leaves it, fails the test. */
async function open(browser, name, options = {}) {
  const context = await browser.newContext({
    viewport: WIDE,
    colorScheme: "light",
    timezoneId: "America/New_York",
    ...options,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") page.wrong.push("console: " + m.text());
  });
  page.on("pageerror", (e) => page.wrong.push("error: " + e.stack));
  page.on("dialog", (d) => {
    page.wrong.push("dialog: " + d.message());
    d.dismiss();
  });
  page.on("request", (r) => {
    if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) page.wrong.push("request: " + r.url());
  });
  await page.goto("file://" + path.join(folder, name + ".html"));
  return page;
}

async function close(page) {
  assert.equal(await page.evaluate(() => window.hit), undefined, "a text of an event ran as a script");
  await page.context().close();
  assert.deepEqual(page.wrong, []);
}

const rows = (page) => page.locator("#tree .row");
const shown = (page) => page.locator(".tabs #tab-alerts .n").innerText();

const chip = (page, text) => page.locator("#chips .chip", { hasText: text });

async function openAlert(page, index) {
  await page.click("#tab-alerts");
  await page.locator("#rows .row").nth(index).click();
  return page.locator("#details");
}

test("opens with a summary, the tree, and the alerts hung on it", async (browser) => {
  const page = await open(browser, "webshell", { viewport: TALL });
  assert.match(await page.title(), /^\d+ alerts · .+ · Vitrine$/);
  assert.match(await page.locator(".overview").innerText(), /Critical/);
  const names = await page.locator("#tree .proc .pname").allInnerTexts();
  assert.ok(names.includes("w3wp.exe") && names.includes("powershell.exe"), names.join());
  assert.ok((await page.locator("#tree .row.alert", { hasText: "Windows Shell Spawned Inside Container" }).count()) >= 2);
  await close(page);
});

test("a process folds and unfolds, by the mouse and by keys", async (browser) => {
  const page = await open(browser, "webshell", { viewport: TALL });
  const before = await rows(page).count();
  await page
    .locator("#tree .row", { has: page.locator(".twist.open") })
    .first()
    .locator(".twist")
    .click();
  const folded = await rows(page).count();
  assert.ok(folded < before, folded + " of " + before);
  assert.ok((await page.locator("#tree .counts").count()) > 0, "what is folded away is counted");
  await page.locator("#tree").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.equal(await rows(page).count(), before);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator("#tree .row").first().getAttribute("aria-expanded"), "false");
  await close(page);
});

test("details of an alert have its process, its fields and its rule", async (browser) => {
  const page = await open(browser, "webshell");
  const details = await openAlert(page, 0);
  const text = await details.innerText();
  for (const part of ["Process", "Fields", "Rule", "proc.name", "Condition"]) assert.ok(text.includes(part), part);
  await page.keyboard.press("Escape");
  assert.equal(await details.isVisible(), false);
  await close(page);
});

test("filters narrow all views, and come off again", async (browser) => {
  const page = await open(browser, "many");
  const all = await shown(page);
  await page.locator(".tile", { hasText: "Critical" }).click();
  const critical = await shown(page);
  assert.ok(Number(critical.replace(",", "")) < Number(all.replace(",", "")));
  await page.fill("#query", '"net user a7" -a771');
  await chip(page, "Search").waitFor();
  const found = Number(await shown(page));
  assert.ok(found > 0 && found < Number(critical.replace(",", "")), String(found));
  await page.click("#tab-alerts");
  assert.ok((await page.locator("#rows .row .c-what").first().innerText()).includes("net user a7"));
  assert.ok((await page.locator("#rows mark").count()) > 0);
  await page.click("#tab-matrix");
  assert.equal(await page.locator(".cell b").first().innerText(), String(found));
  await page.click("text=Clear all");
  assert.equal(await shown(page), all);
  await close(page);
});

test("a technique and a rule filter by a click", async (browser) => {
  const page = await open(browser, "webshell");
  await page.click("#tab-matrix");
  await page.locator(".cell:not(.only-below)").first().click();
  assert.match(await page.locator("#chips").innerText(), /Technique/);
  await page.locator("#chips .chip").first().click();
  await page.click("#tab-rules");
  await page.locator(".pane-rules .link").first().click();
  await page.locator("#details >> text=Only this rule").click();
  assert.match(await page.locator("#chips").innerText(), /Rule/);
  await close(page);
});

test("a drag over the timeline chooses a time, keys move it, zoom shows it", async (browser) => {
  const page = await open(browser, "many");
  const box = await page.locator(".chart").boundingBox();
  await page.mouse.move(box.x + 200, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 50, { steps: 4 });
  await page.mouse.up();
  const chosen = await page.locator(".range").innerText();
  assert.match(chosen, /^\d\d:\d\d:\d\d\.\d+ – /);
  assert.match(await page.locator("#chips").innerText(), /Time/);
  await page.locator(".chart").focus();
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await page.locator(".range").innerText(), chosen);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".range").innerText(), "");
  await close(page);
});

test("columns sort", async (browser) => {
  const page = await open(browser, "many");
  await page.click("#tab-alerts");
  await page.locator(".thead .c-priority button").click();
  assert.equal(await page.locator(".thead .c-priority").getAttribute("aria-sort"), "ascending");
  assert.match(await page.locator("#rows .row").first().innerText(), /Critical/);
  await page.locator(".thead .c-priority button").click();
  assert.match(await page.locator("#rows .row").first().innerText(), /Notice/);
  await close(page);
});

test("hostile texts stay text, and what is hidden is shown by name", async (browser) => {
  const page = await open(browser, "hostile", { viewport: TALL });
  assert.equal(await page.locator("script").count(), 1, "the data was taken out, the script is the only one");
  assert.equal(await page.locator("main img, main iframe, main b b").count(), 0);
  const lines = await page.locator("#tree .cmd").allInnerTexts();
  for (const part of [
    "</script><script>window.hit=1</script>",
    "<!-- <script>",
    "onerror=window.hit=3",
    "U+202E",
    "U+2066",
    "U+2028",
    "U+200B",
    "U+E0041",
    "NUL",
    "U+001B",
  ]) {
    assert.ok(
      lines.some((line) => line.includes(part)),
      part + " in " + lines.join("\n"),
    );
  }
  await page.click("#tab-alerts");
  await page.click("#tab-rules");
  await page.locator(".pane-rules .link").first().click();
  assert.equal(await page.locator("#details b", { hasText: "Not bold" }).count(), 0);
  await close(page);
});

test("base64 is decoded, layer by layer, and nothing of it runs", async (browser) => {
  const page = await open(browser, "hostile");
  await page.fill("#query", '"-nop -enc"');
  await chip(page, "nop -enc").waitFor();
  await page.locator("#tree .row.hit").first().click();
  await page.locator(".decoded").nth(1).waitFor();
  const decoded = await page.locator(".decoded").allInnerTexts();
  assert.ok(decoded[0].includes("UTF-16") && decoded[0].includes("decoded <script>alert(2)</script>"), decoded[0]);
  assert.ok(decoded[1].includes("gzip") && decoded[1].includes("DownloadString('http://203.0.113.9/a')"), decoded[1]);
  await close(page);
});

test("a command line of a megabyte is cut for the eye and not in the way", async (browser) => {
  const page = await open(browser, "hostile");
  await page.fill("#query", '"net.exe user aaaa"');
  await chip(page, "net.exe").waitFor();
  const details = await openAlert(page, 0);
  assert.match(await details.innerText(), /Show all [\d,]+ characters/);
  await close(page);
});

test("gaps are told in the verdict, in the ledger and on the timeline", async (browser) => {
  const page = await open(browser, "gaps");
  assert.match(await page.locator(".overview .verdict").innerText(), /Evidence is missing[^]*1,009 records lost/);
  await page.locator(".overview .verdict").click();
  const ledger = await page.locator(".pane-ledger").innerText();
  for (const part of ["997", "a hole in the stream's numbers", "the consumer was too slow", "Not decodable"])
    assert.ok(ledger.includes(part), part);
  assert.ok((await page.locator(".chart .gap").count()) >= 1);
  await close(page);
});

test("light and dark follow the system, until the switch says otherwise", async (browser) => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await open(browser, "webshell", { colorScheme: "dark" });
  const light = await open(browser, "webshell");
  assert.notEqual(await background(dark), await background(light));
  const before = await background(light);
  await light.click("#theme");
  assert.equal(await background(light), await background(dark));
  await light.keyboard.press("t");
  assert.equal(await background(light), before);
  await close(dark);
  await close(light);
});

test("times are UTC, and local when asked for", async (browser) => {
  const page = await open(browser, "hostile");
  const first = () => page.locator("#tree .proc .when").nth(1).innerText();
  assert.match(await first(), /^22:13:2\d/);
  await page.keyboard.press("u");
  assert.match(await first(), /^17:13:2\d/);
  await close(page);
});

test("all can be reached by keys alone", async (browser) => {
  const page = await open(browser, "webshell");
  for (const [key, id] of [
    ["2", "alerts"],
    ["3", "matrix"],
    ["4", "rules"],
    ["5", "ledger"],
    ["1", "tree"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await page.locator("#tab-" + id).getAttribute("aria-selected"), "true");
  }
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "query");
  await page.keyboard.press("Escape");
  await page.locator("#tree").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#details").isVisible(), true);
  const active = await page.locator("#tree").getAttribute("aria-activedescendant");
  assert.equal(await page.locator("#" + active).getAttribute("role"), "treeitem");
  await page.keyboard.press("?");
  assert.equal(await page.locator("#keys").isVisible(), true);
  await page.keyboard.press("Escape");
  await close(page);
});

test("colours of texts have the contrast that WCAG AA wants", async (browser) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(browser, "webshell", { colorScheme });
    await openAlert(page, 0);
    const low = await page.evaluate(lowContrast);
    assert.deepEqual(low, [], colorScheme);
    for (const tab of ["matrix", "rules", "ledger", "tree"]) {
      await page.click("#tab-" + tab);
      assert.deepEqual(await page.evaluate(lowContrast), [], colorScheme + " " + tab);
    }
    await close(page);
  }
});

test("fits a phone: nothing is wider than it, details lie over it", async (browser) => {
  const page = await open(browser, "webshell", { viewport: PHONE, isMobile: true, hasTouch: true });
  for (const tab of ["tree", "alerts", "matrix", "rules", "ledger"]) {
    await page.locator("#tab-" + tab).tap();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width, tab);
  }
  await page.locator("#tab-alerts").tap();
  await page.locator("#rows .row").first().tap();
  const box = await page.locator("#details").boundingBox();
  assert.equal(box.width, PHONE.width);
  await page.locator("#details .close").tap();
  await close(page);
});

test("many alerts: rows exist in sight only, the end is reached, and opening and scrolling are timed", async (browser) => {
  const began = performance.now();
  const page = await open(browser, "many");
  const opened = performance.now() - began;
  const all = Number((await shown(page)).replace(",", ""));
  assert.ok(all >= Number(process.env.ALERTS), String(all));
  assert.ok((await rows(page).count()) < 120);
  await page.click("#tab-alerts");
  const frames = await page.evaluate(scrollThrough);
  const searched = await page.evaluate(async () => {
    const from = performance.now();
    const query = document.getElementById("query");
    query.value = "net user a99";
    query.dispatchEvent(new Event("input"));
    while (!document.getElementById("chips").textContent.includes("net user a99")) await new Promise(requestAnimationFrame);
    return performance.now() - from;
  });
  await page.click("text=Clear all");
  await page.locator("#rows").focus();
  await page.keyboard.press("End");
  const last = Number(await page.locator("#rows .row.active").getAttribute("aria-rowindex"));
  assert.equal(last, all + 1);
  console.log(
    "    %d alerts: opened in %d ms; scrolled 200 screens: median %d ms, worst %d ms a frame; searched in %d ms",
    all,
    Math.round(opened),
    frames.median,
    frames.worst,
    Math.round(searched),
  );
  await close(page);
});

/* ---- run in the page ---- */

async function scrollThrough() {
  const times = [],
    step = innerHeight * 0.9;
  for (let i = 0, last = performance.now(); i < 200; i++) {
    scrollBy(0, step);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  return { median: Math.round(times[100]), worst: Math.round(times[199]) };
}

/* Texts in sight whose contrast with what lies below them is under 4.5 (3 for large ones). */
function lowContrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = (c) => {
    const [r, g, b] = c.map((v) => {
      const s = v / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement,
      style = getComputedStyle(element);
    if (
      !node.data.trim() ||
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
      element.closest("svg, script, style, noscript, .said, .skip, :disabled, .only-below") ||
      style.opacity < 0.9
    )
      continue;
    const below = ground(element),
      a = light(over(rgba(style.color), below)),
      b = light(below);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 18.6 ? 3 : 4.5))
      low.push(node.data.trim().slice(0, 30) + " " + element.className + " " + contrast.toFixed(2));
  }
  return [...new Set(low)].slice(0, 8);
}

/* ---- screenshots, to be looked at ---- */

async function screenshots(browser, into) {
  const shot = async (name, report, options, prepare) => {
    const page = await open(browser, report, options);
    if (prepare) await prepare(page);
    await page.waitForTimeout(200);
    await page.screenshot({ path: path.join(into, name + ".png") });
    await page.context().close();
  };
  const phone = { viewport: PHONE, isMobile: true, hasTouch: true };
  const alert = async (page) => {
    await page.evaluate(() => document.getElementById("stick").scrollIntoView());
    await page.locator("#tree .row.alert").first().click();
  };
  await shot("wide-light", "webshell", {}, alert);
  await shot("wide-dark", "webshell", { colorScheme: "dark" }, alert);
  await shot("phone-light", "webshell", phone);
  await shot("phone-dark", "webshell", { ...phone, colorScheme: "dark" }, alert);
  await shot("matrix", "webshell", {}, (page) => page.click("#tab-matrix"));
  await shot("ledger", "gaps", {}, (page) => page.click("#tab-ledger"));
  await shot("many", "many", {}, (page) => page.click("#tab-alerts"));
  await shot("hostile", "hostile", { viewport: TALL });
  await shot("summary", "webshell", {});
  await shot("summary-dark", "webshell", { colorScheme: "dark" });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
let failed = 0;
for (const { claim, run } of tests) {
  try {
    await run(browser);
    console.log("ok      " + claim);
  } catch (error) {
    failed++;
    console.log("FAILED  " + claim + "\n" + error.stack);
  }
}
if (process.argv[2]) await screenshots(browser, process.argv[2]);
await browser.close();
console.log("%d passed, %d failed", tests.length - failed, failed);
process.exit(failed ? 1 : 0);
