{# The preview's page: it hears from the server what has changed, and has its panes show it. #}

import { Text } from "./frame.js";
import { Pages } from "./pages.js";
import { Problems } from "./problems.js";

const byId = (id) => document.getElementById(id);
const status = byId("status");

let sources = {};
let isBehind = false;
let hasEnded = false;
let isDue = false;
let reading = null;

const open = async ({ path, line, column = 1, shown = "" }) => {
  const asked = new URLSearchParams({ path, line, column, shown });
  const answer = await fetch(`/source?${asked}`);
  if (answer.ok) {
    const { href } = await answer.json();
    /^https?:/.test(href) ? window.open(href, "_blank", "noopener") : location.assign(href);
  }
};

const problems = new Problems(byId("problems"), byId("problems-button"), open);

const pages = new Pages(byId("pages"), {
  clicked: ({ folio, document: name }, part) => {
    if (!(text.name === name && text.show(folio, part)) && name) {
      text.go(`${encodeURIComponent(name)}#page-${folio}`);
    }
  },
});

{# In a narrow window only one of the panes is there; the other knows then what was read last. #}
const follow = () => {
  isDue = false;
  if (byId("text").clientWidth) {
    reading = text.reading();
  }
  byId("folio").textContent = reading ? `page ${reading.folio}` : "";
  if (reading && byId("pages").clientWidth) {
    pages.follow(reading, text.name);
  }
};

const followSoon = () => {
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(follow);
  }
};

const placeProblems = () => {
  if (text.document?.body) {
    text.still(() => problems.place(text.document, sources));
  }
};

const text = new Text(byId("text"), {
  loaded: (name) => {
    document.title = text.document.title;
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    placeProblems();
    followSoon();
  },
  moved: followSoon,
  clicked: ({ section, path, line }) => {
    const own = path || sources[section];
    if (own) {
      open({ path: own, line, shown: path ? "" : "yes" });
    }
  },
});

const tell = () => {
  const isBroken = problems.errors > 0;
  const words = hasEnded
    ? "the preview has ended; start it again"
    : isBroken
      ? "what was sound last is shown"
      : isBehind
        ? "setting pages …"
        : "up to date";
  status.textContent = words;
  status.className = hasEnded ? "ended" : isBroken ? "broken" : isBehind ? "behind" : "";
};

const HEARD = {
  {# The first time there is a frame to be filled; later it is loaded anew. #}
  frame: () => {
    const name = decodeURIComponent(location.hash.slice(1)) || "index.html";
    if (byId("text").src) {
      text.reload();
    } else {
      byId("text").src = `/web/${encodeURIComponent(name)}`;
    }
  },
  style: (number) => text.restyle(number),
  text: (given) => {
    sources = given.sources;
    text.renew();
  },
  problems: (given) => {
    problems.show(given);
    placeProblems();
  },
  pages: (given) => {
    pages.show(given);
    followSoon();
  },
  behind: (given) => {
    isBehind = given;
  },
};

const events = new EventSource("/events");
for (const [name, hear] of Object.entries(HEARD)) {
  events.addEventListener(name, (event) => {
    hasEnded = false;
    hear(JSON.parse(event.data));
    tell();
  });
}
events.addEventListener("open", () => {
  hasEnded = false;
  tell();
});
events.addEventListener("error", () => {
  hasEnded = true;
  tell();
});

const panes = byId("panes-button");
const showPanes = (hasPages) => {
  document.body.classList.toggle("text-alone", !hasPages);
  panes.setAttribute("aria-pressed", String(hasPages));
  followSoon();
};
addEventListener("resize", followSoon);
panes.addEventListener("click", () => showPanes(document.body.classList.contains("text-alone")));
showPanes(matchMedia("(min-width: 48rem)").matches);
