{# What the search finds, and shows: a module over Pagefind, which reads an index of the book's parts
   as far as it needs.  search.js loads it when the search is used. #}
const TAG = {{ search_tag | tojson }};
const BETWEEN_HAN = {{ between_han | tojson }};
const APART = {{ letters_apart | tojson }};
const AT_ONCE = 10;
const EXCERPT = 32;
const BEFORE = 6;

const dialog = document.querySelector("dialog.search");
const results = dialog.querySelector(".results");

{# The index has letters such as "đ" taken apart, and Chinese characters one by one. #}
const indexed = (text) => Object.entries(APART)
  .reduce((made, [letter, apart]) => made.replaceAll(letter, apart), text.normalize("NFC"))
  .replace(new RegExp(BETWEEN_HAN, "gu"), " ");
const readable = (text) => Object.entries(APART)
  .reduce((made, [letter, apart]) => made.replaceAll(apart, letter), text);
const joined = (words) => words.reduce((text, word) => text + gap(text, word) + word, "");
const gap = (before, word) =>
  (!before || new RegExp(BETWEEN_HAN, "u").test(before.slice(-2) + word) ? "" : " ");

{# The parts that have the words asked for side by side, then those that have them anywhere.
   Those that have them in the name of their document alone are left out. #}
const partsWith = async (pagefind, query) => {
  const anywhere = await pagefind.search(query);
  const together = /\s/.test(query) ? await pagefind.search(`"${query}"`) : { results: [] };
  const ids = new Set(together.results.map((part) => part.id));
  return [...together.results, ...anywhere.results.filter((part) => !ids.has(part.id))]
    .filter((part) => part.words.length);
};

{# Where a part is found: the passage with the most of what was asked for, and the page and the
   id before it.  A heading is shown by itself: if nothing else is found, the text behind it. #}
const PAGE = /^page-(\w+)$/;
const place = (part) => {
  const words = part.content.split(/\s+/);
  const heading = part.meta.title.split(/\s+/).length;
  const spots = part.weighted_locations.filter((spot) => spot.location >= heading)
    .sort((a, b) => a.location - b.location);
  const weigh = (first) => spots
    .filter(({ location: at }) => at >= first && at < first + EXCERPT - BEFORE)
    .reduce((sum, spot) => sum + spot.balanced_score, 0);
  const at = spots.reduce((best, { location: spot }) =>
    (weigh(spot) > weigh(best) ? spot : best), spots[0]?.location ?? heading);
  const before = part.anchors.filter((anchor) => anchor.location <= at);
  const page = before.findLast((anchor) => PAGE.test(anchor.id));
  const id = before.findLast((anchor) => !PAGE.test(anchor.id))?.id ?? "";
  const start = Math.max(heading, at - BEFORE);
  const marked = new Set(spots.map((spot) => spot.location));
  return {
    words: words.slice(start, start + EXCERPT),
    marks: words.slice(start, start + EXCERPT).map((_, index) => marked.has(start + index)),
    begins: start === heading,
    ends: start + EXCERPT >= words.length,
    page: page ? PAGE.exec(page.id)[1] : "",
    address: `${part.raw_url.split("#")[0]}#${encodeURIComponent(id)}`
      + (spots.length ? `:~:text=${directive(words, at, marked)}` : ""),
  };
};

{# The words found, with the word before them, for browsers that look for words and mark them
   (URL Fragment Text Directives); others go to the id. #}
const directive = (words, at, marked) => {
  let end = at;
  while (marked.has(end + 1)) {
    end += 1;
  }
  const encoded = (text) => encodeURIComponent(readable(text)).replaceAll("-", "%2D");
  const text = joined(words.slice(at, end + 1)).replace(/[^\p{L}\p{M}\p{N}]+$/u, "");
  return (at > 0 ? `${encoded(words[at - 1])}-,` : "") + encoded(text);
};

{# What is shown #}

const make = (name, className, ...content) => {
  const element = document.createElement(name);
  if (className) {
    element.className = className;
  }
  element.append(...content);
  return element;
};

const excerpt = ({ words, marks, begins, ends }) => {
  const line = make("p", "excerpt", begins ? "" : "… ");
  words.forEach((word, index) => {
    const shown = readable(word);
    line.append(gap(words[index - 1] ?? "", word), marks[index] ? make("mark", "", shown) : shown);
  });
  line.append(ends ? "" : " …");
  return line;
};

const entry = (part) => {
  const where = place(part);
  const link = make("a", "", make("span", "title", readable(part.meta.title)));
  link.href = where.address;
  if (where.page) {
    link.append(" ", make("span", "folio", `${dialog.dataset.page} ${where.page}`));
  }
  return make("li", "", link, ...(where.words.length ? [excerpt(where)] : []));
};

const show = async (parts, limit, isCurrent) => {
  const loadedParts = await Promise.all(parts.slice(0, limit).map((part) => part.data()));
  if (!isCurrent()) {
    return;
  }
  const groups = new Map();
  for (const part of loadedParts) {
    groups.set(part.meta.document, [...(groups.get(part.meta.document) ?? []), part]);
  }
  const shown = [...groups].map(([title, members]) =>
    make("section", "", make("h2", "", readable(title)), make("ol", "", ...members.map(entry))));
  if (parts.length > limit) {
    const more = make("button", "more", dialog.dataset.more);
    more.type = "button";
    more.addEventListener("click", async () => {
      await show(parts, limit + AT_ONCE, isCurrent);
      results.querySelectorAll("a")[limit]?.focus();
    });
    shown.push(more);
  }
  results.replaceChildren(...shown);
};

{# Pagefind, ready: gives the function that shows what is found, and tells how many parts that is. #}
export const begin = async () => {
  const { createInstance } = await import(new URL("search/pagefind.js", import.meta.url));
  const pagefind = createInstance({
    noWorker: true,
    metaCacheTag: TAG,
    ranking: { termSimilarity: 9, metaWeights: { document: 0 } },
  });
  await pagefind.init();
  return async (query, isCurrent) => {
    const parts = await partsWith(pagefind, indexed(query));
    await show(parts, AT_ONCE, isCurrent);
    return parts.length;
  };
};
