// One entry on the page: its controls read and written, its error and hint shown.
'use strict';

const SatmeterEntries = (function () {
  function controls(box) {
    return Array.from(box.querySelectorAll('input:not([type="hidden"]), textarea'));
  }

  function isTick(control) {
    return control.type === 'radio' || control.type === 'checkbox';
  }

  // Write raw answers into the controls.
  function show(box, raw) {
    for (const control of controls(box)) {
      if (isTick(control)) control.checked = raw.picked.indexOf(control.value) >= 0;
      else if (control.value !== raw.text) control.value = raw.text;
    }
  }

  // Raw answers after a change of one control.
  function changed(variable, raw, control) {
    if (isTick(control)) {
      const picked = SatmeterAnswers.pick(variable, raw.picked, control.value, control.checked);
      return { picked: picked, text: picked.length > 0 ? '' : raw.text };
    }
    return { picked: control.value === '' ? raw.picked : [], text: control.value };
  }

  // A date of which only a part is given has no value, but the browser knows.
  function unfinished(box) {
    return controls(box).some((control) => control.validity && control.validity.badInput);
  }

  function firstControl(box) {
    const all = controls(box);
    return all.find((control) => control.checked) || all[0];
  }

  function showError(box, message) {
    const place = box.querySelector('.error');
    place.textContent = message;
    place.hidden = message === '';
    box.classList.toggle('wrong', message !== '');
    const holders = box.getAttribute('role') === 'radiogroup' ? [box] : controls(box);
    for (const holder of holders) {
      if (message === '') holder.removeAttribute('aria-invalid');
      else holder.setAttribute('aria-invalid', 'true');
    }
  }

  // What may be written: the bounds of a number, the characters left of a text.
  function hint(definition, variable, raw, language) {
    if (variable.kind === 'number') {
      const word = 'range_' + SatmeterAnswers.boundsWord(variable);
      return SatmeterTexts.word(definition, word, SatmeterAnswers.bounds(variable), language);
    }
    if (variable.kind !== 'text' || variable.max === undefined) return '';
    const fields = { used: SatmeterAnswers.length(raw.text.trim()), max: variable.max };
    return SatmeterTexts.word(definition, 'counter', fields, language);
  }

  function showHint(box, message) {
    box.querySelector('.hint').textContent = message;
  }

  return { changed: changed, firstControl: firstControl, hint: hint, show: show, showError: showError, showHint: showHint,
    unfinished: unfinished };
}());
