{# "Cite this passage": a sign beside the passage that the reader points at, or has come for, and a
   dialog with its citations.  Without this file the citations of the whole document stand at its
   end.  Citations are made when the book is built, with %first%, %last% and %url% in the place of
   what differs: the pages of the printed edition, and the address. #}
"use strict";

(() => {
  const main = document.getElementById("page.main");
  const kept = document.getElementById("page.citations");
  const dialog = document.getElementById("page.cite");
  if (!kept || !dialog || !dialog.showModal) {
    return;
  }

  const sign = document.querySelector("button.permalink");
  const PASSAGES = ":is(p, li, dd, pre, figure, h1, h2, h3, h4, h5, h6)";

  {# The id of a passage: its own, or what stands first in it; a caption has its figure's. #}
  const idOf = (element) => {
    const place = element.matches("figure") ? element.querySelector("figcaption") : element;
    const anchor = place && place.querySelector(":scope > .anchor");
    return anchor && anchor.id.startsWith("p--") && !element.matches("[id^='p--']")
      ? anchor.id
      : element.id;
  };

  const all = [...main.querySelectorAll(PASSAGES)].filter((one) => {
    const isText = one.closest(".section") && !one.closest(".notes, nav, figcaption, td, th");
    return isText && idOf(one);
  });
  const places = new Map(all.map((passage, place) => [passage, place]));

  const passageAt = (element) => {
    let found = element.closest(PASSAGES);
    while (found && !places.has(found)) {
      found = found.parentElement.closest(PASSAGES);
    }
    return found;
  };

  let current = null;
  const point = (passage) => {
    if (passage && passage !== current) {
      const hadFocus = document.activeElement === sign;
      current = passage;
      sign.hidden = false;
      (passage.matches("figure") ? passage.querySelector("figcaption") : passage).prepend(sign);
      if (hadFocus) {
        sign.focus({ preventScroll: true });
      }
    }
  };

  main.addEventListener("pointerover", (event) => {
    if (document.activeElement !== sign) {
      point(passageAt(event.target));
    }
  });

  {# One stop for the keyboard: it stands at the passage that the reader came for, or the first;
     the arrows lead from it to the others. #}
  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    point((target && passageAt(target)) || current || all[0]);
  };
  addEventListener("hashchange", arrive);
  arrive();

  sign.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      const next = all[places.get(current) + step];
      if (next) {
        point(next);
        next.scrollIntoView({ block: "nearest" });
      }
    }
  });

  {# The printed pages that a passage stands on, by the marks of where they begin. #}
  const pagesOf = (passage) => {
    const section = passage.closest(".section");
    const pages = [];
    for (const mark of section.querySelectorAll("[role~='doc-pagebreak']")) {
      if (mark.closest(".notes")) {
        continue;
      }
      const order = passage.compareDocumentPosition(mark);
      if (order & Node.DOCUMENT_POSITION_CONTAINED_BY) {
        const before = document.createRange();
        before.setStart(passage, 0);
        before.setEndBefore(mark);
        const text = before.cloneContents();
        text.querySelectorAll(".permalink").forEach((one) => one.remove());
        if (!text.textContent.trim()) {
          pages.length = 0;
        }
        pages.push(mark.getAttribute("aria-label"));
      } else if (order & Node.DOCUMENT_POSITION_PRECEDING) {
        pages.splice(0, pages.length, mark.getAttribute("aria-label"));
      }
    }
    return pages;
  };

  const addressOf = (id) => {
    const canonical = document.querySelector("link[rel='canonical']");
    const onTheWeb = /^https?:$/.test(location.protocol);
    const base = canonical ? canonical.href : onTheWeb ? location.href.replace(/[?#].*$/, "") : "";
    return base && `${base}#${encodeURIComponent(id)}`;
  };

  const fill = (form, values) => {
    const made = form.cloneNode(true);
    const walker = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      walker.currentNode.data = walker.currentNode.data.replace(
        /%(first|last|url)%/g,
        (_, name) => values[name],
      );
    }
    return made.childNodes;
  };

  const open = () => {
    const id = idOf(current);
    const pages = pagesOf(current);
    const url = addressOf(id);
    const values = { first: pages[0], last: pages[pages.length - 1], url };
    const count = ["none", "one"][pages.length] || "several";
    const link = dialog.querySelector(".address");
    link.textContent = url || `#${id}`;
    link.href = url || `#${id}`;
    for (const place of dialog.querySelectorAll(".citation")) {
      const { name, kind } = place.dataset;
      const wanted = `[data-name="${name}"][data-kind="${kind}"]`;
      const pagesWanted = kind === "entry" ? "any" : count;
      const form = kept.content.querySelector(
        `${wanted}[data-pages="${pagesWanted}"][data-address="${url ? "yes" : "no"}"]`,
      );
      place.replaceChildren(...fill(form, values));
    }
    dialog.querySelector("[role='status']").textContent = "";
    dialog.showModal();
  };
  sign.addEventListener("click", open);

  {# A click beside the dialog closes it. #}
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  dialog.querySelector(".address").addEventListener("click", () => dialog.close());

  const copySelected = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };

  const copy = async (element) => {
    const plain = new Blob([element.textContent], { type: "text/plain" });
    const rich = new Blob([element.innerHTML], { type: "text/html" });
    const both = { "text/plain": plain, ...(element.matches("span") && { "text/html": rich }) };
    try {
      await navigator.clipboard.write([new ClipboardItem(both)]);
      return true;
    } catch {
      return copySelected(element);
    }
  };

  dialog.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (button) {
      const status = dialog.querySelector("[role='status']");
      const done = await copy(button.parentElement.querySelector(".address, .citation"));
      status.textContent = done ? status.dataset.copied : "";
    }
  });
})();
