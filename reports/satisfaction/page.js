'use strict';
// The page is complete without this script. It sorts, filters and copies tables, says the values of figures, opens what
// a link points to, and marks the reader's place in the contents. It asks for nothing and keeps nothing.
(() => {
  const words = JSON.parse(document.getElementById('main').dataset.words);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const ABSENT = new Set(['', '–']);
  const NUMBER = /^\[?[<>≤≥]?\s*([+−-]?[\d,]*\.?\d+)(?=$|[\s%[(–])/;
  const FILTERED_FROM = 13;
  const NEAR = 16;

  const fill = (sentence, fields) => sentence.replace(/\{(\w+)\}/g, (_, key) => fields[key]);

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  const status = make('p', { class: 'unseen', role: 'status' });
  document.body.append(status);
  const say = (sentence) => { status.textContent = sentence; };

  // Tables

  function number(text) {
    const found = NUMBER.exec(text);
    if (!found) return null;
    const value = Number(found[1].replace(/,/g, '').replace('−', '-'));
    return text.startsWith('<') ? value - 1e-9 : value;
  }

  // Returns how two cells of a column compare: as numbers where all of them are, else in the order of the language.
  function comparison(texts) {
    const known = texts.filter((text) => !ABSENT.has(text));
    const numeric = known.length > 0 && known.every((text) => number(text) !== null);
    return numeric ? (a, b) => number(a) - number(b) : collator.compare;
  }

  function sortable(table) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make('button', { type: 'button', class: 'sort' });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const next = { ascending: 'descending', descending: null }[head.ariaSort];
        const order = next === undefined ? 'ascending' : next;
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        if (order) head.setAttribute('aria-sort', order);
        body.append(...(order ? sorted(original, column, order) : original));
        const sentence = { ascending: words.sorted_up, descending: words.sorted_down }[order] || words.unsorted;
        say(fill(sentence, { name: button.textContent }));
      });
    });
  }

  // Cells without a number or a word stand last in either order; equal ones keep the order of the report.
  function sorted(rows, column, order) {
    const text = (row) => row.cells[column].textContent.trim();
    const compare = comparison(rows.map(text));
    const sign = order === 'ascending' ? 1 : -1;
    return [...rows].sort((a, b) => {
      const [one, other] = [text(a), text(b)];
      const absent = ABSENT.has(one) - ABSENT.has(other);
      return absent || (ABSENT.has(one) ? 0 : sign * compare(one, other));
    });
  }

  const plain = (text) => text.normalize('NFKC').toLowerCase();

  function filterable(table, name, tools) {
    const rows = [...table.tBodies[0].rows];
    const label = make('label', {}, words.filter);
    const box = make('input', { type: 'search', 'aria-label': fill(words.filter_of, { name }), autocomplete: 'off' });
    const count = make('span', { class: 'count', role: 'status' });
    const texts = rows.map((row) => plain([...row.cells].map((cell) => cell.textContent).join(' ')));
    const show = () => {
      const wanted = plain(box.value).split(/\s+/).filter(Boolean);
      let n = 0;
      rows.forEach((row, number) => {
        row.hidden = !wanted.every((word) => texts[number].includes(word));
        n += !row.hidden;
      });
      count.textContent = fill(words.rows, { n, all: rows.length });
      tools.toggleAttribute('data-filtered', wanted.length > 0);
    };
    box.addEventListener('input', show);
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { box.value = ''; show(); }
    });
    show();
    label.append(box);
    tools.append(label, count);
  }

  // Numbers get the minus sign that sheets read; a text never becomes a formula.
  function cellText(cell) {
    const text = cell.textContent.trim().replace(/\s+/g, ' ');
    if (/^−[\d,.]+%?$/.test(text)) return text.replace('−', '-');
    return /^[=+@-]/.test(text) && number(text) === null ? `'${text}` : text;
  }

  async function copy(table, button) {
    const rows = [...table.rows].filter((row) => !row.hidden);
    const text = rows.map((row) => [...row.cells].map(cellText).join('\t')).join('\r\n');
    try {
      await navigator.clipboard.writeText(text);
      say(words.copied);
      button.dataset.done = words.copied;
      setTimeout(() => { delete button.dataset.done; }, 4000);
    } catch {
      say(words.not_copied);
      button.dataset.done = words.not_copied;
    }
  }

  for (const frame of document.querySelectorAll('.scroll')) {
    const table = frame.querySelector('table');
    if (!table || !table.tHead || !table.tBodies.length) continue;
    const caption = table.caption ? table.caption.cloneNode(true) : make('i', {});
    caption.querySelectorAll('.anchor').forEach((link) => link.remove());
    const tools = make('div', { class: 'tools' });
    if (table.tBodies[0].rows.length > 1) sortable(table);
    if (table.tBodies[0].rows.length >= FILTERED_FROM) filterable(table, caption.textContent, tools);
    const button = make('button', { type: 'button', class: 'copy' }, words.copy);
    button.addEventListener('click', () => copy(table, button));
    tools.append(button);
    frame.after(tools);
    if (tools.childElementCount > 1) frame.before(tools);
  }

  // Figures

  function explorable(plot) {
    const marks = [...plot.querySelectorAll('.mark')].sort((a, b) => a.dataset.row - b.dataset.row);
    const drawing = plot.querySelector('svg');
    if (!marks.length) return;
    const texts = marks.map((mark) => mark.querySelector('title').textContent);
    const name = drawing.querySelector('title').textContent;
    drawing.querySelectorAll('title').forEach((title) => title.remove());
    drawing.removeAttribute('aria-labelledby');
    drawing.setAttribute('aria-label', name);
    drawing.setAttribute('aria-describedby', drawing.querySelector('desc').id);
    plot.setAttribute('tabindex', '0');
    plot.setAttribute('role', 'group');
    plot.setAttribute('aria-label', fill(words.values, { name }));
    const ring = make('span', { class: 'ring', hidden: '' });
    const tip = make('span', { class: 'tip', role: 'status', hidden: '' });
    plot.append(ring, tip);
    let current = -1;

    const hide = () => { current = -1; ring.hidden = true; tip.hidden = true; };
    const show = (index) => {
      if (index === current) return;
      current = index;
      const [box, frame] = [marks[index].getBoundingClientRect(), plot.getBoundingClientRect()];
      tip.textContent = texts[index];
      tip.hidden = false;
      ring.hidden = false;
      const place = (element, left, top) => element.style.setProperty('translate', `${left}px ${top}px`);
      ring.style.setProperty('width', `${box.width + 6}px`);
      ring.style.setProperty('height', `${box.height + 6}px`);
      place(ring, box.left - frame.left - 3, box.top - frame.top - 3);
      const middle = box.left + box.width / 2 - frame.left - tip.offsetWidth / 2;
      const left = Math.max(0, Math.min(middle, frame.width - tip.offsetWidth));
      const above = box.top - frame.top - tip.offsetHeight - 8;
      place(tip, left, above + frame.top < 0 ? box.bottom - frame.top + 8 : above);
    };

    const distance = (event, box) => {
      const dx = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const dy = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      return Math.hypot(dx, dy);
    };
    const point = (event) => {
      let [nearest, least] = [-1, NEAR];
      marks.forEach((mark, index) => {
        const away = distance(event, mark.getBoundingClientRect());
        if (away < least) [nearest, least] = [index, away];
      });
      if (nearest < 0) hide(); else show(nearest);
    };
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', (event) => {
      const last = marks.length - 1;
      const next = {
        ArrowRight: Math.min(current + 1, last),
        ArrowDown: Math.min(current + 1, last),
        ArrowLeft: Math.max(current - 1, 0),
        ArrowUp: Math.max(current - 1, 0),
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === 'Escape') hide();
      if (next === undefined) return;
      event.preventDefault();
      show(next);
    });
  }

  document.querySelectorAll('.plot').forEach(explorable);

  // Details: what a link points to is open, and so is everything folded on paper.

  function reveal() {
    let id = '';
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.tagName === 'DETAILS') box.open = true;
    target.scrollIntoView();
  }
  addEventListener('hashchange', reveal);
  reveal();

  const folds = [...document.querySelectorAll('details')];
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = folds.filter((box) => box.classList.contains('fold') && !box.open);
    closed.forEach((box) => { box.open = true; });
  });
  addEventListener('afterprint', () => closed.forEach((box) => { box.open = false; }));

  // Contents

  const contents = document.querySelector('nav.contents');
  if (!contents) return;
  const links = [...contents.querySelectorAll('a')];
  const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  if (folds.length) {
    const button = make('button', { type: 'button', class: 'unfold' }, words.unfold_all);
    let open = false;
    button.addEventListener('click', () => {
      open = !open;
      folds.forEach((box) => { box.open = open; });
      button.textContent = open ? words.fold_all : words.unfold_all;
    });
    contents.append(button);
  }

  function locate() {
    const line = innerHeight * 0.3;
    const passed = sections.filter((section) => section && section.getBoundingClientRect().top <= line);
    const here = sections.indexOf(passed.at(-1));
    links.forEach((link, index) => {
      if (index === here) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    });
  }
  let waiting = false;
  addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; locate(); });
  }, { passive: true });
  locate();
})();
