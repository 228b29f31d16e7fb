// Renews the figures: once a minute when asked to. Without a script the link 'Refresh' does.
'use strict';

(function () {
  const SECONDS = 60;
  const PENDING_SECONDS = 3;
  const KEPT = 'satmeter/monitor/automatic';
  const box = document.getElementById('automatic');
  if (!box) return;
  let timer = null;

  function kept() {
    try {
      return window.sessionStorage;
    } catch (error) {
      return null;
    }
  }

  // What the reader has opened stays open, and where the reader is stays in sight.
  function put(fresh) {
    const place = document.getElementById('figures');
    const open = Array.from(place.querySelectorAll('details'), (part) => part.open);
    place.replaceChildren(...fresh.getElementById('figures').childNodes);
    place.querySelectorAll('details').forEach((part, i) => { part.open = Boolean(open[i]); });
    watch();
    document.querySelector('.as-of').textContent = fresh.querySelector('.as-of').textContent;
  }

  // Signals that are still being worked out are fetched as soon as they may be there.
  function watch() {
    if (document.querySelector('.pending')) window.setTimeout(renew, PENDING_SECONDS * 1000);
  }

  async function renew() {
    const busy = document.getElementById('figures').contains(document.activeElement);
    if (document.hidden || busy) return;
    try {
      const answer = await fetch(window.location.href, { headers: { 'X-Satmeter-Renewal': '1' }, redirect: 'manual' });
      if (!answer.ok) {
        window.location.reload();
        return;
      }
      put(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch (error) {
      // The network is away: the time above the figures tells how old they are.
    }
  }

  function set() {
    window.clearInterval(timer);
    timer = box.checked ? window.setInterval(renew, SECONDS * 1000) : null;
    if (kept()) kept().setItem(KEPT, box.checked ? '1' : '');
  }

  box.closest('label').hidden = false;
  box.checked = Boolean(kept() && kept().getItem(KEPT));
  box.addEventListener('change', set);
  set();
  watch();
}());
