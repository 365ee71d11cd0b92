// Forms with data-portal-autosave save themselves while somebody types. What could not be sent is
// kept on the device, under a key that names the person and the place, until it has arrived.

const QUIET = 900;
const KEEP_DAYS = 14;
const RETRY = 15000;

function fieldsOf(form) {
  const data = {};
  for (const element of form.elements) {
    if (!element.name || element.name === "csrfmiddlewaretoken" || element.name === "version") continue;
    if ((element.type === "radio" || element.type === "checkbox") && !element.checked) continue;
    if (element.type === "submit" || element.type === "file") continue;
    data[element.name] = element.value;
  }
  return data;
}

function fill(form, data) {
  for (const element of form.elements) {
    if (!(element.name in data) || element.type === "hidden") continue;
    if (element.type === "radio") element.checked = data[element.name] === element.value;
    else element.value = data[element.name];
  }
}

function remember(key, form) {
  try {
    const version = form.elements.version.value;
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), version, data: fieldsOf(form) }));
  } catch { /* a full or forbidden store: the page itself still holds the text */ }
}

function forget(key) {
  try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
}

function remembered(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept && Date.now() - kept.at < KEEP_DAYS * 86400000) return kept;
    if (kept) localStorage.removeItem(key);
  } catch { /* unreadable: as if nothing was kept */ }
  return null;
}

function say(form, sentence, isGood) {
  const place = form.querySelector("[data-portal-saved]");
  place.textContent = sentence;
  place.classList.toggle("not-saved", !isGood);
}

function showTotals(form, answer) {
  for (const place of document.querySelectorAll("[data-portal-total]")) place.textContent = answer.total;
  form.elements.version.value = answer.version;
}

async function save(form) {
  const key = form.dataset.portalAutosave;
  const sent = JSON.stringify(fieldsOf(form));
  form.portalSending = true;
  let response;
  try {
    const acting = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    response = await fetch(form.action, {
      method: "POST", body: new FormData(form), redirect: "manual", credentials: "same-origin",
      headers: { ...acting, "x-portal-autosave": "1" },
    });
  } catch {
    form.portalSending = false;
    say(form, form.dataset.portalLost, false);
    later(form, RETRY);
    return;
  }
  form.portalSending = false;
  if (response.type === "opaqueredirect" || response.status === 401) {
    say(form, form.dataset.portalSignedOut, false);
    return;
  }
  let answer = {};
  try { answer = await response.json(); } catch { /* not ours: an error page */ }
  if (response.status === 403 && !answer.sentence) {
    // The form's token went with the session.
    say(form, form.dataset.portalSignedOut, false);
    return;
  }
  if (response.ok && answer.version) {
    showTotals(form, answer);
    say(form, answer.sentence, true);
    if (JSON.stringify(fieldsOf(form)) === sent) forget(key);
    else later(form, QUIET);
  } else if (response.status >= 500 || response.status === 429) {
    say(form, form.dataset.portalLost, false);
    later(form, RETRY);
  } else {
    say(form, answer.sentence || form.dataset.portalLost, false);
  }
}

function later(form, wait) {
  clearTimeout(form.portalTimer);
  form.portalTimer = setTimeout(() => {
    if (form.portalSending) later(form, QUIET);
    else save(form);
  }, wait);
}

function changed(event) {
  const form = event.target.form;
  if (!form || !form.dataset.portalAutosave) return;
  remember(form.dataset.portalAutosave, form);
  later(form, event.type === "change" ? 50 : QUIET);
}

function restore(form) {
  const kept = remembered(form.dataset.portalAutosave);
  if (!kept) return;
  if (JSON.stringify(kept.data) === JSON.stringify(fieldsOf(form))) {
    forget(form.dataset.portalAutosave);
    return;
  }
  fill(form, kept.data);
  // Against the version that the person saw: a newer answer is compared, never overwritten.
  form.elements.version.value = kept.version;
  say(form, form.dataset.portalRestored, false);
}

export function startAutosave() {
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => clearTimeout(event.target.portalTimer));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-portal-forget]");
    if (link) forget(link.dataset.portalForget);
  });
  window.addEventListener("online", () => {
    for (const form of document.querySelectorAll("form[data-portal-autosave]")) {
      if (remembered(form.dataset.portalAutosave)) later(form, QUIET);
    }
  });
  document.querySelectorAll("form[data-portal-autosave]").forEach(restore);
}
