{# The pages of the printed edition: a box to go to one.  Without this file a page's address leads to
   it in its document. #}
"use strict";

(() => {
  const homes = {{ homes | tojson }};

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
    const box = form.elements.page;
    form.hidden = false;
    box.addEventListener("input", () => box.setCustomValidity(""));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!go(box.value.trim().toLowerCase(), false)) {
        box.setCustomValidity(form.dataset.unknown);
        box.reportValidity();
      }
    });
  }

  {# The address of a page that stands in another document leads there. #}
  const arrived = () => {
    const found = /^#page-(\w+)$/.exec(location.hash);
    if (found && !document.getElementById(found[0].slice(1))) {
      go(found[1], true);
    }
  };
  addEventListener("hashchange", arrived);
  arrived();
})();
