{# Where the reader stopped: remembered for the book and for each document by the id nearest to the
   top of the window, so that it holds whatever the size of type.  The title page leads on to the
   book's last place; a document that is opened at its head offers its own.  Nothing scrolls by
   itself: going back, reloading and addresses with a place in them are the browser's own. #}
"use strict";

(() => {
  const folder = new URL(".", location.href).pathname;
  const KEPT = `octavo.places ${folder}`;
  const name = location.pathname.slice(folder.length) || "index.html";
  const resume = document.querySelector("a.resume");

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? { documents: {} };
    } catch {
      return { documents: {} };
    }
  };

  const keep = (places) => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(places));
    } catch {
      {# Then it is not remembered. #}
    }
  };

  const offer = (place, address) => {
    resume.href = address;
    resume.querySelector("cite").textContent = place.title;
    const at = resume.querySelector(".at");
    at.hidden = !place.folio;
    at.lastElementChild.textContent = place.folio;
    resume.hidden = false;
  };

  const places = read();
  if (name === "index.html") {
    if (places.last) {
      offer(places.last, `${places.last.name}#${places.last.id}`);
    }
    return;
  }

  const [arrival] = performance.getEntriesByType("navigation");
  const place = places.documents[name];
  const there = place && document.getElementById(place.id);
  if (there && !location.hash && arrival?.type === "navigate"
      && there.getBoundingClientRect().top > innerHeight) {
    offer(place, `#${place.id}`);
    resume.addEventListener("click", () => { resume.hidden = true; });
  }

  {# Only what is read through counts: neither notes nor lists that the tool makes. #}
  const now = () => {
    const marks = [...document.querySelectorAll(".section.text [id]:not(.notes, .notes *)")];
    const isAbove = (element) => element.getBoundingClientRect().top < 8;
    const at = marks.findLastIndex(isAbove);
    const page = marks.slice(0, at + 1).findLast((mark) => mark.matches("[role~='doc-pagebreak']"));
    return at < 0 ? null : {
      id: marks[at].id,
      folio: page?.getAttribute("aria-label") ?? "",
      title: marks[at].closest(".section").querySelector(".section-title .title").textContent,
    };
  };

  let waiting = 0;
  const note = () => {
    clearTimeout(waiting);
    waiting = 0;
    const found = now();
    if (found) {
      const kept = read();
      kept.documents[name] = found;
      kept.last = { name, ...found };
      keep(kept);
    }
  };
  addEventListener("scroll", () => {
    if (scrollY > innerHeight) {
      resume.hidden = true;
    }
    waiting ||= setTimeout(note, 500);
  }, { passive: true });
  addEventListener("pagehide", () => waiting && note());
})();
