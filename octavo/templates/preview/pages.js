{# The pane of printed pages: pictures of those that are near, each put in place of the one before
   when it is there, so that nothing flickers. #}

const NEAR = "150% 0px";
const STEP = 100;
const WIDEST = 3000;

export class Pages {
  constructor(pane, { clicked }) {
    this.pane = pane;
    this.clicked = clicked;
    this.sheets = [];
    this.figures = [];
    this.near = new Set();
    this.watcher = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        this.near[isIntersecting ? "add" : "delete"](target);
        this.draw(target);
      }
    }, { root: pane, rootMargin: NEAR });
    new ResizeObserver(() => this.near.forEach((figure) => this.draw(figure))).observe(pane);
  }

  {# Show these sheets; what is the same as before stays as it is. #}
  show({ trim, sheets }) {
    const [width, height] = trim;
    const documents = [...new Set(sheets.map((sheet) => sheet.document))];
    this.sheets = sheets;
    while (this.figures.length > sheets.length) {
      const figure = this.figures.pop();
      this.watcher.unobserve(figure);
      this.near.delete(figure);
      figure.remove();
    }
    sheets.forEach((sheet, place) => {
      const figure = this.figures[place] ?? this.add(place);
      const button = figure.firstElementChild;
      button.style.aspectRatio = `${width} / ${height}`;
      button.disabled = !sheet.picture;
      button.setAttribute("aria-label", `Page ${sheet.folio}`);
      figure.lastElementChild.textContent = sheet.folio;
      figure.dataset.document = documents.indexOf(sheet.document);
      this.draw(figure);
    });
  }

  add(place) {
    const figure = document.createElement("figure");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "sheet" });
    figure.append(button, document.createElement("figcaption"));
    button.addEventListener("click", (event) => {
      const box = button.getBoundingClientRect();
      const part = event.detail ? (event.clientY - box.top) / box.height : 0;
      this.clicked(this.sheets[place], part);
    });
    this.figures.push(figure);
    this.pane.append(figure);
    this.watcher.observe(figure);
    return figure;
  }

  {# Draw a page if it is near and shows something else. #}
  draw(figure) {
    const sheet = this.sheets[this.figures.indexOf(figure)];
    const button = figure.firstElementChild;
    if (!this.near.has(figure) || !sheet || !button.clientWidth) {
      return;
    }
    const exact = button.clientWidth * devicePixelRatio;
    const width = Math.min(WIDEST, Math.ceil(exact / STEP) * STEP);
    const wanted = sheet.picture && `/pages/${sheet.picture}.png?width=${width}`;
    if (figure.dataset.wanted === wanted) {
      return;
    }
    figure.dataset.wanted = wanted;
    if (!wanted) {
      button.replaceChildren();
      figure.dataset.shown = "";
      return;
    }
    const picture = new Image();
    picture.alt = "";
    picture.src = wanted;
    picture.decode().then(() => {
      if (figure.dataset.wanted === wanted) {
        button.replaceChildren(picture);
        figure.dataset.shown = sheet.picture;
      }
    }, () => {
      {# It has been overtaken: another is on its way. #}
    });
  }

  {# Bring a place on a page to where it is read in the text; `at` says how far down that is. #}
  follow({ folio, part, at }, name) {
    const places = this.sheets.map((sheet, place) => [sheet, place]);
    const isHere = ([sheet]) => sheet.folio === folio && sheet.picture;
    const found = places.find((one) => isHere(one) && one[0].document === name) ?? places.find(isHere);
    if (!found) {
      return;
    }
    const button = this.figures[found[1]].firstElementChild;
    const top = button.offsetTop + part * button.offsetHeight;
    this.pane.scrollTo({ top: top - this.pane.clientHeight * at, behavior: "instant" });
  }
}
