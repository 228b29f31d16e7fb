// Ties a page to its server: each change is sent, the buttons go on even when the network comes back late. Without this
// script the same page works by posting its form.
'use strict';

(function () {
  const form = document.getElementById('form');
  if (!form) return SatmeterSend.tidy();
  const SOON = 300;
  const PATIENCE = 1200;
  const RECENT = 2000;
  const definition = JSON.parse(document.getElementById('definition').textContent);
  const page = SatmeterLivePage.make(definition, form);
  const bar = document.getElementById('net');
  const action = form.getAttribute('action');
  const shelf = SatmeterSend.PREFIX + form.dataset.keptAs + '/';
  const name = shelf + form.dataset.page;
  const unsent = new Set();
  const given = new Map();
  const told = new Map();
  let going = null;
  let sending = false;
  let again = false;
  let attempt = 0;
  let timer = 0;
  let number = 0;
  let was;
  let away = false;
  let keeping = true;
  let stopped = false;
  let leaving = false;
  let pressed = null;

  function say(key) {
    const text = key ? page.word(key) : '';
    if (bar.textContent !== text) bar.textContent = text;
  }

  function sayWaiting() {
    away = true;
    say((going ? 'live_waiting' : 'live_unsent') + (keeping ? '' : '_bare'));
  }

  function key() {
    return form.elements.k.value;
  }

  // Messages are numbered, also across a reload: the network may deliver an older one after a newer one.
  function nextNumber() {
    number = Math.max(number + 1, Date.now());
    return number;
  }

  // What is answered in this window may be taken back in it, though the page did not have it when it was made.
  function note(id, time) {
    if (!given.has(id)) form.elements.had.value += ' ' + id;
    given.set(id, time);
  }

  // How long ago answers were given that could not be sent at once: they may have been given anew elsewhere since.
  function ages(values, times) {
    const now = Date.now();
    const old = Object.keys(values).filter((id) => now - times[id] > RECENT);
    return Object.fromEntries(old.map((id) => [id, now - times[id]]));
  }

  // ---- kept in the browser

  function keep() {
    if (unsent.size === 0 && !going) return SatmeterSend.forget(name);
    const raws = {};
    unsent.forEach(function (id) { raws[id] = page.raw(id); });
    const times = Object.fromEntries(given);
    keeping = SatmeterSend.keep(name, { at: Date.now(), k: key(), raws: raws, cells: cells(), given: times, going: going });
  }

  // What other pages of the same response have left unsent goes off now.
  function catchUp() {
    SatmeterSend.names().filter((other) => other.startsWith(shelf) && other !== name).forEach(function (other) {
      const kept = SatmeterSend.load(other);
      const there = action.slice(0, action.lastIndexOf('/') + 1) + other.slice(shelf.length);
      if (kept && kept.cells && Object.keys(kept.cells).length > 0) {
        sendCells(there, kept.cells, kept.given || {}, kept.k).then(function (answer) {
          const now = SatmeterSend.load(other);
          if (answer.status === 200 && now && JSON.stringify(now.raws) === JSON.stringify(kept.raws)) SatmeterSend.forget(other);
        });
      }
    });
  }

  function restore() {
    const kept = SatmeterSend.load(name);
    if (!kept) return;
    Object.keys(kept.raws).forEach(function (id) {
      const raw = kept.raws[id];
      if (!page.has(id) || !raw || !Array.isArray(raw.picked) || typeof raw.text !== 'string') return;
      page.put(id, { picked: raw.picked.map(String), text: raw.text });
      unsent.add(id);
      if (kept.given && kept.given[id] > 0) note(id, kept.given[id]);
    });
    was = kept.k;
    page.refresh();
    if (kept.going && typeof kept.going.k === 'string') {
      form.elements.k.value = kept.going.k;
      go(kept.going.field, kept.going.value);
    } else if (unsent.size > 0) {
      say('live_restored');
      sendSoon(0);
    } else {
      keep();
    }
  }

  // ---- single answers

  function cells() {
    const found = {};
    unsent.forEach(function (id) {
      const cell = page.soundCell(id);
      if (cell !== undefined) found[id] = cell;
    });
    return found;
  }

  function sendSoon(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, delay);
  }

  function sendLater() {
    sayWaiting();
    sendSoon(SatmeterSend.wait(attempt));
    attempt += 1;
  }

  function send() {
    window.clearTimeout(timer);
    if (stopped || leaving) return;
    if (sending) {
      again = true;
      return;
    }
    if (going) return sendPage();
    const values = cells();
    if (Object.keys(values).length === 0) return;
    sending = true;
    again = false;
    sendCells(action, values, Object.fromEntries(given), was).then(function (answer) { sent(answer, values); });
  }

  // `was` is the key of the page on which they were given, when that is not this one.
  function sendCells(there, values, times, was) {
    const document = { k: key(), n: nextNumber(), language: definition.languages[0], values: values };
    const old = ages(values, times);
    if (Object.keys(old).length > 0) Object.assign(document, { ages: old, was: was });
    return SatmeterSend.sendCells(there, document);
  }

  // The last moment: what is still unsent goes off, whatever else is on its way.
  function flush() {
    const values = cells();
    if (!stopped && Object.keys(values).length > 0) sendCells(action, values, Object.fromEntries(given), was);
  }

  function sent(answer, values) {
    sending = false;
    if (answer.status === 200) {
      const now = cells();
      Object.keys(values).forEach(function (id) {
        if (JSON.stringify(now[id]) === JSON.stringify(values[id])) unsent.delete(id);
      });
      if (away && !going) say('live_sent');
      away = false;
      attempt = 0;
    } else if (SatmeterSend.isPassing(answer.status) || answer.status >= 500) {
      keep();
      return again && going ? send() : sendLater();
    } else if (answer.status === 403 || answer.status === 404 || answer.status === 409 || answer.status === 410) {
      stopped = !going;
      say('live_stopped');
    }
    keep();
    if (again || going) send();
  }

  // ---- the whole page

  function fields() {
    const all = new URLSearchParams(new FormData(form));
    all.append(going.field, going.value);
    all.append('n', nextNumber());
    return all;
  }

  function go(field, value) {
    going = { k: key(), field: field, value: value };
    form.classList.add('busy');
    stopped = false;
    keep();
    send();
    window.setTimeout(function () { if ((going || leaving) && !away) say('live_sending'); }, PATIENCE);
  }

  function sendPage() {
    sending = true;
    SatmeterSend.sendPage(action, fields()).then(function (answer) {
      sending = false;
      if (SatmeterSend.isPassing(answer.status)) {
        keep();
        return sendLater();
      }
      leave(answer);
    });
  }

  // The server has the page: follow where it leads, or let the browser show what it says, by posting the same once more.
  function leave(answer) {
    leaving = true;
    if (SatmeterSend.isTaken(answer)) unsent.clear();
    const last = going;
    going = null;
    keep();
    if (answer.redirected) {
      if (answer.url.endsWith('/thanks')) {
        SatmeterSend.names().filter((one) => one.startsWith(shelf)).forEach(SatmeterSend.forget);
      }
      return window.location.assign(answer.url);
    }
    const hidden = document.createElement('input');
    hidden.type = 'hidden';
    hidden.name = last.field;
    hidden.value = last.value;
    form.appendChild(hidden);
    form.submit();
  }

  // ---- events

  function submit(event) {
    event.preventDefault();
    const button = event.submitter || pressed;
    pressed = null;
    if (leaving) return;
    go(button && button.name ? button.name : 'go', button && button.name ? button.value : 'next');
  }

  // Half a word of an input method is not sent, and what a second event tells again neither.
  function change(event) {
    if (event.isComposing) return;
    const id = page.take(event);
    if (!id || told.get(id) === JSON.stringify(page.raw(id))) return;
    told.set(id, JSON.stringify(page.raw(id)));
    stopped = false;
    unsent.add(id);
    note(id, Date.now());
    keep();
    if (!away) say('');
    sendSoon(SOON);
  }

  // Chromium shows a page again as it was left, from its memory: what was going on then is over.
  function shown(event) {
    if (!event.persisted) return;
    leaving = false;
    form.classList.remove('busy');
    say('');
    page.start();
  }

  function back() {
    attempt = 0;
    if (unsent.size > 0 || going) send();
  }

  // The link to go on with, whole, and a button that copies it.
  function showLink() {
    const link = document.getElementById('personal-link');
    if (!link) return;
    link.textContent = link.href;
    if (!navigator.clipboard) return;
    const button = document.getElementById('copy-link');
    button.hidden = false;
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(link.href)
        .then(function () { say('live_later_copied'); }, function () { button.hidden = true; });
    });
  }

  form.addEventListener('input', change);
  form.addEventListener('change', change);
  form.addEventListener('compositionend', change);
  // Browsers of a few years ago do not say which button posts a form; Enter clicks the first one for them, too.
  form.addEventListener('click', function (event) { pressed = event.target.closest('button[type="submit"]'); });
  form.addEventListener('submit', submit);
  window.addEventListener('online', back);
  window.addEventListener('offline', function () { if (unsent.size > 0 || going) sayWaiting(); });
  window.addEventListener('pagehide', flush);
  window.addEventListener('pageshow', shown);
  document.addEventListener('visibilitychange', function () { if (unsent.size > 0 || going) send(); });
  showLink();
  SatmeterSend.tidy();
  restore();
  catchUp();
}());
