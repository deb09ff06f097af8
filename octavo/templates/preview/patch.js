{# Puts what is new in a document into the one that is shown, in place.  Compared are two documents
   as the server gave them; the one that is shown may have been changed by its scripts, and is
   touched only where the two differ. #}

const LINES = / data-(?:line|path)="[^"]*"/g;
const MOST_COMPARED = 1000000;

{# An element without the lines that its blocks stand on: these change wherever one is put in. #}
const written = new WeakMap();
const writtenOf = (element) => {
  if (!written.has(element)) {
    written.set(element, element.outerHTML.replace(LINES, ""));
  }
  return written.get(element);
};

const hasText = (element) =>
  [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

const copy = (node, live) => live.ownerDocument.importNode(node, true);

{# Tell the blocks of an element, whose words are the same, the lines that they stand on now. #}
const tellLines = (live, after) => {
  const ours = [live, ...live.querySelectorAll("[data-line]")];
  const theirs = [after, ...after.querySelectorAll("[data-line]")];
  if (ours.length === theirs.length) {
    theirs.forEach((one, place) => setLines(ours[place], one));
  }
};

const setLines = (live, after) => {
  for (const name of ["data-line", "data-path"]) {
    if (after.hasAttribute(name)) {
      live.setAttribute(name, after.getAttribute(name));
    } else {
      live.removeAttribute(name);
    }
  }
};

const setAttributes = (live, before, after) => {
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) {
      live.setAttribute(name, value);
    }
  }
  for (const { name } of before.attributes) {
    if (!after.hasAttribute(name)) {
      live.removeAttribute(name);
    }
  }
};

{# The longest common subsequence of two lists of elements, as pairs of places. #}
const common = (old, now) => {
  if (old.length * now.length > MOST_COMPARED) {
    return [];
  }
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = writtenOf(old[i]) === writtenOf(now[j])
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const pairs = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (writtenOf(old[i]) === writtenOf(now[j])) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return pairs;
};

{# Which of the old elements each new one is: itself, or another that it has been made of. #}
const partners = (old, now) => {
  let head = 0;
  const least = Math.min(old.length, now.length);
  while (head < least && writtenOf(old[head]) === writtenOf(now[head])) {
    head += 1;
  }
  let tail = 0;
  while (tail < least - head
      && writtenOf(old[old.length - 1 - tail]) === writtenOf(now[now.length - 1 - tail])) {
    tail += 1;
  }
  const found = new Map();
  for (let place = 0; place < head; place += 1) {
    found.set(place, place);
  }
  for (let place = 1; place <= tail; place += 1) {
    found.set(now.length - place, old.length - place);
  }
  const same = common(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  let [i, j] = [head, head];
  const pairs = same.map(([a, b]) => [a + head, b + head]);
  for (const [a, b] of [...pairs, [old.length - tail, now.length - tail]]) {
    while (i < a && j < b) {
      if (old[i].tagName === now[j].tagName) {
        found.set(j, i);
      }
      i += 1;
      j += 1;
    }
    if (b < now.length - tail) {
      found.set(b, a);
    }
    [i, j] = [a + 1, b + 1];
  }
  return found;
};

{# Make `live`, which shows `before`, show `after`; elements whose words have changed are added to
   `changed`. #}
export const patch = (live, before, after, changed) => {
  if (writtenOf(before) === writtenOf(after)) {
    tellLines(live, after);
    return;
  }
  setAttributes(live, before, after);
  if (live.tagName === "TEMPLATE") {
    live.innerHTML = after.innerHTML;
    return;
  }
  const children = [...live.children];
  if (hasText(before) || hasText(after) || children.length !== before.children.length) {
    live.replaceChildren(...[...after.childNodes].map((node) => copy(node, live)));
    changed.push(live);
    return;
  }
  const [old, now] = [[...before.children], [...after.children]];
  const found = partners(old, now);
  const kept = new Set(found.values());
  children.filter((_, place) => !kept.has(place)).forEach((child) => child.remove());
  let next = live.firstElementChild;
  now.forEach((child, place) => {
    if (found.has(place)) {
      const own = children[found.get(place)];
      patch(own, old[found.get(place)], child, changed);
      next = own.nextElementSibling;
    } else {
      const made = copy(child, live);
      live.insertBefore(made, next);
      changed.push(made);
    }
  });
};
