/* The pages of the printed edition: a box to go to one, and a switch for their numbers.  Without
   this file the numbers stand in the margin, and a page's address leads to it in its document. */
"use strict";

(() => {
  const homes = {{ homes | tojson }};
  const OFF = "octavo.pages.off";

  const remembered = () => {
    try {
      return localStorage.getItem(OFF);
    } catch {
      return null;
    }
  };

  const show = (shown) => {
    document.documentElement.toggleAttribute("data-pages-off", !shown);
    try {
      shown ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    } catch {
      /* Then it is not remembered. */
    }
  };

  const go = (folio, replace) => {
    if (!Object.hasOwn(homes, folio)) {
      return false;
    }
    const hash = `#page-${folio}`;
    const address = document.getElementById(hash.slice(1)) ? hash : homes[folio] + hash;
    replace ? location.replace(address) : location.assign(address);
    return true;
  };

  const form = document.querySelector("form.pages");
  if (form) {
    const [box, shown] = [form.elements.page, form.elements.shown];
    form.hidden = false;
    shown.checked = remembered() === null;
    show(shown.checked);
    shown.addEventListener("change", () => show(shown.checked));
    box.addEventListener("input", () => box.setCustomValidity(""));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!go(box.value.trim().toLowerCase(), false)) {
        box.setCustomValidity(form.dataset.unknown);
        box.reportValidity();
      }
    });
  }

  /* The address of a page that stands in another document leads there. */
  const arrived = () => {
    const found = /^#page-(\w+)$/.exec(location.hash);
    if (found && !document.getElementById(found[0].slice(1))) {
      go(found[1], true);
    }
  };
  addEventListener("hashchange", arrived);
  arrived();
})();
