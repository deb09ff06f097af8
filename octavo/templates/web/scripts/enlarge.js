{# Pictures large, in a dialog.  Without this file the link below a picture leads to its file. #}
"use strict";

(() => {
  const dialog = document.getElementById("page.enlarged");
  const box = dialog.querySelector(".picture");

  document.addEventListener("click", (event) => {
    const picture = event.target.closest("figure.figure img");
    const link = event.target.closest(".enlarge > a")
      ?? picture?.closest("figure").nextElementSibling?.querySelector(":scope > a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const figure = link.parentElement.previousElementSibling;
    const shown = figure.querySelector("img");
    const large = new Image(shown.width, shown.height);
    large.className = shown.className;
    large.alt = shown.alt;
    large.src = link.href;
    box.replaceChildren(large);
    dialog.setAttribute("aria-label", figure.querySelector("figcaption")?.innerText ?? shown.alt);
    link.focus({ preventScroll: true });
    dialog.showModal();
  });

  {# A click beside the picture closes. #}
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === box) {
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => box.replaceChildren());
})();
