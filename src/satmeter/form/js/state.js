// One respondent's answers and where they stand; kept in the browser's local storage where that is allowed.
'use strict';

const SatmeterState = (function () {
  const FORMAT = 1;

  function storageKey(definition) {
    return 'satmeter/' + definition.id + '/' + definition.digest;
  }

  function storage() {
    try {
      return window.localStorage;
    } catch (error) {
      return null;
    }
  }

  function randomBelow(limit) {
    const box = new Uint32Array(1);
    const ceiling = Math.floor(4294967296 / limit) * limit;
    do {
      window.crypto.getRandomValues(box);
    } while (box[0] >= ceiling);
    return box[0] % limit;
  }

  function randomId() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(12));
    return 'r' + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  function shuffled(list) {
    const copy = list.slice();
    for (let i = copy.length - 1; i > 0; i -= 1) {
      const j = randomBelow(i + 1);
      const kept = copy[i];
      copy[i] = copy[j];
      copy[j] = kept;
    }
    return copy;
  }

  // All ids in the order shown: within each group of a page the members change places, the others stay.
  function drawOrder(definition) {
    const order = [];
    for (const page of definition.pages) {
      const place = new Map(page.members.map((id) => [id, id]));
      for (const group of page.shuffle) {
        shuffled(group).forEach((id, i) => place.set(group[i], id));
      }
      page.members.forEach((id) => order.push(place.get(id)));
    }
    return order;
  }

  function fresh(definition, language) {
    return { format: FORMAT, respondent: randomId(), started: '', submitted: '', seconds: 0, language: language, step: 0,
      order: drawOrder(definition), answers: {} };
  }

  // A kept state is used only when it fits this very questionnaire.
  function fits(definition, kept) {
    if (!kept || kept.format !== FORMAT || !Array.isArray(kept.order)) return false;
    const ids = definition.variables.map((variable) => variable.id).sort().join(' ');
    const sound = kept.order.slice().sort().join(' ') === ids && definition.languages.indexOf(kept.language) >= 0;
    return sound && typeof kept.answers === 'object' && kept.answers !== null && typeof kept.respondent === 'string';
  }

  function cleanAnswers(definition, answers) {
    const clean = Object.create(null);
    for (const variable of definition.variables) {
      const raw = Object.prototype.hasOwnProperty.call(answers, variable.id) ? answers[variable.id] : null;
      const usable = raw && Array.isArray(raw.picked) && typeof raw.text === 'string';
      clean[variable.id] = usable ? { picked: raw.picked.map(String), text: raw.text } : SatmeterAnswers.empty();
    }
    return clean;
  }

  function load(definition, language) {
    let kept = null;
    try {
      kept = JSON.parse(storage().getItem(storageKey(definition)));
    } catch (error) {
      kept = null;
    }
    const state = fits(definition, kept) ? kept : fresh(definition, language);
    state.answers = cleanAnswers(definition, state.answers);
    return state;
  }

  // Whether the browser has kept the state.
  function save(definition, state) {
    try {
      storage().setItem(storageKey(definition), JSON.stringify(state));
      return true;
    } catch (error) {
      return false;
    }
  }

  function clear(definition) {
    try {
      storage().removeItem(storageKey(definition));
    } catch (error) {
      // Nothing was kept.
    }
  }

  return { clear: clear, load: load, save: save };
}());
