// Answers on their way to the server: kept in the browser until the server has said that they are safe.
'use strict';

const SatmeterSend = (function () {
  const PATIENCE = 15000;
  const LONGEST_WAIT = 30000;
  const KEPT_DAYS = 30;
  const PREFIX = 'satmeter/live/';

  function storage() {
    try {
      return window.localStorage;
    } catch (error) {
      return null;
    }
  }

  function load(name) {
    try {
      const kept = JSON.parse(storage().getItem(name));
      return kept && typeof kept.raws === 'object' && kept.raws !== null ? kept : null;
    } catch (error) {
      return null;
    }
  }

  // Whether the browser has kept it.
  function keep(name, document) {
    try {
      storage().setItem(name, JSON.stringify(document));
      return true;
    } catch (error) {
      return false;
    }
  }

  function names() {
    try {
      return Object.keys(storage()).filter((name) => name.startsWith(PREFIX));
    } catch (error) {
      return [];
    }
  }

  function forget(name) {
    try {
      storage().removeItem(name);
    } catch (error) {
      // Nothing was kept.
    }
  }

  // What nobody came back for goes after a month.
  function tidy() {
    const oldest = Date.now() - KEPT_DAYS * 86400000;
    names().forEach(function (name) {
      const kept = load(name);
      if (!kept || !(kept.at > oldest)) forget(name);
    });
  }

  // Waits between attempts: a second, then twice as long each time, never all respondents at once.
  function wait(attempt) {
    return Math.min(LONGEST_WAIT, 1000 * Math.pow(2, attempt)) * (0.75 + Math.random() / 2);
  }

  // Whether to try again later: nothing came back, or the server says that it cannot just now.
  function isPassing(status) {
    return [0, 408, 425, 429, 502, 503, 504].indexOf(status) >= 0;
  }

  // Whether the server has looked at the answers; if not, they are kept.
  function isTaken(answer) {
    return answer.redirected || [200, 403, 404, 409, 410, 422].indexOf(answer.status) >= 0;
  }

  // One request; status 0 when nothing came back in time.
  function request(address, options) {
    const stop = new AbortController();
    const timer = window.setTimeout(function () { stop.abort(); }, PATIENCE);
    const all = Object.assign({ method: 'POST', credentials: 'same-origin', cache: 'no-store', signal: stop.signal }, options);
    return window.fetch(address, all).then(
      function (answer) {
        window.clearTimeout(timer);
        return { status: answer.status, url: answer.url, redirected: answer.redirected };
      },
      function () {
        window.clearTimeout(timer);
        return { status: 0, url: '', redirected: false };
      });
  }

  // Sent to the end even when the page is left; browsers take 64 kB of such requests at once.
  function sendCells(action, document) {
    const body = JSON.stringify(document);
    const small = new Blob([body]).size < 30000;
    return request(action + '/save', { keepalive: small, body: body, headers: { 'Content-Type': 'application/json' } });
  }

  function sendPage(action, fields) {
    return request(action, { body: fields, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  }

  return { PREFIX: PREFIX, forget: forget, isPassing: isPassing, isTaken: isTaken, keep: keep, load: load, names: names, sendCells: sendCells,
    sendPage: sendPage, tidy: tidy, wait: wait };
}());
