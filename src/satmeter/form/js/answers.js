// What a respondent has ticked or written, as it stands in the data, and what is wrong with it. Pure.
// Raw answers: {picked: [codes], text: ''}; `text` is used by number, text and date only.
'use strict';

const SatmeterAnswers = (function () {
  const WRITTEN = ['number', 'text', 'date'];
  const NUMBER = /^[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)$/;

  function empty() {
    return { picked: [], text: '' };
  }

  function isWritten(variable) {
    return WRITTEN.indexOf(variable.kind) >= 0;
  }

  // Full-width figures, as Chinese keyboards write them, are figures too.
  function parseNumber(text) {
    const plain = text.normalize('NFKC').replace(/\u2212/g, '-').replace(/\s/g, '');
    return NUMBER.test(plain) ? Number(plain) : null;
  }

  function isDate(text) {
    const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
    if (!parts) return false;
    const day = new Date(text + 'T00:00:00Z');
    return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
  }

  function writtenCell(variable, text) {
    const plain = text.trim();
    if (plain === '') return null;
    if (variable.kind === 'number') return parseNumber(plain);
    return variable.kind !== 'date' || isDate(plain) ? plain : null;
  }

  // Number, text, array of codes, or null: the cell of the data. Missing codes are kept as they are.
  function cell(variable, raw) {
    if (variable.kind === 'multiple') return raw.picked.length > 0 ? raw.picked.slice() : null;
    if (isWritten(variable) && raw.picked.length === 0) return writtenCell(variable, raw.text);
    if (raw.picked.length === 0) return null;
    const rated = variable.kind === 'scale' || variable.kind === 'range';
    return rated && variable.codes.indexOf(raw.picked[0]) >= 0 ? Number(raw.picked[0]) : raw.picked[0];
  }

  function length(text) {
    return Array.from(text).length;
  }

  function bounds(variable) {
    return { low: variable.low, high: variable.high };
  }

  // Which of the words says how the number is bounded: both, low, high or any.
  function boundsWord(variable) {
    if (variable.low !== undefined) return variable.high !== undefined ? 'both' : 'low';
    return variable.high !== undefined ? 'high' : 'any';
  }

  function numberProblem(variable, text) {
    const value = parseNumber(text);
    if (value === null) return { word: 'error_number', fields: {} };
    const low = variable.low === undefined || value >= variable.low;
    const high = variable.high === undefined || value <= variable.high;
    return low && high ? null : { word: 'error_' + boundsWord(variable), fields: bounds(variable) };
  }

  function writtenProblem(variable, text) {
    if (variable.kind === 'number') return numberProblem(variable, text);
    if (variable.kind === 'date') return isDate(text) ? null : { word: 'error_date', fields: {} };
    const tooLong = variable.max !== undefined && length(text.trim()) > variable.max;
    return tooLong ? { word: 'error_max', fields: { max: variable.max } } : null;
  }

  function absenceProblem(variable) {
    if (!variable.required) return null;
    if (variable.kind === 'consent') return { word: 'error_consent', fields: {} };
    return { word: isWritten(variable) ? 'error_write' : 'error_choose', fields: {} };
  }

  // What to say about an answer that cannot stand: {word, fields}, or null.
  function problem(variable, raw, unfinished) {
    if (raw.picked.length > 0) return null;
    if (isWritten(variable) && raw.text.trim() !== '') return writtenProblem(variable, raw.text.trim());
    return unfinished ? { word: variable.kind === 'date' ? 'error_date' : 'error_number', fields: {} } : absenceProblem(variable);
  }

  // The codes ticked after one more click; a missing code and substantive codes exclude each other.
  function pick(variable, picked, code, on) {
    if (!on) return picked.filter((other) => other !== code);
    const missing = Object.prototype.hasOwnProperty.call(variable.missing, code);
    if (variable.kind !== 'multiple' || missing) return [code];
    const all = variable.codes.filter((other) => other === code || picked.indexOf(other) >= 0);
    return all;
  }

  return { bounds: bounds, boundsWord: boundsWord, cell: cell, empty: empty, isWritten: isWritten, length: length, pick: pick,
    problem: problem };
}());
