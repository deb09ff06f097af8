{# What the reader has set: size, measure, colours, ends of lines, numbers of pages, keys.  The head
   loads this file before the stylesheet and waits for it, so that the first paint is right already.
   Settings are attributes of the root element, one each; what is not set has none. #}
"use strict";

(() => {
  const KEPT = "octavo.reading";
  const root = document.documentElement;

  try {
    for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(KEPT)) ?? {})) {
      root.setAttribute(`data-${name}`, value);
    }
  } catch {
    {# Nothing is remembered, or nothing of ours. #}
  }

  {# Does the browser divide words of this language?  Two columns of no width tell: a word that is
     divided takes more lines.  One word for each of the scripts whose words are. #}
  const probe = root.appendChild(document.createElement("p"));
  probe.textContent = "internationalisation интернационализация διεθνοποίηση";
  Object.assign(probe.style, { position: "absolute", width: "0", hyphens: "manual" });
  const whole = probe.offsetHeight;
  probe.style.hyphens = "auto";
  root.toggleAttribute("data-hyphenates", probe.offsetHeight > whole);
  probe.remove();

  root.setAttribute("data-scripted", "");

  {# Browsers colour their own frame, too. #}
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
      {# Then they hold for this document. #}
    }
  };

  {# Change the document, and leave the line that is being read where it is. #}
  const still = (change) => {
    const read = document.elementsFromPoint(innerWidth / 2, innerHeight / 3);
    const line = read.find((element) => element.matches("main *"));
    const before = line?.getBoundingClientRect().top;
    change();
    if (line && scrollY > 0) {
      scrollBy({ top: line.getBoundingClientRect().top - before, behavior: "instant" });
    }
  };

  const show = (control, value) => {
    if (control.type === "radio") {
      control.checked = control.value === value;
    } else if (control.type === "checkbox") {
      control.checked = value !== "off";
    } else {
      control.value = value;
    }
  };

  {# What a control says, if it says anything that does not hold anyway. #}
  const said = (control) => {
    switch (control.type) {
      case "radio": return control.checked ? control.value : "";
      case "checkbox": return control.checked ? "" : "off";
      default: return control.value === control.defaultValue ? "" : control.value;
    }
  };

  const bind = () => {
    const form = document.getElementById("page.settings").querySelector("form");
    const controls = [...form.elements].filter((control) => control.name);
    for (const control of controls) {
      if (root.hasAttribute(`data-${control.name}`)) {
        show(control, root.getAttribute(`data-${control.name}`));
      }
    }

    form.addEventListener("input", () => still(() => {
      const settings = {};
      for (const control of controls) {
        root.removeAttribute(`data-${control.name}`);
        if (said(control)) {
          settings[control.name] = said(control);
        }
      }
      for (const [name, value] of Object.entries(settings)) {
        root.setAttribute(`data-${name}`, value);
      }
      keep(settings);
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
