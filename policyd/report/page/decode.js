/* Base64 inside command lines and scripts, taken off layer by layer: UTF-16 as PowerShell's -EncodedCommand has it, UTF-8, and
 * what gzip or deflate packed. All of it stays text; nothing is run. */

const DECODE_LAYERS = 4,
  DECODE_PARTS = 16,
  DECODE_BYTES = 1 << 20;
const ENCODED_OPTION = /[-\/]e(?:nc?|c|nc[a-z]*)?\s+["']?([A-Za-z0-9+\/]{8,}={0,2})/gi;
const ENCODED_RUN = /[A-Za-z0-9+\/]{24,}={0,2}/g;

function base64Bytes(text) {
  const whole = text.replace(/=+$/, "");
  if (whole.length % 4 === 1) return null;
  try {
    return Uint8Array.from(atob(whole), (c) => c.charCodeAt(0));
  } catch (error) {
    return null;
  }
}

/* Share of characters that people write. */
function readable(text) {
  let good = 0;
  const n = Math.min(text.length, 4096);
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 9 || c === 10 || c === 13 || (c >= 32 && c < 127)) good++;
    else if (c >= 0xa0 && c !== 0xfffd && c < 0x2000) good += 0.8;
  }
  return n ? good / n : 0;
}

function asText(bytes) {
  if (bytes.length >= 4 && bytes.length % 2 === 0) {
    let zeros = 0;
    for (let i = 1; i < bytes.length; i += 2) zeros += bytes[i] === 0;
    if (zeros / (bytes.length / 2) > 0.7) {
      const wide = new TextDecoder("utf-16le").decode(bytes);
      if (readable(wide) > 0.9) return { text: wide, how: "UTF-16" };
    }
  }
  try {
    const narrow = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (readable(narrow) > 0.95) return { text: narrow, how: "UTF-8" };
  } catch (error) {
    return null;
  }
  return null;
}

async function inflate(bytes, format) {
  if (typeof DecompressionStream === "undefined") return null;
  const parts = [];
  let size = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (let step = await reader.read(); !step.done && size < DECODE_BYTES; step = await reader.read()) {
      parts.push(step.value);
      size += step.value.length;
    }
    reader.cancel().catch(() => {});
  } catch (error) {
    if (!size) return null;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return size ? whole : null;
}

async function openBytes(bytes) {
  const plain = asText(bytes);
  if (plain) return plain;
  if (bytes[0] === 0x4d && bytes[1] === 0x5a && bytes.length > 64)
    return { text: "", how: "a Windows program of " + count(bytes.length) + " bytes" };
  const formats = bytes[0] === 0x1f && bytes[1] === 0x8b ? ["gzip"] : bytes.length > 32 ? ["deflate-raw", "deflate"] : [];
  for (const format of formats) {
    const opened = await inflate(bytes, format);
    const inner = opened && asText(opened);
    if (inner) return { text: inner.text, how: (format === "gzip" ? "gzip, " : "deflate, ") + inner.how };
  }
  return null;
}

function encodedParts(text) {
  const found = new Set();
  for (const pattern of [ENCODED_OPTION, ENCODED_RUN]) {
    for (const hit of text.matchAll(pattern)) {
      found.add(hit[1] || hit[0]);
      if (found.size >= DECODE_PARTS) return [...found];
    }
  }
  return [...found];
}

/* [{ layer, how, text }] of all that is hidden in the text. */
async function decodeText(source, layer) {
  const out = [];
  for (const part of encodedParts(source.slice(0, DECODE_BYTES))) {
    const bytes = base64Bytes(part);
    const opened = bytes && (await openBytes(bytes));
    if (!opened) continue;
    out.push({ layer: layer || 1, how: "base64, " + opened.how, text: opened.text });
    if (opened.text && (layer || 1) < DECODE_LAYERS) out.push(...(await decodeText(opened.text, (layer || 1) + 1)));
    if (out.length > DECODE_PARTS) break;
  }
  return out;
}
