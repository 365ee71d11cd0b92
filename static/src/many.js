// Many files, one after the other, each in pieces: chosen, a folder, a ZIP, or dropped on the page.
// The form then only carries the names under which they arrived; without this file it sends them all.
import { begin, filled, forgetOld, size } from "./resuming.js";

const TOGETHER = 2;
// What systems put beside the files of people.
const LITTER = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;
const PAPERS = /^(application\/pdf|image\/.+)$/;

function isArchive(file) {
  return /\.zip$/i.test(file.name) || /^application\/(x-)?zip/.test(file.type);
}

// Every file below what was dropped, with its path. A folder tells its content in parts.
async function below(entry) {
  if (entry.isFile) {
    const file = await new Promise((found, lost) => { entry.file(found, lost); });
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const inside = [];
  for (;;) {
    const part = await new Promise((found, lost) => { reader.readEntries(found, lost); });
    if (!part.length) break;
    inside.push(...part);
  }
  return (await Promise.all(inside.map(below))).flat();
}

async function dropped(transfer) {
  const entries = Array.from(transfer.items || [])
    .map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null)).filter(Boolean);
  const plain = Array.from(transfer.files).map((file) => ({ file, path: file.name }));
  return entries.length ? (await Promise.all(entries.map(below))).flat() : plain;
}

class Many {
  constructor(form) {
    this.form = form;
    this.said = form.dataset;
    this.rows = [];
    this.waiting = false;
    this.button = null;
    this.state = form.querySelector("[data-portal-many-state]");
    this.list = form.querySelector("[data-portal-many-refused]");
  }

  take(found) {
    const papers = found.filter((one) => !LITTER.test(one.file.name));
    // What was refused or failed may be tried once more.
    const again = new Set(papers.map((one) => this.name(one)));
    const isOver = (row) => row.state === "refused" || row.state === "failed";
    this.rows = this.rows.filter((row) => !(isOver(row) && again.has(this.name(row))));
    const fresh = papers.filter((one) => !this.rows.some((row) => this.name(row) === this.name(one)));
    fresh.sort((a, b) => a.path.localeCompare(b.path, "id", { numeric: true }));
    const most = Number(this.said.portalMost);
    const standing = this.rows.filter((row) => row.state !== "refused").length;
    this.tooMany = fresh.length + standing > most
      ? filled(this.said.portalTooMany, most, fresh.length + standing) : "";
    if (!this.tooMany) this.rows.push(...fresh.map((one) => this.judged(one)));
    this.goOn();
  }

  name(one) {
    return `${one.path}-${one.file.size}-${one.file.lastModified}`;
  }

  judged(one) {
    const file = one.file;
    const limit = isArchive(file) ? this.said.portalMostZip : this.said.portalMostEach;
    const row = { file, path: one.path, state: "chosen", sent: 0, sentence: "" };
    if (file.size > Number(limit)) row.sentence = filled(this.said.portalBig, size(Number(limit)));
    else if (!isArchive(file) && file.type && !PAPERS.test(file.type)) row.sentence = this.said.portalKind;
    if (row.sentence) row.state = "refused";
    return row;
  }

  goOn() {
    let free = TOGETHER - this.rows.filter((row) => row.state === "sending").length;
    for (const row of this.rows) {
      if (free < 1) break;
      if (row.state === "chosen") { this.send(row); free -= 1; }
    }
    this.show();
    if (this.button !== null && !this.isBusy()) {
      const button = this.button;
      this.button = null;
      delete this.form.dataset.portalSent;
      this.form.requestSubmit(button || undefined);
    }
  }

  send(row) {
    row.state = "sending";
    const settled = (state, values) => {
      Object.assign(row, { state, ...values });
      this.waiting = false;
      this.goOn();
    };
    row.upload = begin(row.file, {
      endpoint: this.said.portalMany,
      name: this.name(row),
      patient: true,
      metadata: isArchive(row.file) ? { purpose: "archive" } : {},
      told: {
        progress: (sent) => { row.sent = sent; this.waiting = false; this.show(); },
        waiting: () => { this.waiting = true; this.show(); },
        arrived: (stored) => settled("arrived", { stored, sent: row.file.size }),
        failed: (sentence) => settled(sentence ? "refused" : "failed", { sentence }),
      },
    });
  }

  isBusy() {
    return this.rows.some((row) => row.state === "chosen" || row.state === "sending");
  }

  of(...states) {
    return this.rows.filter((row) => states.includes(row.state));
  }

  show() {
    const all = this.of("chosen", "sending", "arrived", "failed");
    const arrived = this.of("arrived");
    const bytes = (rows, key) => size(rows.reduce((sum, row) => sum + key(row), 0));
    const parts = [filled(this.said.portalProgress, arrived.length, all.length,
      bytes(all, (row) => row.sent), bytes(all, (row) => row.file.size))];
    if (this.waiting) parts.push(this.said.portalWaiting);
    else if (this.button !== null) parts.push(this.said.portalSoon);
    else if (!this.isBusy()) parts.push(this.said.portalReady);
    this.state.hidden = !all.length;
    this.state.textContent = parts.join(" ");
    const lines = this.of("refused").map((row) => `“${row.path}”: ${row.sentence}`);
    lines.push(...this.of("failed").map((row) => `“${row.path}”: ${this.said.portalFailed}`));
    if (this.tooMany) lines.push(this.tooMany);
    this.list.hidden = !lines.length;
    const items = lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    });
    this.list.querySelector("ul").replaceChildren(...items);
  }

  // What the form carries: names of what arrived; what would not go in pieces goes as always.
  fill() {
    this.form.querySelectorAll("[data-portal-carried]").forEach((field) => field.remove());
    const carry = (name, value) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      field.dataset.portalCarried = "";
      this.form.append(field);
    };
    for (const row of this.of("arrived")) { carry("kept", row.stored); carry("path", row.path); }
    const box = { papers: new DataTransfer(), archive: new DataTransfer() };
    for (const row of this.of("failed")) {
      box[isArchive(row.file) ? "archive" : "papers"].items.add(row.file);
      if (!isArchive(row.file)) carry("plain_path", row.path);
    }
    this.form.elements.files.files = box.papers.files;
    this.form.elements.archive.files = box.archive.files;
  }

  sent(event) {
    if (this.isBusy()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.button = event.submitter || false;
      this.show();
      return;
    }
    this.fill();
  }
}

export function startMany(form) {
  if (!form) return;
  forgetOld();
  const many = new Many(form);
  document.querySelectorAll("[data-portal-many-plain]").forEach((part) => { part.hidden = true; });
  document.querySelectorAll("[data-portal-many-with]").forEach((part) => { part.hidden = false; });
  for (const input of form.querySelectorAll("input[type=file]")) {
    // Judged file by file here, each by its own limit.
    delete input.dataset.portalMaxBytes;
    input.addEventListener("change", () => {
      const found = Array.from(input.files);
      many.take(found.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
      input.value = "";
    });
  }
  const isFiles = (event) => Array.from(event.dataTransfer.types).includes("Files");
  const mark = (event, on) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    form.classList.toggle("dropping", on);
  };
  document.addEventListener("dragover", (event) => mark(event, true));
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(event, false); });
  document.addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    mark(event, false);
    dropped(event.dataTransfer).then((found) => many.take(found), () => many.take([]));
  });
  form.addEventListener("submit", (event) => many.sent(event), true);
}
