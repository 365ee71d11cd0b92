// A file box with data-portal-resumable sends its file in pieces as soon as it is chosen, and goes on
// where it stopped after a broken line. Where anything fails, the form sends the file as always.
import { Upload, isSupported } from "tus-js-client";

const PIECE = 512 * 1024;
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000, 60000];

function acting() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}");
}

function size(bytes) {
  return `${(bytes / 1048576).toLocaleString("id-ID", { maximumFractionDigits: 1 })} MB`;
}

function place(input) {
  let hint = document.getElementById(`${input.id}_upload`);
  if (!hint) {
    hint = document.createElement("p");
    hint.id = `${input.id}_upload`;
    hint.className = "upload-state";
    hint.setAttribute("role", "status");
    input.after(hint);
  }
  return hint;
}

function say(input, sentence, ...values) {
  place(input).textContent = values.reduce((text, value) => text.replace("%s", value), sentence);
}

function sentenceOf(error) {
  const response = error.originalResponse;
  try { return response ? JSON.parse(response.getBody()).sentence || "" : ""; } catch { return ""; }
}

function arrived(input, name, answer) {
  const stored = answer && answer.getHeader("Portal-File");
  input.portalUpload = null;
  if (!stored) return failed(input, "");
  input.form.elements.kept.value = stored;
  input.value = "";
  say(input, input.dataset.portalArrived, name);
  return goOn(input.form);
}

function failed(input, sentence) {
  input.portalUpload = null;
  say(input, sentence || input.dataset.portalFailed);
  if (sentence) { input.value = ""; input.form.portalSend = null; return; }
  goOn(input.form);
}

// A form that was sent too early waits for its file.
function goOn(form) {
  const button = form.portalSend;
  form.portalSend = null;
  if (button === undefined || button === null) return;
  delete form.dataset.portalSent;
  form.requestSubmit(button || undefined);
}

async function begin(input) {
  const file = input.files[0];
  if (input.portalUpload) { input.portalUpload.abort(); input.portalUpload = null; }
  input.form.elements.kept.value = "";
  if (!file || file.size > Number(input.dataset.portalMaxBytes)) { place(input).textContent = ""; return; }
  let last = null;
  const upload = new Upload(file, {
    endpoint: input.dataset.portalResumable,
    chunkSize: PIECE,
    retryDelays: WAITS,
    metadata: { filename: file.name },
    headers: acting(),
    removeFingerprintOnSuccess: true,
    onProgress: (sent, all) => say(input, input.dataset.portalSending, size(sent), size(all)),
    onAfterResponse: (request, response) => { last = response; },
    onShouldRetry: (error) => {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      const again = status === 0 || status === 409 || status === 423 || status >= 500;
      if (again && status === 0) say(input, input.dataset.portalWaiting);
      return again;
    },
    onError: (error) => { if (input.portalUpload === upload) failed(input, sentenceOf(error)); },
    onSuccess: () => { if (input.portalUpload === upload) arrived(input, file.name, last); },
  });
  input.portalUpload = upload;
  try {
    const earlier = await upload.findPreviousUploads();
    if (input.portalUpload !== upload) return;
    if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
  } catch { /* no store on this device: it begins anew */ }
  upload.start();
}

if (isSupported) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-portal-resumable]")) begin(event.target);
  });
  // Before the guard against a second press: a form that waits has not been sent.
  document.addEventListener("submit", (event) => {
    const input = event.target.querySelector("input[data-portal-resumable]");
    if (!input || !input.portalUpload) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.portalSend = event.submitter || false;
  }, true);
}
