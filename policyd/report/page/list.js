/* A list of which only the rows in sight exist. The window scrolls; rows have one height, from the style. It has one active
 * row, which keys move and screen readers hear of. */

class List {
  /* draw(row, item, index) fills a row; keys(event, index) may take a key; open(item, index) is a click or Enter. */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.items = [];
    this.active = -1;
    this.rows = new Map();
    this.waiting = false;
    root.classList.add("list");
    root.tabIndex = 0;
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("focus", () => {
      if (this.active < 0 && this.items.length) this.activate(this.firstInSight(), false);
    });
    const later = () => this.later();
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
  }

  setItems(items) {
    this.items = items;
    if (this.active >= items.length) this.active = items.length - 1;
    this.redraw();
  }

  redraw() {
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.draw();
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  rowHeight() {
    return parseFloat(getComputedStyle(this.root).getPropertyValue("--row")) || 34;
  }

  top() {
    return this.root.getBoundingClientRect().top;
  }

  stuck() {
    return (
      document.getElementById("stick").getBoundingClientRect().bottom + (this.options.head ? this.options.head.offsetHeight : 0)
    );
  }

  firstInSight() {
    return Math.max(0, Math.min(this.items.length - 1, Math.ceil((this.stuck() - this.top()) / this.rowHeight())));
  }

  draw() {
    if (this.root.offsetParent === null) return;
    const height = this.rowHeight(),
      spare = 6;
    if (height !== this.drawnHeight) {
      this.drawnHeight = height;
      this.rows.forEach((row) => row.remove());
      this.rows.clear();
    }
    this.root.style.height = this.items.length * height + "px";
    const from = Math.max(0, Math.floor(-this.top() / height) - spare);
    const to = Math.min(this.items.length, Math.ceil((innerHeight - this.top()) / height) + spare);
    for (const [index, row] of this.rows) {
      if (index >= from && index < to) continue;
      row.remove();
      this.rows.delete(index);
    }
    for (let i = from; i < to; i++) if (!this.rows.has(i)) this.addRow(i, height);
    this.announce();
  }

  /* In the order of the items, also for who reads without seeing. */
  addRow(index, height) {
    const row = el("div", { class: "row", id: this.root.id + "-" + index });
    row.dataset.index = index;
    row.style.transform = "translateY(" + index * height + "px)";
    this.options.draw(row, this.items[index], index);
    row.classList.toggle("active", index === this.active);
    let next = null;
    for (let i = index + 1; i < index + 200 && !next; i++) next = this.rows.get(i) || null;
    this.root.insertBefore(row, next);
    this.rows.set(index, row);
  }

  announce() {
    const row = this.rows.get(this.active);
    if (row) this.root.setAttribute("aria-activedescendant", row.id);
    else this.root.removeAttribute("aria-activedescendant");
  }

  activate(index, open) {
    if (index < 0 || index >= this.items.length) return;
    const before = this.rows.get(this.active);
    if (before) before.classList.remove("active");
    this.active = index;
    this.show(index);
    this.draw();
    const row = this.rows.get(index);
    if (row) row.classList.add("active");
    this.announce();
    if (open) this.options.open(this.items[index], index);
  }

  /* Scrolls so that the row is between what sticks above and the lower edge. */
  show(index) {
    const height = this.rowHeight(),
      top = this.top() + index * height,
      above = this.stuck();
    const below = document.documentElement.clientHeight - (this.options.below ? this.options.below() : 0);
    if (top < above) scrollBy(0, top - above);
    else if (top + height > below) scrollBy(0, top + height - below);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.root) return;
    const page = Math.max(1, Math.floor((innerHeight - this.stuck()) / this.rowHeight()) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      const to = Math.max(0, Math.min(this.items.length - 1, this.active + moves[event.key]));
      event.preventDefault();
      this.activate(to, this.options.follow && this.options.follow());
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.options.open(this.items[this.active], this.active);
    } else if (this.options.keys && this.active >= 0 && this.options.keys(event, this.active)) {
      event.preventDefault();
    }
  }

  click(event) {
    const row = event.target.closest(".row");
    if (!row || getSelection().type === "Range") return;
    const index = Number(row.dataset.index);
    if (this.options.clicked && this.options.clicked(event, index)) return;
    this.activate(index, true);
  }
}
