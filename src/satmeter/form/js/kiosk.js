// A shared device: after some time without a touch it goes back to the beginning, and keeps nothing of who was there.
'use strict';

(function () {
  const LIMIT = Number(document.body.dataset.reset) * 1000;
  const WARNING = Math.min(15000, LIMIT / 2);
  const AGAIN = 5000;
  const leave = document.body.dataset.leave;
  const frame = document.querySelector('.frame');
  const dialog = document.getElementById('still');
  const left = document.getElementById('still-left');
  const inside = document.getElementById('form') !== null;
  let touched = Date.now();
  let leaving = false;

  // What a page could not send is kept in the browser until its respondent comes back; here nobody does.
  function forget() {
    try {
      Object.keys(window.localStorage).filter((name) => name.startsWith('satmeter/'))
        .forEach(function (name) { window.localStorage.removeItem(name); });
    } catch (error) {
      // Nothing is kept.
    }
  }

  function touch() {
    touched = Date.now();
  }

  // Nothing is seen any more at once; the page itself stays until the server can be reached, for it may still be sending.
  function go() {
    leaving = true;
    frame.hidden = true;
    if (dialog.open) dialog.close();
    window.fetch('/health', { cache: 'no-store' }).then(
      function () { window.location.replace(leave); },
      function () { window.setTimeout(go, AGAIN); });
  }

  function look() {
    const idle = Date.now() - touched;
    if (leaving) return;
    if (idle >= LIMIT) return go();
    if (!inside || idle < LIMIT - WARNING) return;
    if (!dialog.open) dialog.showModal();
    left.textContent = String(Math.ceil((LIMIT - idle) / 1000));
  }

  ['pointerdown', 'keydown', 'input', 'scroll'].forEach(function (name) {
    window.addEventListener(name, touch, { capture: true, passive: true });
  });
  dialog.addEventListener('click', function () { dialog.close(); });
  dialog.addEventListener('close', touch);
  window.addEventListener('pageshow', function (event) { if (event.persisted) go(); });
  if (!inside) forget();
  window.setInterval(look, 250);
}());
