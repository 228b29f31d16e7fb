// The answers as they leave the page: a JSON document or a CSV file of one row. Pure.
'use strict';

const SatmeterRecord = (function () {
  const PARADATA = ['respondent', 'started', 'submitted', 'seconds', 'language', 'digest', 'order'];
  const JOINT = '\u250b';
  const FORMULA = /^'*[=+\-@\t\r]/;

  // Cells of all variables: null where nothing was asked or answered.
  function cells(definition, state) {
    const found = new Map();
    for (const variable of definition.variables) {
      found.set(variable.id, SatmeterAnswers.cell(variable, state.answers[variable.id]));
    }
    return found;
  }

  function reason(variable, answer, isAsked) {
    if (!isAsked) return 'not_asked';
    if (!SatmeterExpressions.isAnswered(answer)) return 'no_answer';
    const code = Array.isArray(answer) ? answer[0] : String(answer);
    return Object.prototype.hasOwnProperty.call(variable.missing, code) ? variable.missing[code] : '';
  }

  // The whole record: answers of hidden questions are left out.
  function record(definition, state) {
    const all = cells(definition, state);
    const asked = new Set(SatmeterExpressions.asked(definition, all));
    const answers = {};
    const missing = {};
    for (const variable of definition.variables) {
      const isAsked = asked.has(variable.id);
      const why = reason(variable, all.get(variable.id), isAsked);
      answers[variable.id] = isAsked ? all.get(variable.id) : null;
      if (why) missing[variable.id] = why;
    }
    return { kind: 'satmeter.response', schema_version: 1,
      questionnaire: { id: definition.id, version: definition.version, digest: definition.digest },
      respondent: state.respondent, started: state.started, submitted: state.submitted, seconds: Math.round(state.seconds),
      language: state.language, order: state.order, answers: answers, missing: missing };
  }

  function json(definition, state) {
    return JSON.stringify(record(definition, state), null, 2) + '\n';
  }

  // A spreadsheet must not take a written text for a formula: such a text gets one more apostrophe in front.
  function guarded(variable, answer) {
    return variable.kind === 'text' && FORMULA.test(answer) ? "'" + answer : answer;
  }

  function csvCell(variable, answer) {
    if (answer === null) return '';
    if (Array.isArray(answer)) return answer.join(JOINT);
    return typeof answer === 'number' ? String(answer) : guarded(variable, answer);
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(definition, state) {
    const whole = record(definition, state);
    const head = PARADATA.concat(definition.variables.map((variable) => variable.id));
    const row = [whole.respondent, whole.started, whole.submitted, String(whole.seconds), whole.language, definition.digest,
      whole.order.join(' ')];
    definition.variables.forEach((variable) => row.push(csvCell(variable, whole.answers[variable.id])));
    return '\ufeff' + [head, row].map((line) => line.map(quoted).join(',')).join('\r\n') + '\r\n';
  }

  return { cells: cells, csv: csv, json: json, record: record };
}());
