{# Notes as popovers (HTML §6.12).  Without this file a note stands beside its call too, by the
   stylesheet alone; with it, opening one makes no step in the history, Esc or a click elsewhere
   closes it, and the focus goes back to the call. #}
"use strict";

(() => {
  if (!("popover" in HTMLElement.prototype)) {
    return;
  }

  const noteOf = (call) =>
    document.getElementById(decodeURIComponent(call.hash.slice(1))).querySelector(".note-text");

  const open = (call, note) => {
    call.focus({ preventScroll: true });
    call.setAttribute("aria-expanded", "true");
    note.setAttribute("popover", "auto");
    note.setAttribute("tabindex", "-1");
    note.showPopover();
    note.focus({ preventScroll: true });
    note.addEventListener("toggle", function closed(event) {
      if (event.newState === "closed") {
        note.removeEventListener("toggle", closed);
        note.removeAttribute("popover");
        note.removeAttribute("tabindex");
        call.removeAttribute("aria-expanded");
      }
    });
  };

  {# A press on the call of the open note closes the note before the click arrives. #}
  let closing = null;
  document.addEventListener("pointerdown", (event) => {
    const call = event.target.closest("a.note-call");
    closing = call && call.hasAttribute("aria-expanded") ? call : null;
  }, true);

  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    const call = event.target.closest("a.note-call");
    if (call) {
      event.preventDefault();
      if (call !== closing) {
        open(call, noteOf(call));
      }
      closing = null;
      return;
    }
    const number = event.target.closest(":popover-open a.note-number");
    if (number) {
      event.preventDefault();
      number.closest(":popover-open").hidePopover();
    }
  });

  {# What has popped up would be printed above the text, on every page.  Without its attribute it is
     back in the list at once. #}
  addEventListener("beforeprint", () =>
    document.querySelector(".note-text:popover-open")?.removeAttribute("popover"));

  {# An address that a call led to before there was a script leads to that call. #}
  const arrived = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (arrived && arrived.matches(".notes li")) {
    location.replace(arrived.querySelector(".note-number").hash);
  }
})();
