// One file in pieces over a bad line: goes on where it stopped, also after the page was closed.
import { Upload, defaultOptions } from "tus-js-client";

const PIECE = 512 * 1024;
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000, 60000];
// The server forgets what nobody goes on with after a day.
const DAY = 24 * 60 * 60 * 1000;

function acting() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
}

export function size(bytes) {
  if (bytes > 0 && bytes < 1048576) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(bytes / 1048576).toLocaleString("id-ID", { maximumFractionDigits: 1 })} MB`;
}

export function filled(sentence, ...values) {
  return values.reduce((text, value) => text.replace("%s", () => value), sentence);
}

function sentenceOf(error) {
  const response = error.originalResponse;
  try { return response ? JSON.parse(response.getBody()).sentence || "" : ""; } catch { return ""; }
}

// `told` has arrived(stored), failed(sentence), progress(sent, all) and waiting(). A sentence is the
// server's refusal for good; without one another way may still help. `patient`: a broken line is
// waited for up to an hour. `name` tells the same file again when the page is opened anew.
export function begin(file, options) {
  const told = options.told;
  let last = null;
  let over = false;
  const ends = (tell) => (...values) => { if (!over) { over = true; tell(...values); } };
  const failed = ends(told.failed);
  const arrived = ends(told.arrived);
  const upload = new Upload(file, {
    endpoint: options.endpoint,
    chunkSize: PIECE,
    retryDelays: options.patient ? [...WAITS, ...Array(60).fill(60000)] : WAITS,
    metadata: { filename: file.name, ...options.metadata },
    headers: acting(),
    removeFingerprintOnSuccess: !options.name,
    ...(options.name ? { fingerprint: () => Promise.resolve(`portal-${options.name}`) } : {}),
    onProgress: (sent, all) => { if (!over) told.progress(sent, all); },
    onAfterResponse: (request, response) => { last = response; },
    onShouldRetry: (error, attempt) => {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      if (status === 0) { if (!over) told.waiting(); return true; }
      return (status === 409 || status === 423 || status >= 500) && attempt < WAITS.length;
    },
    onError: (error) => failed(sentenceOf(error)),
    onSuccess: () => {
      const stored = last && last.getHeader("Portal-File");
      if (stored) arrived(stored); else failed("");
    },
  });
  const start = async () => {
    try {
      const earlier = (await upload.findPreviousUploads()).filter(isFresh);
      if (!over && earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
    } catch { /* no store on this device: it begins anew */ }
    if (!over) upload.start();
  };
  start();
  return { abort: () => { over = true; upload.abort(); } };
}

function isFresh(earlier) {
  return Date.now() - Date.parse(earlier.creationTime) < DAY;
}

// What this device remembers of files that arrived or were given up long ago.
export async function forgetOld() {
  try {
    const store = defaultOptions.urlStorage;
    for (const earlier of await store.findAllUploads()) {
      if (!isFresh(earlier)) await store.removeUpload(earlier.urlStorageKey);
    }
  } catch { /* no store on this device */ }
}
