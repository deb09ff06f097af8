{# Problems: all of them in a list, and each at its paragraph, with file and line. #}

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, pre, dl, figure, table, blockquote";
const BOX = "octavo-problem";

const element = (owner, name, className, words) => {
  const made = owner.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
};

{# A problem's words, and a button that opens its place. #}
const told = (owner, problem, open) => {
  const place = element(owner, "button", "place", problem.place);
  place.type = "button";
  place.addEventListener("click", () => open(problem));
  const where = element(owner, "p", "where", "");
  where.append(place);
  const said = element(owner, "p", "message", `${problem.severity}: ${problem.message} `);
  said.append(element(owner, "span", "rule", `[${problem.rule}]`));
  const hint = problem.hint ? [element(owner, "p", "hint", `hint: ${problem.hint}`)] : [];
  return [where, said, ...hint];
};

{# The block of the document at which a problem is shown, or null. #}
const blockOf = (owner, problem, sources) => {
  const own = problem.section && owner.getElementById(problem.section);
  const isOwn = own && sources[problem.section] === problem.path;
  const all = isOwn
    ? [...own.querySelectorAll("[data-line]")].filter((one) => !one.closest("[data-path]"))
    : [...owner.querySelectorAll(`[data-path="${CSS.escape(problem.path)}"]`)];
  const line = isOwn ? problem.shown_line : problem.line;
  const lineOf = (one) => Number(one.dataset.line);
  const before = all.filter((one) => lineOf(one) <= line);
  const nearest = Math.max(0, ...before.map(lineOf));
  const there = before.filter((one) => lineOf(one) === nearest);
  {# A note in place begins on its paragraph's line. #}
  const found = there.find((one) => !one.closest(".notes")) ?? there[0]
    ?? (isOwn ? own.querySelector(".section-title") : null);
  return found?.closest("figure, table")?.closest(".scroll, figure") ?? found?.closest(BLOCKS)
    ?? found;
};

export class Problems {
  constructor(list, button, open) {
    this.list = list;
    this.button = button;
    this.open = open;
    this.all = [];
    button.addEventListener("click", () => {
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
    });
  }

  get errors() {
    return this.all.filter((problem) => problem.severity === "error").length;
  }

  show(problems) {
    const had = this.errors;
    this.all = problems;
    const items = problems.map((problem) => {
      const item = element(document, "li", problem.severity, "");
      item.append(...told(document, problem, this.open));
      return item;
    });
    this.list.firstElementChild.replaceChildren(...items);
    const count = (number, word) => (number ? [`${number} ${word}${number === 1 ? "" : "s"}`] : []);
    const counts = [
      ...count(this.errors, "error"),
      ...count(problems.length - this.errors, "warning"),
    ];
    this.button.textContent = counts.join(", ");
    this.button.hidden = !problems.length;
    if (!problems.length || (had && !this.errors)) {
      this.list.hidden = true;
    } else if (this.errors && !had) {
      this.list.hidden = false;
    }
    this.button.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  {# Put each problem at its paragraph in a document. #}
  place(owner, sources) {
    this.clear(owner);
    for (const problem of this.all) {
      const block = blockOf(owner, problem, sources);
      if (block) {
        const box = element(owner, "aside", `${BOX} ${problem.severity}`, "");
        box.append(...told(owner, problem, this.open));
        block[block.matches(".section-title") ? "after" : "before"](box);
      }
    }
  }

  clear(owner) {
    owner.querySelectorAll(`.${BOX}`).forEach((box) => box.remove());
  }
}
