// The desk's keys and small comforts. All of it is an addition: each step is a plain form without this file.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  const lines = () => Array.from(document.querySelectorAll("article.line"));
  const here = () => document.activeElement && document.activeElement.closest("article.line");

  function say(words, level) {
    const note = document.createElement("div");
    note.className = "note " + (level || "");
    const text = document.createElement("p");
    text.textContent = words;
    note.append(text);
    document.getElementById("notes").replaceChildren(note);
  }

  function step(by) {
    const all = lines();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function marked() {
    return document.querySelectorAll('input[name="key"]:checked');
  }

  function showBulk() {
    const bulk = document.getElementById("bulk");
    if (!bulk) return;
    const label = bulk.querySelector("[data-marked]"), count = marked().length;
    bulk.classList.toggle("some", count > 0);
    if (count) label.textContent = label.dataset.marked.replace("#", count);
  }

  // With marked lines a key treats them all, else the line in focus, else the story that is open.
  function decide(verb) {
    const bulk = document.getElementById("bulk");
    const place = marked().length && bulk ? bulk : here() || document.querySelector("[data-acts]");
    const button = place && place.querySelector('button[value="' + verb + '"]');
    if (button) press(button);
  }

  // The line in focus first, then the lines decided on this page, last one first, then what was done before.
  const decided = [];
  function press(button) {
    // A line just swapped in may not have been taken up by htmx yet: quick fingers must not reload the page.
    if (window.htmx && button.form) window.htmx.process(button.form);
    button.click();
  }

  function undo() {
    const own = here() && here().querySelector("[data-undo]");
    if (own) return press(own);
    while (decided.length) {
      const line = document.getElementById(decided.pop());
      const button = line && line.querySelector("[data-undo]");
      if (button) return press(button);
    }
    const told = document.querySelector("#notes [data-undo], .history [data-undo]");
    const last = document.getElementById("undo-last");
    if (told) told.click();
    else if (last) last.requestSubmit();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    p: () => decide("pick"),
    d: () => decide("dismiss"),
    s: () => decide("snooze"),
    u: undo,
    x: () => { const box = here() && here().querySelector('input[name="key"][type="checkbox"]'); if (box) box.click(); },
    "/": () => { const box = document.getElementById("queue-q"); if (box) box.focus(); },
    "?": () => { const box = document.getElementById("keys"); if (box && !box.open) box.showModal(); },
    Enter: () => { const line = here(); if (line && line === document.activeElement) location.assign(line.dataset.open); },
  };

  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    const off = document.body.dataset.keys !== "on" && event.key !== "Enter";
    if (typing || off || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (event.key === "Enter" && event.target !== here()) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.addEventListener("change", function (event) {
    if (event.target.name === "key") showBulk();
    if (event.target.matches("[data-submit]") && !steps.has(event.target)) event.target.form.requestSubmit();
  });

  // A choice made with the pointer or in an open list submits at once. Arrow keys step through a closed list, each step a
  // change: who does that ends with Enter, and is not sent away at the first one.
  const steps = new Set();
  document.addEventListener("keydown", function (event) {
    const select = event.target.closest("select[data-submit]");
    if (!select || event.altKey) return;
    if (event.key === "Enter" && steps.has(select)) { event.preventDefault(); select.form.requestSubmit(); }
    else if (event.key.startsWith("Arrow") || /^(Home|End|Page)/.test(event.key) || event.key.length === 1) steps.add(select);
  });
  document.addEventListener("pointerdown", (event) => steps.delete(event.target.closest("select")));

  // The list of publications lies over the page: Esc and a press beside it close it.
  const list = document.querySelector("details.switch");
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !list || !list.open) return;
    const inside = list.contains(document.activeElement);
    list.open = false;
    if (inside) list.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => { if (list && !list.contains(event.target)) list.open = false; });

  // Words typed and not yet saved: leaving the page, or sending another form of it, asks first.
  const unsaved = new Set();
  document.addEventListener("input", function (event) {
    const form = event.target.closest("[data-guard]");
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", function (event) {
    unsaved.delete(event.target);
    // Lines decided one by one are gone from the page that follows: triage goes on at one that waits.
    if (event.target.id === "bulk") event.target.elements.shown.value = lines().filter((line) => !line.querySelector(".done")).map((line) => line.dataset.key).join(" ");
  });
  window.addEventListener("beforeunload", function (event) {
    if (Array.from(unsaved).some((form) => form.isConnected)) event.preventDefault();
  });

  // After a decision the focus goes on to the next line that waits, after an undo it stays: triage never needs the mouse.
  document.addEventListener("htmx:afterSwap", function (event) {
    const fresh = document.getElementById(event.detail.elt.id) || event.detail.elt;
    const line = fresh.closest && fresh.closest("article.line");
    if (!line) return keepHold(event.detail.requestConfig.parameters);
    const done = line.querySelector(".done");
    if (done) decided.push(line.id);
    const all = lines();
    const next = done ? all.slice(all.indexOf(line) + 1).find((one) => !one.querySelector(".done")) || line : line;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    showBulk();
  });
  // A place at the end of the list loses the button that was pressed: the other one takes the focus.
  function keepHold(sent) {
    if (document.activeElement !== document.body || !sent || !sent.place) return;
    const free = ["up", "down"].map((step) => document.getElementById(step + "-" + sent.place)).find((one) => one && !one.disabled);
    if (free) { free.focus(); free.closest("li").scrollIntoView({ block: "nearest" }); }
  }
  // A refusal of the desk is a sentence; of anything else, a page of an error or a proxy's, only the fact is told.
  function refused(event) {
    const answer = event.detail.xhr;
    const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    say(plain ? answer.responseText.slice(0, 300) : document.body.dataset.refused, "error");
  }
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.silent, "error"));
  showBulk();
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - 60; });
})();
