// Keying a sheet without the mouse: Enter goes on, and what cannot stand is told while it is typed.
'use strict';

(function () {
  const form = document.getElementById('keying');
  const fields = Array.from(form.querySelectorAll('input.key'));

  function stands(field) {
    const text = field.value.trim();
    if (text === '' || text === '?') return true;
    const numbers = field.dataset.numbers.split(' ');
    const kind = field.dataset.kind;
    if (text.startsWith('/') && field.dataset.numbers.includes('/')) return numbers.includes(text);
    if (kind === 'text') return true;
    if (kind === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text);
    if (kind === 'number') {
      const value = Number(text);
      const low = field.dataset.low === '' ? -Infinity : Number(field.dataset.low);
      const high = field.dataset.high === '' ? Infinity : Number(field.dataset.high);
      return Number.isFinite(value) && value >= low && value <= high;
    }
    const typed = text.split(/[\s,\uFF0C\u3001]+/);
    return (kind === 'multiple' || typed.length === 1) && typed.every((one) => numbers.includes(one));
  }

  function told(field) {
    const good = stands(field);
    const place = document.getElementById('e-' + field.id);
    field.setAttribute('aria-invalid', good ? 'false' : 'true');
    place.textContent = good ? '' : form.dataset.wrong;
    return good;
  }

  function next(event) {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input.key')) return;
    event.preventDefault();
    if (!told(event.target)) return event.target.select();
    const following = fields[fields.indexOf(event.target) + 1];
    if (following) following.focus();
    else document.getElementById('store').focus();
  }

  form.addEventListener('keydown', next);
  form.addEventListener('input', function (event) { if (event.target.matches('input.key')) told(event.target); });
  form.addEventListener('focusin', function (event) { if (event.target.matches('input.key')) event.target.select(); });
}());
