// The public pages work without this. It keeps what is typed on the phone until its page was
// accepted, offers the phone's position, copies and prints the code, and works off the price of a
// filing while the door is flooded. It sends nothing by itself and asks nobody anything.
import { digest } from "./sha256.js";

const PREFIX = "lapor:";
const KEY = PREFIX + location.pathname;
const one = (selector) => document.querySelector(selector);

function store(act) {
  try { return act(sessionStorage); } catch { return null; /* forbidden or full: the page works */ }
}

function forget(isOver) {
  store((kept) => {
    for (const key of Object.keys(kept)) {
      if (key.startsWith(PREFIX) && isOver(key, kept)) kept.removeItem(key);
    }
  });
}

const boxes = (form) => [...form.elements].filter((box) => box.name && !/hidden|file|submit/.test(box.type));

function keepTyped(zone) {
  const form = zone.querySelector("form"), line = document.createElement("p");
  line.className = "saved";
  line.setAttribute("role", "status");
  form.append(line);
  const kept = store((kept) => JSON.parse(kept.getItem(KEY)));
  // After a refusal the page itself carries what was typed.
  if (kept && !one(".errors")) {
    for (const box of boxes(form)) {
      if (!(box.name in kept.typed)) continue;
      if (/radio|checkbox/.test(box.type)) box.checked = [kept.typed[box.name]].flat().includes(box.value);
      else box.value = kept.typed[box.name];
    }
    line.textContent = zone.dataset.portalRestored;
  }
  const save = (sent) => store((kept) => {
    const typed = {};
    for (const box of boxes(form)) {
      if (!/radio|checkbox/.test(box.type)) typed[box.name] = box.value;
      else if (box.checked) typed[box.name] = box.value;
      else if (box.type === "checkbox") typed[box.name] = "";
    }
    kept.setItem(KEY, JSON.stringify({ typed, sent }));
    if (!sent) line.textContent = zone.dataset.portalKeep;
  });
  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => save(true));
}

function offerPosition(zone) {
  const line = zone.querySelector("p"), said = zone.querySelector("[role=status]");
  line.hidden = !navigator.geolocation;
  line.querySelector("button").addEventListener("click", () => navigator.geolocation.getCurrentPosition((found) => {
    const points = zone.dataset.portalPoints.split("|"), at = found.coords;
    const degrees = (value, plus, minus) => `${Math.abs(value).toFixed(4).replace(".", ",")}° ${value < 0 ? minus : plus}`;
    const choice = zone.querySelector("template").content.cloneNode(true), box = choice.querySelector("input");
    box.value = `${at.latitude.toFixed(5)},${at.longitude.toFixed(5)}`;
    choice.querySelector("span span").textContent = zone.dataset.portalPosition.replace("%s", `${degrees(at.latitude, points[0], points[1])}, ${degrees(at.longitude, points[2], points[3])}`);
    for (const old of zone.querySelectorAll("label")) old.remove();
    zone.prepend(choice);
    said.textContent = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }, () => { said.textContent = zone.dataset.portalRefused; }, { enableHighAccuracy: true, timeout: 20000 }));
}

function prove(zone) {
  const answer = zone.querySelector("[name=proof_answer]"), form = zone.closest("form");
  const bits = +zone.dataset.portalBits, waits = zone.closest("[data-portal-waits]");
  let number = 0, isAsked = false;
  (function dig() {
    const until = Date.now() + 12;
    do {
      if (Math.clz32(digest(`${zone.dataset.portalProof}:${number}`)) >= bits) {
        answer.value = number;
        if (isAsked) form.requestSubmit ? form.requestSubmit() : form.submit();
        return;
      }
      number += 1;
    } while (number % 32 || Date.now() < until);
    setTimeout(dig);
  })();
  if (waits) {
    form.addEventListener("submit", (event) => {
      if (answer.value) return;
      event.preventDefault();
      isAsked = true;
      form.querySelector("[type=submit]").textContent = waits.dataset.portalWaits;
    });
  }
}

function copyCode(line) {
  line.hidden = false;
  const copy = line.querySelector("button"), print = line.querySelector("[data-portal-print]");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(line.dataset.portalCopy).textContent.trim());
    line.querySelector("[role=status]").textContent = line.dataset.portalCopied;
  });
  print.addEventListener("click", () => window.print());
}

// What was sent from another page has arrived: this page would not be here otherwise.
forget((key, kept) => one("[data-portal-sent]") || (key !== KEY && JSON.parse(kept.getItem(key)).sent));
for (const form of document.querySelectorAll("form[data-portal-forget]")) form.addEventListener("submit", () => forget(() => true));
const pieces = { keep: keepTyped, position: offerPosition, proof: prove, copy: copyCode };
for (const mark of Object.keys(pieces)) {
  const zone = one(`[data-portal-${mark}]`);
  if (zone) pieces[mark](zone);
}
