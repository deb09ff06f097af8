{# The text pane: a document of the web edition in a frame of the same origin.  It is fetched again
   when the book has changed, and what is new is put in its place; nothing moves. #}

import { patch } from "./patch.js";

const OWN = "a, button, input, select, textarea, summary, label, dialog, [popover]";
const BREAKS = "main [role~='doc-pagebreak']";

{# Where in the window reading happens: a quarter from its top. #}
export const READING = 0.25;

export class Text {
  constructor(frame, { loaded, moved, clicked }) {
    this.frame = frame;
    this.told = { loaded, moved, clicked };
    this.before = null;
    this.renewing = null;
    frame.addEventListener("load", () => this.arrive());
  }

  get document() {
    return this.frame.contentDocument;
  }

  get window() {
    return this.frame.contentWindow;
  }

  {# The name of the document, as "introduction.html". #}
  get name() {
    const path = this.window.location.pathname;
    return decodeURIComponent(path.replace(/^\/web\//, ""));
  }

  go(address) {
    this.window.location.assign(`/web/${address}`);
  }

  {# Scripts and templates may have changed: the browser keeps the place. #}
  reload() {
    this.before = null;
    this.window.location.reload();
  }

  async arrive() {
    const here = this.document;
    this.before = null;
    if (!here || !here.getElementById("page.main")) {
      return;
    }
    const style = here.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: "/preview/frame.css" });
    here.head.append(style);
    here.addEventListener("click", (event) => this.click(event));
    this.window.addEventListener("scroll", () => this.told.moved(), { passive: true });
    this.window.addEventListener("resize", () => this.told.moved());
    this.told.loaded(this.name);
    {# What the frame was given, from the browser's cache. #}
    const given = await this.fetched("force-cache");
    if (this.document === here && given) {
      this.before = given;
      this.renew();
    }
  }

  async fetched(cache) {
    const answer = await fetch(this.window.location.pathname, { cache });
    if (!answer.ok) {
      return null;
    }
    const tag = answer.headers.get("ETag");
    const tree = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { tag, tree };
  }

  {# Show the document as it is now; what comes while that is done is shown after it. #}
  renew() {
    const again = async () => {
      const here = this.document;
      if (!this.before) {
        return;
      }
      const after = await this.fetched("no-cache");
      if (!after) {
        this.go("index.html");
      } else if (this.before && this.document === here && after.tag !== this.before.tag) {
        this.put(after);
      }
    };
    this.renewing = (this.renewing ?? Promise.resolve()).then(again).catch(() => {});
  }

  put(after) {
    const before = this.before;
    this.before = after;
    const changed = [];
    this.still(() => {
      const sign = this.document.querySelector("button.permalink");
      this.document.querySelector("main > div.cite")?.prepend(...(sign ? [sign] : []));
      this.document.title = after.tree.title;
      patch(this.document.body, before.tree.body, after.tree.body, changed);
    });
    for (const element of changed.filter((one) => one.closest("main"))) {
      element.classList.add("octavo-changed");
      setTimeout(() => element.classList.remove("octavo-changed"), 2000);
    }
    this.told.loaded(this.name);
  }

  {# Change the document, and leave what is read where it is. #}
  still(change) {
    const view = this.window;
    const line = view.innerHeight * READING;
    const shown = [...this.document.querySelectorAll("main [data-line], main h1, main li")]
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.height && box.bottom > 0 && box.top < view.innerHeight)
      .sort(([, one], [, other]) => Math.abs(one.top - line) - Math.abs(other.top - line));
    change();
    const found = shown.find(([element]) => element.isConnected);
    if (found && view.scrollY > 0) {
      const [element, box] = found;
      view.scrollBy({ top: element.getBoundingClientRect().top - box.top, behavior: "instant" });
    }
  }

  {# The stylesheet has changed: the new one takes over when it is there. #}
  restyle(number) {
    const old = this.document?.querySelector("link[rel='stylesheet'][href^='style.css']");
    if (old) {
      const now = old.cloneNode();
      now.href = `style.css?${number}`;
      now.addEventListener("load", () => this.still(() => old.remove()));
      old.after(now);
    }
  }

  click(event) {
    const link = event.target.closest("a[href]");
    if (link && link.host !== location.host) {
      event.preventDefault();
      window.open(link.href, "_blank", "noopener");
      return;
    }
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const block = event.target.closest("main [data-line]");
    const selection = this.window.getSelection();
    if (block && isPlain && !event.defaultPrevented && selection.isCollapsed
        && !event.target.closest(OWN)) {
      const section = block.closest(".section")?.id ?? "";
      const path = block.closest("[data-path]")?.dataset.path ?? "";
      this.told.clicked({ section, path, line: Number(block.dataset.line) });
    }
  }

  {# The places where printed pages begin, from the document's top: folio and height. #}
  breaks() {
    const top = this.window.scrollY;
    return [...this.document.querySelectorAll(BREAKS)]
      .filter((mark) => !mark.closest(".notes"))
      .map((mark) => ({
        folio: mark.getAttribute("aria-label"),
        top: top + mark.getBoundingClientRect().top,
      }))
      .sort((one, other) => one.top - other.top);
  }

  {# Where the last page ends: where the notes begin, or the document's end. #}
  end() {
    const notes = this.document.querySelector("main .notes") ?? this.document.querySelector("main > .cite");
    const last = notes?.getBoundingClientRect().top ?? this.document.documentElement.scrollHeight;
    return this.window.scrollY + last;
  }

  {# What is read: the folio of its printed page, and how far down that page it stands (0 to 1). #}
  reading() {
    const breaks = this.document?.body ? this.breaks() : [];
    if (!breaks.length) {
      return null;
    }
    const room = this.document.documentElement.scrollHeight - this.window.innerHeight;
    const part = room > 0 ? this.window.scrollY / room : 0;
    {# At the document's ends the line of reading goes to the window's edges. #}
    const line = this.window.scrollY + this.window.innerHeight * part;
    const place = Math.max(0, breaks.findLastIndex((one) => one.top <= line + 1));
    const { folio, top } = breaks[place];
    const bottom = Math.max(breaks[place + 1]?.top ?? this.end(), top + 1);
    return { folio, part: Math.min(1, Math.max(0, (line - top) / (bottom - top))), at: part };
  }

  {# Go to a place on a printed page whose beginning the document has. #}
  show(folio, part) {
    const breaks = this.breaks();
    const place = breaks.findIndex((one) => one.folio === folio);
    if (place < 0) {
      return false;
    }
    const { top } = breaks[place];
    const bottom = breaks[place + 1]?.top ?? this.end();
    const line = top + part * (bottom - top);
    this.window.scrollTo({ top: line - this.window.innerHeight * READING, behavior: "instant" });
    return true;
  }
}
