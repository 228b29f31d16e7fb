// A page that a server made: follow-up questions shown at once, answers written into texts, errors taken back.
'use strict';

const SatmeterLivePage = (function () {
  function make(definition, form) {
    const boxes = new Map(Array.from(form.querySelectorAll('[data-entry]'), (box) => [box.dataset.entry, box]));
    const variables = new Map(definition.variables.filter((one) => boxes.has(one.id)).map((one) => [one.id, one]));
    const language = definition.languages[0];
    const raws = new Map();
    let cells = new Map();
    let asked = new Set();

    function word(key, fields) {
      return SatmeterTexts.word(definition, key, fields || {}, language);
    }

    function ticks(box) {
      return Array.from(box.querySelectorAll('input[type="radio"], input[type="checkbox"]'));
    }

    // What stands in the controls of one question.
    function read(box) {
      const field = box.querySelector('.write');
      return { picked: ticks(box).filter((one) => one.checked).map((one) => one.value), text: field ? field.value : '' };
    }

    function problemOf(id) {
      return SatmeterAnswers.problem(variables.get(id), raws.get(id), SatmeterEntries.unfinished(boxes.get(id)));
    }

    // The cell to be sent; undefined while what is written cannot stand.
    function soundCell(id) {
      const cell = SatmeterAnswers.cell(variables.get(id), raws.get(id));
      const untouched = raws.get(id).picked.length === 0 && raws.get(id).text.trim() === '';
      if (untouched) return SatmeterEntries.unfinished(boxes.get(id)) ? undefined : null;
      return problemOf(id) === null ? cell : undefined;
    }

    // A question that is not asked keeps what it holds, but is not posted.
    function setAsked(id, isAsked) {
      const box = boxes.get(id);
      box.hidden = !isAsked;
      if (box.tagName === 'FIELDSET') box.disabled = !isAsked;
      box.querySelectorAll('input, textarea').forEach(function (control) { control.disabled = !isAsked; });
    }

    function showAsked() {
      cells = new Map(Object.entries(definition.answers));
      variables.forEach(function (variable, id) { cells.set(id, SatmeterAnswers.cell(variable, raws.get(id))); });
      asked = new Set(SatmeterExpressions.asked(definition, cells));
      boxes.forEach(function (box, id) { setAsked(id, asked.has(id)); });
      form.querySelectorAll('.run').forEach(function (run) {
        run.hidden = !Array.from(run.querySelectorAll('[data-entry]')).some((box) => asked.has(box.dataset.entry));
      });
    }

    function piped(name) {
      if (Object.prototype.hasOwnProperty.call(definition.piped, name)) return definition.piped[name];
      if (!variables.has(name)) return undefined;
      const answer = asked.has(name) ? SatmeterExpressions.substantive(variables.get(name), cells.get(name)) : null;
      return SatmeterTexts.answerText(definition, variables.get(name), answer, language);
    }

    function writeTexts() {
      form.querySelectorAll('[data-t]').forEach(function (element) {
        const text = SatmeterTexts.fill(SatmeterTexts.find(definition, element.dataset.t, language).text, piped);
        if (element.textContent !== text) element.textContent = text;
      });
      variables.forEach(function (variable, id) {
        if (variable.kind !== 'text' || variable.max === undefined) return;
        const used = SatmeterAnswers.length(raws.get(id).text.trim());
        SatmeterEntries.showHint(boxes.get(id), word('counter', { used: used, max: variable.max }));
      });
    }

    // An error that was told goes away, or says what is wrong now; in the summary, too.
    function lookAgain(id) {
      if (!boxes.get(id).classList.contains('wrong')) return;
      const problem = problemOf(id);
      const message = problem ? word(problem.word, problem.fields) : '';
      SatmeterEntries.showError(boxes.get(id), message);
      const summary = document.getElementById('summary');
      const link = summary && Array.from(summary.querySelectorAll('[data-wrong]')).find((one) => one.dataset.wrong === id);
      if (!link) return;
      link.parentElement.hidden = message === '';
      link.parentElement.querySelector('span').textContent = message;
      summary.hidden = !summary.querySelector('li:not([hidden])');
    }

    function refresh() {
      showAsked();
      writeTexts();
    }

    // The question that an event changed; '' for none.
    function take(event) {
      const box = event.target.closest('[data-entry]');
      if (!box) return '';
      const id = box.dataset.entry;
      raws.set(id, SatmeterEntries.changed(variables.get(id), raws.get(id), event.target));
      SatmeterEntries.show(box, raws.get(id));
      lookAgain(id);
      refresh();
      return id;
    }

    function put(id, raw) {
      raws.set(id, raw);
      SatmeterEntries.show(boxes.get(id), raw);
    }

    function start() {
      boxes.forEach(function (box, id) { raws.set(id, read(box)); });
      refresh();
    }

    start();
    return { has: (id) => boxes.has(id), put: put, raw: (id) => raws.get(id), refresh: refresh, soundCell: soundCell,
      start: start, take: take, word: word };
  }

  return { make: make };
}());
