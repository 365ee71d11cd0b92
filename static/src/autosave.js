// Forms with data-portal-autosave save themselves while somebody types. What could not be sent is
// kept on the device, under a key that names the person and the place, until it has arrived.

const QUIET = 900;
const KEEP_DAYS = 14;
const RETRY = 15000;
const FORMS = "form[data-portal-autosave]";

function fieldsOf(form) {
  const data = {};
  for (const element of form.elements) {
    if (!element.name || ["csrfmiddlewaretoken", "acting_as", "version"].includes(element.name)) continue;
    if ((element.type === "radio" || element.type === "checkbox") && !element.checked) continue;
    if (element.type === "submit" || element.type === "file") continue;
    data[element.name] = element.value;
  }
  return data;
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function fill(form, data) {
  for (const element of form.elements) {
    if (!(element.name in data) || element.type === "hidden") continue;
    if (element.type === "radio") element.checked = data[element.name] === element.value;
    else element.value = data[element.name];
  }
}

// What was typed, as people read it: for a question that is closed when they come back.
function wordsOf(form) {
  const rows = [];
  for (const element of form.elements) {
    if (element.type === "hidden" || !element.name || !element.value) continue;
    if (element.type === "radio" && !element.checked) continue;
    const label = element.labels && element.labels[0];
    const name = label ? label.textContent.trim().replace(/\s+/g, " ") : element.name;
    rows.push(element.type === "radio" ? name : `${name}: ${element.value}`);
  }
  return rows.join("\n");
}

// `unsure`: what was sent without an answer coming back; it may have arrived.
function remember(form) {
  try {
    const kept = {
      at: Date.now(), version: form.elements.version.value, data: fieldsOf(form), words: wordsOf(form),
      unsure: form.portalUnsure ? form.portalUnsure.data : null,
    };
    localStorage.setItem(form.dataset.portalAutosave, JSON.stringify(kept));
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

// A form that is not saved shows its button. `link`: where both figures stand, after a conflict.
function say(form, sentence, isGood, link = null) {
  const place = form.querySelector("[data-portal-saved]");
  place.textContent = sentence;
  place.classList.toggle("not-saved", !isGood);
  form.toggleAttribute("data-portal-unsaved", !isGood);
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link.url;
  anchor.textContent = link.words;
  place.append(" ", anchor);
}

function write(root, place, text) {
  for (const each of root.querySelectorAll(place)) each.textContent = text;
}

function showSaved(form, answer) {
  form.elements.version.value = answer.version;
  write(document, "[data-portal-total]", answer.total);
  write(document, "[data-portal-part]", answer.part);
  const question = form.closest("section") || form;
  write(question, "[data-portal-points]", answer.points);
  for (const each of question.querySelectorAll("[data-portal-carried]")) each.hidden = true;
  const places = answer.places || {};
  for (const place of Object.keys(places)) {
    const found = document.getElementById(place);
    if (found) found.textContent = places[place];
  }
  const fragments = answer.fragments || {};
  for (const place of Object.keys(fragments)) {
    const found = document.getElementById(place);
    if (found && !found.contains(document.activeElement)) found.innerHTML = fragments[place];
  }
  say(form, answer.sentence, true);
}

// After signing in again in another tab the page's tokens are old. A fresh page has new ones; when
// it has no such form, somebody else is signed in there, and nothing is sent in his name.
async function renew(form, acting) {
  let page;
  try {
    const response = await fetch(form.dataset.portalPage, {
      redirect: "manual", credentials: "same-origin", headers: acting,
    });
    if (!response.ok) return false;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return false;
  }
  const twin = Array.from(page.querySelectorAll(FORMS))
    .find((each) => each.dataset.portalAutosave === form.dataset.portalAutosave);
  if (!twin) return false;
  const token = twin.elements.csrfmiddlewaretoken.value;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  return true;
}

function headersOf() {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  delete headers["x-csrftoken"];  // The form's own field says it.
  return headers;
}

// One request. Returns the status with the answer; 0: the line is broken, 401: signed out.
async function send(form, body, isAgain = false) {
  const acting = headersOf();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  let response;
  try {
    response = await fetch(form.action, {
      method: "POST", body, redirect: "manual", credentials: "same-origin",
      headers: { ...acting, "x-portal-autosave": "1" },
    });
  } catch {
    return { status: 0, answer: {} };
  }
  if (response.type === "opaqueredirect") return { status: 401, answer: {} };
  let answer = {};
  try { answer = await response.json(); } catch { /* not ours: an error page */ }
  if (response.status === 403 && !answer.sentence) {
    if (!isAgain && await renew(form, acting)) return send(form, body, true);
    return { status: 401, answer };
  }
  return { status: response.ok && !answer.version ? 502 : response.status, answer };
}

// What may have arrived goes first, as it was: the same twice is once, and gives its version.
async function save(form, isPressed = false) {
  const sending = form.portalUnsure || { data: fieldsOf(form), body: new FormData(form) };
  const isAgain = sending === form.portalUnsure;
  form.portalSending = true;
  const result = await send(form, sending.body);
  const status = result.status;
  const answer = result.answer;
  form.portalSending = false;
  form.portalSignedOut = status === 401;
  if (status === 200) {
    form.portalUnsure = null;
    showSaved(form, answer);
    if (isSame(fieldsOf(form), sending.data)) forget(form.dataset.portalAutosave);
    else { remember(form); later(form, isPressed ? 0 : QUIET); }
  } else if (status === 0 || status >= 500) {
    form.portalUnsure = sending;
    remember(form);
    say(form, form.dataset.portalLost, false);
    later(form, RETRY);
  } else if (status === 429) {
    say(form, form.dataset.portalLost, false);
    later(form, RETRY);
  } else if (status === 401) {
    say(form, form.dataset.portalSignedOut, false);
  } else if (status === 422 && isAgain) {
    form.portalUnsure = null;
    later(form, 0);
  } else {
    form.portalUnsure = null;
    say(form, answer.sentence || form.dataset.portalRefused, false, answer.link);
    if (isPressed && answer.conflict) form.submit();
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
  remember(form);
  later(form, event.type === "change" ? 50 : QUIET);
}

// The button sends the form as it stands, except where that would lead nowhere.
function pressed(event) {
  const form = event.target;
  clearTimeout(form.portalTimer);
  if (form.dataset.portalReplaces) forget(form.dataset.portalReplaces);
  if (!form.dataset.portalAutosave || !(form.portalUnsure || form.portalSignedOut)) return;
  event.preventDefault();
  if (form.portalSending) later(form, QUIET);
  else save(form, true);
}

function restore(form) {
  const kept = remembered(form.dataset.portalAutosave);
  if (!kept) return;
  const saved = fieldsOf(form);
  if (isSame(kept.data, saved)) {
    forget(form.dataset.portalAutosave);
    return;
  }
  fill(form, kept.data);
  // Against the version that the person saw: a newer answer is compared, never overwritten. What
  // he sent himself and what stands there now are no two answers.
  if (!kept.unsure || !isSame(kept.unsure, saved)) form.elements.version.value = kept.version;
  say(form, form.dataset.portalRestored, false);
}

// A question that was closed meanwhile has no form: its text is shown for copying.
function showKept(place) {
  const kept = remembered(place.dataset.portalKept);
  if (!kept) return;
  place.querySelector("textarea").value = kept.words || Object.values(kept.data).join("\n");
  place.hidden = false;
}

function forgetAsked(event) {
  const asking = event.target.closest("[data-portal-forget]");
  if (!asking) return;
  forget(asking.dataset.portalForget);
  const place = asking.closest("[data-portal-kept]");
  if (place) place.hidden = true;
}

function tryAgain() {
  if (document.hidden) return;
  for (const form of document.querySelectorAll(FORMS)) {
    if ((form.portalUnsure || form.portalSignedOut) && !form.portalSending) later(form, 50);
  }
}

export function startAutosave() {
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", pressed);
  document.addEventListener("click", forgetAsked);
  document.addEventListener("visibilitychange", tryAgain);
  window.addEventListener("focus", tryAgain);
  window.addEventListener("online", tryAgain);
  document.querySelectorAll(FORMS).forEach(restore);
  document.querySelectorAll("[data-portal-kept]").forEach(showKept);
}
