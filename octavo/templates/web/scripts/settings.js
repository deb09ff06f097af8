/* What the reader has set: size, measure, colours, ends of lines, numbers of pages, keys.  The head
   loads this file before the stylesheet and waits for it, so that the first paint is right already.
   Settings are attributes of the root element, one each; what is not set has none. */
"use strict";

(() => {
  const KEPT = "octavo.reading";
  const root = document.documentElement;

  try {
    for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(KEPT)) ?? {})) {
      root.setAttribute(`data-${name}`, value);
    }
  } catch {
    /* Nothing is remembered, or nothing of ours. */
  }

  /* Does the browser divide words of this language?  Two columns of no width tell: a word that is
     divided takes more lines.  One word for each of the scripts whose words are. */
  const probe = root.appendChild(document.createElement("p"));
  probe.textContent = "internationalisation интернационализация διεθνοποίηση";
  Object.assign(probe.style, { position: "absolute", width: "0", hyphens: "manual" });
  const whole = probe.offsetHeight;
  probe.style.hyphens = "auto";
  root.toggleAttribute("data-hyphenates", probe.offsetHeight > whole);
  probe.remove();

  root.setAttribute("data-scripted", "");

  /* Browsers colour their own frame, too. */
  const colourFrame = () => {
    document.querySelector("meta[name=theme-color]:not([media])")?.remove();
    if (root.hasAttribute("data-colours")) {
      const meta = document.createElement("meta");
      meta.name = "theme-color";
      meta.content = getComputedStyle(root).getPropertyValue("--paper").trim();
      document.head.prepend(meta);
    }
  };

  const keep = (settings) => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(settings));
    } catch {
      /* Then they hold for this document. */
    }
  };

  /* Change the document, and leave the line that is being read where it is. */
  const still = (change) => {
    const read = document.elementsFromPoint(innerWidth / 2, innerHeight / 3);
    const line = read.find((element) => element.matches("main *"));
    const before = line?.getBoundingClientRect().top;
    change();
    if (line && scrollY > 0) {
      scrollBy({ top: line.getBoundingClientRect().top - before, behavior: "instant" });
    }
  };

  const bind = () => {
    const form = document.getElementById("page.settings").querySelector("form");
    const controls = [...form.elements].filter((control) => control.name);
    for (const control of controls) {
      const set = root.getAttribute(`data-${control.name}`);
      if (set !== null) {
        if (control.type === "radio") {
          control.checked = control.value === set;
        } else if (control.type === "checkbox") {
          control.checked = set !== "off";
        } else {
          control.value = set;
        }
      }
    }

    form.addEventListener("input", () => still(() => {
      const settings = {};
      for (const control of controls) {
        const name = control.name;
        if (control.type === "checkbox") {
          settings[name] = control.checked ? "" : "off";
        } else if (control.type === "range" ? control.value !== control.defaultValue : control.checked) {
          settings[name] = control.value;
        }
      }
      for (const { name } of controls) {
        settings[name] ? root.setAttribute(`data-${name}`, settings[name]) : root.removeAttribute(`data-${name}`);
      }
      keep(Object.fromEntries(Object.entries(settings).filter(([, value]) => value)));
      colourFrame();
    }));
    form.addEventListener("submit", (event) => event.preventDefault());
    colourFrame();
    for (const element of document.querySelectorAll(".scripted")) {
      element.hidden = false;
    }
  };
  document.addEventListener("DOMContentLoaded", bind);
})();
