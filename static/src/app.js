// Small behaviours by data-portal-* attributes. Every page works without this file.

import { startAutosave } from "./autosave.js";
import { startGrid } from "./grid.js";

// A summary of errors takes the focus, so that nobody has to look for it.
function focusSummary(root) {
  const summary = root.querySelector("[data-portal-error-summary]");
  if (summary) summary.focus();
}

// The second press of a button within three seconds sends nothing.
function guardDoubleSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-portal-repeatable")) return;
  if (form.dataset.portalSent && Date.now() - Number(form.dataset.portalSent) < 3000) {
    event.preventDefault();
    return;
  }
  form.dataset.portalSent = String(Date.now());
}

// A file that is too big is named before it is sent over a bad line.
function hintFileSize(event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset.portalMaxBytes) return;
  let hint = document.getElementById(`${input.id}_size`);
  if (!hint) {
    hint = document.createElement("p");
    hint.id = `${input.id}_size`;
    hint.className = "invalid-feedback";
    hint.setAttribute("role", "status");
    input.before(hint);
  }
  const limit = Number(input.dataset.portalMaxBytes);
  const tooBig = Array.from(input.files).find((file) => file.size > limit);
  hint.textContent = tooBig ? input.dataset.portalTooBig.replace("%s", tooBig.name) : "";
}

// Characters left in a long text, said when the limit comes near.
function countCharacters(event) {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset.portalLimit) return;
  const counter = document.getElementById(`${area.id}_left`);
  if (!counter) return;
  const left = Number(area.dataset.portalLimit) - Array.from(area.value).length;
  counter.hidden = left > Number(area.dataset.portalLimit) / 5;
  counter.textContent = (left < 0 ? counter.dataset.portalOver : counter.dataset.portalLeft)
    .replace("%s", Math.abs(left).toLocaleString("id-ID"));
}

// Only one open menu at a time, and Escape closes it.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-portal-menu][open]")) {
    if (event.key === "Escape" || (event.type === "click" && !menu.contains(event.target))) {
      menu.open = false;
      if (event.key === "Escape") menu.querySelector("summary").focus();
    }
  }
}

document.addEventListener("submit", guardDoubleSubmit);
document.addEventListener("change", hintFileSize);
document.addEventListener("input", countCharacters);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-portal-print]")) window.print();
});
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-portal-sent]").forEach((f) => delete f.dataset.portalSent);
});
focusSummary(document);
startGrid();
startAutosave();

// On paper nothing is folded away.
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("main details:not([open])")) {
    each.dataset.portalUnfolded = "";
    each.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll("main details[data-portal-unfolded]")) {
    delete each.dataset.portalUnfolded;
    each.open = false;
  }
});
