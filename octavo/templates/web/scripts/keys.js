{# Keys: whatever bears `data-key` is pressed by that key, unless the reader writes, scrolls a box,
   has something open, or has switched keys off (WCAG 2.2, 2.1.4). #}
"use strict";

(() => {
  const BUSY = "input, select, textarea, [contenteditable], .scroll, pre";
  const dialog = document.getElementById("page.keys");

  const scrollsSideways = () =>
    document.documentElement.scrollWidth > innerWidth || visualViewport.scale > 1;

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey
        || document.documentElement.dataset.keys === "off" || target.closest?.(BUSY)
        || document.querySelector("dialog[open], [popover]:popover-open")) {
      return;
    }
    if (key.startsWith("Arrow") && (event.shiftKey || scrollsSideways())) {
      return;
    }
    const pressed = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (pressed) {
      event.preventDefault();
      pressed.click();
    }
  });

  document.querySelector('[data-key="?"]').addEventListener("click", (event) => {
    event.target.closest(":popover-open")?.hidePopover();
    dialog.showModal();
  });
})();
