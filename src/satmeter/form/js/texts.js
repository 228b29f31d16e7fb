// Every text in every language; fields and piped answers are filled in as plain text, never as markup.
'use strict';

const SatmeterTexts = (function () {
  const FIELD = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

  function own(map, key) {
    return Object.prototype.hasOwnProperty.call(map, key) ? map[key] : undefined;
  }

  // The text of a key and the language that it is really in.
  function find(definition, key, language) {
    const texts = own(definition.texts, key) || {};
    const order = [language].concat(definition.languages, Object.keys(texts));
    const tag = order.find((candidate) => own(texts, candidate) !== undefined);
    return tag === undefined ? { text: '', language: language } : { text: texts[tag], language: tag };
  }

  function fill(template, valueOf) {
    return template.replace(FIELD, function (whole, name) {
      const value = valueOf(name);
      return value === undefined ? whole : String(value);
    });
  }

  function word(definition, key, fields, language) {
    return fill(find(definition, 'ui.' + key, language).text, (name) => own(fields, name));
  }

  function hasField(definition, key) {
    const texts = own(definition.texts, key) || {};
    return Object.keys(texts).some((tag) => texts[tag].indexOf('{') >= 0);
  }

  // What a later text says for an earlier answer: labels, or the code of a range scale; '' when unanswered.
  function answerText(definition, variable, answer, language) {
    if (answer === null || answer === undefined) return '';
    const list = Array.isArray(answer) ? answer : [answer];
    const labels = variable.labels || {};
    const shown = list.map(function (code) {
      const key = own(labels, String(code));
      return key === undefined ? String(code) : find(definition, key, language).text;
    });
    return shown.join(find(definition, 'ui.list_separator', language).text);
  }

  return { answerText: answerText, fill: fill, find: find, hasField: hasField, word: word };
}());
