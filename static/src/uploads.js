// A file box with data-portal-resumable sends its file in pieces as soon as it is chosen, and goes on
// where it stopped after a broken line. Where anything fails, the form sends the file as always.
import { isSupported } from "tus-js-client";

import { startMany } from "./many.js";
import { begin, filled, size } from "./resuming.js";

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
  place(input).textContent = filled(sentence, ...values);
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

function chosen(input) {
  const file = input.files[0];
  if (input.portalUpload) { input.portalUpload.abort(); input.portalUpload = null; }
  input.form.elements.kept.value = "";
  if (!file || file.size > Number(input.dataset.portalMaxBytes)) { place(input).textContent = ""; return; }
  input.portalUpload = begin(file, {
    endpoint: input.dataset.portalResumable,
    told: {
      progress: (sent, all) => say(input, input.dataset.portalSending, size(sent), size(all)),
      waiting: () => say(input, input.dataset.portalWaiting),
      failed: (sentence) => failed(input, sentence),
      arrived: (stored) => {
        input.portalUpload = null;
        input.form.elements.kept.value = stored;
        input.value = "";
        say(input, input.dataset.portalArrived, file.name);
        goOn(input.form);
      },
    },
  });
}

if (isSupported) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-portal-resumable]")) chosen(event.target);
  });
  // Before the guard against a second press: a form that waits has not been sent.
  document.addEventListener("submit", (event) => {
    const input = event.target.querySelector("input[data-portal-resumable]");
    if (!input || !input.portalUpload) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.portalSend = event.submitter || false;
  }, true);
  startMany(document.querySelector("form[data-portal-many]"));
}
