{# The search: a dialog.  Nothing that it works with is loaded before it is opened.  Without this file
   there is no control. #}
"use strict";

(() => {
  const FINDING = new URL("finding.js", document.currentScript.src);
  const PAUSE = 150;

  const dialog = document.querySelector("dialog.search");
  const [box, found, results] = ["input", ".found", ".results"].map((one) =>
    dialog.querySelector(one));

  {# Pagefind is compiled by WebAssembly, which a Content Security Policy may forbid. #}
  const mayCompile = async () => {
    try {
      await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
      return true;
    } catch {
      return false;
    }
  };

  let loading = null;
  const load = async () => {
    if (!location.protocol.startsWith("http")) {
      throw new Error(dialog.dataset.local);
    }
    if (!(await mayCompile())) {
      throw new Error(dialog.dataset.forbidden);
    }
    try {
      const { begin } = await import(FINDING);
      return await begin();
    } catch (error) {
      loading = null; {# The next try may have a network. #}
      throw new Error(dialog.dataset.failed, { cause: error });
    }
  };
  const loaded = () => (loading ??= load());

  const count = (number) => {
    const { none, one, many } = dialog.dataset;
    return number === 0 ? none : number === 1 ? one : many.replace("{}", number);
  };

  let turn = 0;
  const search = async () => {
    const mine = ++turn;
    const isCurrent = () => mine === turn;
    const query = box.value.trim();
    try {
      const find = await loaded();
      await new Promise((done) => setTimeout(done, PAUSE));
      if (!isCurrent()) {
        return;
      }
      if (!query) {
        found.textContent = "";
        results.replaceChildren();
        return;
      }
      const number = await find(query, isCurrent);
      if (isCurrent()) {
        found.textContent = count(number);
      }
    } catch (error) {
      if (isCurrent()) {
        found.textContent = error.message;
      }
    }
  };

  {# Keys #}

  const open = () => {
    if (!dialog.open) {
      dialog.showModal();
      box.select();
      search();
    }
  };

  {# Where nothing had the focus before, it would stay in the box, and keys with it. #}
  const shut = () => {
    dialog.close();
    if (dialog.contains(document.activeElement)) {
      document.activeElement.blur();
    }
  };

  {# Up and down go through the box and the results. #}
  const step = (by) => {
    const stops = [box, ...results.querySelectorAll("a, button")];
    const next = stops[stops.indexOf(document.activeElement) + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  for (const opener of document.querySelectorAll(".search-opener")) {
    opener.hidden = false;
    opener.querySelector("button").addEventListener("click", open);
  }
  box.addEventListener("input", search);
  dialog.querySelector(".close").addEventListener("click", () => shut());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.focus();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault(); {# Else it would only empty the box. #}
      shut();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".results a")) {
      shut();
    }
  });
})();
