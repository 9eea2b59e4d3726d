// What HTML and htmx cannot do alone: keys, focus after a change, the machine's time zone, names of chosen files.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const cards = () => [...document.querySelectorAll("[data-card]")].filter((card) => card.checkVisibility());
  const current = () => document.activeElement?.closest("[data-card]") ?? null;
  let lastIndex = 0;

  function move(step) {
    const all = cards();
    if (!all.length) return;
    const here = all.indexOf(current());
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function press(name) {
    const target = current() && one(`[data-key="${name}"]`, current());
    if (!target) return;
    if (target.tagName === "SUMMARY") {
      target.parentElement.open = !target.parentElement.open;
      one("button", target.parentElement)?.focus();
    } else target.click();
  }

  function open() {
    const link = current() && one("[data-open]", current());
    if (link) link.click();
  }

  const keys = {
    f: () => (location.pathname === "/people" ? one("#q").focus() : location.assign("/people#q")),
    "/": () => one("[data-key-slash]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    d: () => press("done"),
    l: () => press("later"),
    s: () => press("skip"),
    "?": () => one("#keys")?.togglePopover(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (field && event.target.type !== "radio" && event.target.type !== "checkbox") {
      // A sentence is one line: Enter sends it, as in a search box.
      if (event.key === "Enter" && field.matches("[data-oneline]") && !event.shiftKey) {
        event.preventDefault();
        field.form.requestSubmit();
      }
      return;
    }
    if (event.key === "Enter" && event.target.matches("[data-card]")) return open();
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (except && menu.contains(except)) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) one("summary", menu).focus();
    }
  }
  document.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-minutes]");
    if (preset) one("#id_minutes_per_week").value = preset.dataset.minutes;
    if (event.target.closest("[data-clear]")) {
      event.preventDefault();
      one("#preview").replaceChildren();
      one("[data-key-slash]")?.focus();
    }
    event.target.closest("[data-dismiss]")?.parentElement.remove();
    closeMenus(event.target);
  });

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.menu[open]")) one(".pop", event.target).scrollIntoView({ block: "nearest" });
  }, true);

  // Names of people, offered while one is typed: fields with data-who take one, "many" several with commas between.
  let asked;
  async function offer(input) {
    const list = one("#offered");
    const before = input.dataset.who === "many" ? input.value.slice(0, input.value.lastIndexOf(",") + 1) : "";
    const typed = input.value.slice(before.length).trim();
    if (typed.length < 2 || [...list.options].some((option) => option.value === input.value)) return;
    const answer = await fetch(`${list.dataset.from}?q=${encodeURIComponent(typed)}`);
    if (!answer.ok || document.activeElement !== input) return;
    const { names } = await answer.json();
    list.replaceChildren(...names.map(({ name, about }) => new Option(about, before ? `${before} ${name}` : name)));
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-who]")) return;
    event.target.setAttribute("list", "offered");
    clearTimeout(asked);
    asked = setTimeout(() => offer(event.target), 150);
  });

  // A card that was acted on disappears; the next one takes the focus, so that the keyboard stays where it was.
  document.addEventListener("htmx:before:swap", () => { lastIndex = cards().indexOf(current()); });
  document.addEventListener("htmx:after:swap", (event) => {
    prepare();
    const { request, response } = event.detail.ctx ?? {};
    if (request?.action.endsWith("/capture/save") && response?.status < 400) one("#capture").value = "";
    if (lastIndex < 0 || (document.activeElement && document.activeElement !== document.body)) return;
    const all = cards();
    (all[Math.min(lastIndex, all.length - 1)] ?? one("#main")).focus({ preventScroll: true });
  });
  document.addEventListener("htmx:error", (event) => {
    const box = one("#notices");
    if (box && event.detail.ctx && !event.detail.ctx.response) box.textContent = box.dataset.offline;
  });

  function prepare() {
    const zone = one("select[data-guess-zone]");
    if (zone) {
      const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if ([...zone.options].some((option) => option.value === here)) zone.value = here;
      delete zone.dataset.guessZone;
    }
    const drop = one("[data-drop]");
    if (drop && !drop.dataset.ready) {
      drop.dataset.ready = "yes";
      const input = one("input", drop);
      const names = one("[data-names]", drop);
      for (const kind of ["dragenter", "dragleave", "drop"])
        input.addEventListener(kind, () => drop.classList.toggle("over", kind === "dragenter"));
      input.addEventListener("change", () => { names.textContent = [...input.files].map((file) => file.name).join(", "); });
    }
  }
  document.documentElement.classList.add("js");
  prepare();
  if (location.hash === "#q") one("#q")?.focus();
})();
