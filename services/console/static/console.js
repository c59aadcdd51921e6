// Keeps an open page up to date: the stream says that something is new, and the page fetches itself again.
"use strict";
(() => {
  const main = document.getElementById("main");
  const state = document.getElementById("live-state");
  const wanted = new Set((main?.dataset.live ?? "").split(" ").filter(Boolean));
  if (!wanted.size || !document.getElementById("fresh") || !("EventSource" in window)) return;

  const PAUSE = 1000;
  let pending = false;
  let timer = null;

  const say = (text) => {
    if (state.textContent === text) return;
    state.textContent = text;
    state.hidden = false;
  };

  const openDetails = (root) => [...root.querySelectorAll("details[open][id]")].map((one) => one.id);

  async function refresh() {
    timer = null;
    const fresh = document.getElementById("fresh");
    // Whoever is at work in the part that would change is not disturbed; it changes once they have left it.
    const selection = window.getSelection();
    const selecting = selection && !selection.isCollapsed && fresh.contains(selection.anchorNode);
    if (document.hidden || fresh.contains(document.activeElement) || selecting) {
      pending = true;
      say("There is news");
      return;
    }
    pending = false;
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return say("Not live: load the page again");
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fresh");
      if (!next || next.innerHTML === fresh.innerHTML) return say("Live");
      for (const id of openDetails(fresh)) next.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
      fresh.replaceWith(next);
      next.classList.add("changed");
      say("Live");
    } catch {
      say("Not live: the console does not answer");
    }
  }

  const soon = () => { timer ??= window.setTimeout(refresh, PAUSE); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden && pending) soon(); });
  document.addEventListener("focusout", () => { if (pending) soon(); });
  document.addEventListener("selectionchange", () => { if (pending) soon(); });

  const source = new EventSource("/live");
  source.addEventListener("open", () => { if (!pending) say("Live"); });
  source.addEventListener("news", (event) => {
    if (event.data.split(" ").some((name) => wanted.has(name))) soon();
  });
  let broken = false;
  source.addEventListener("error", () => { broken = true; say("Not live: trying again"); });
  source.addEventListener("open", () => { if (broken) { broken = false; soon(); } });
  window.addEventListener("pagehide", () => source.close());
})();
