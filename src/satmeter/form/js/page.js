// The page: one step at a time, what is asked shown, every change kept.
'use strict';

(function () {
  const definition = JSON.parse(document.getElementById('definition').textContent);
  const variables = new Map(definition.variables.map((variable) => [variable.id, variable]));
  const byId = (id) => document.getElementById(id);
  const form = byId('form');
  const notice = byId('notice');
  const boxes = new Map(Array.from(form.querySelectorAll('[data-entry]'), (box) => [box.dataset.entry, box]));
  const sections = Array.from(form.querySelectorAll('[data-page]'));
  const begin = byId('begin');
  const end = byId('end');
  const errors = new Map();
  let noticeMessage = null;
  let state = null;
  let cells = new Map();
  let asked = new Set();
  let keeping = true;
  let released = false;
  let counting = false;
  let lastTick = 0;

  // ---- words

  function word(key, fields) {
    return SatmeterTexts.word(definition, key, fields || {}, state.language);
  }

  function piped(name) {
    if (!variables.has(name)) return undefined;
    const variable = variables.get(name);
    const answer = asked.has(name) ? SatmeterExpressions.substantive(variable, cells.get(name)) : null;
    return SatmeterTexts.answerText(definition, variable, answer, state.language);
  }

  function uiField(name) {
    return name === 'version' ? definition.version : undefined;
  }

  function writeText(element) {
    const key = element.dataset.t;
    const found = SatmeterTexts.find(definition, key, state.language);
    const text = SatmeterTexts.fill(found.text, key.startsWith('ui.') ? uiField : piped);
    if (element.textContent !== text) element.textContent = text;
    if (found.language === state.language) element.removeAttribute('lang');
    else element.setAttribute('lang', found.language);
  }

  function writePiped() {
    document.querySelectorAll('[data-t]').forEach(function (element) {
      if (SatmeterTexts.hasField(definition, element.dataset.t)) writeText(element);
    });
  }

  function writeMessages() {
    errors.forEach((problem, id) => SatmeterEntries.showError(boxes.get(id), word(problem.word, problem.fields)));
    notice.textContent = noticeMessage ? word(noticeMessage.word, noticeMessage.fields) : '';
    for (const variable of definition.variables) {
      if (!SatmeterAnswers.isWritten(variable)) continue;
      const text = SatmeterEntries.hint(definition, variable, state.answers[variable.id], state.language);
      SatmeterEntries.showHint(boxes.get(variable.id), text);
    }
  }

  function writeAll() {
    document.documentElement.lang = state.language;
    document.querySelectorAll('[data-t]').forEach(writeText);
    document.querySelectorAll('[data-t-label]').forEach(function (element) {
      element.setAttribute('aria-label', SatmeterTexts.find(definition, element.dataset.tLabel, state.language).text);
    });
    document.querySelectorAll('[data-language]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.dataset.language === state.language));
    });
    writeMessages();
    writeStep();
  }

  function say(key, fields, wrong) {
    noticeMessage = key ? { word: key, fields: fields || {} } : null;
    notice.classList.toggle('wrong', Boolean(wrong));
    notice.textContent = noticeMessage ? word(key, fields) : '';
  }

  // ---- steps: the welcome, the pages that are asked, the end

  function isStep(section) {
    if (section === begin || section === end) return true;
    const page = definition.pages[Number(section.dataset.page)];
    return page.members.some((id) => asked.has(id));
  }

  function allSteps() {
    return [begin].concat(sections, [end]);
  }

  function currentSection() {
    return allSteps()[state.step];
  }

  function neighbour(direction) {
    const steps = allSteps();
    let step = state.step + direction;
    while (!isStep(steps[step])) step += direction;
    return step;
  }

  function writeProgress(pages, at) {
    const onPage = at >= 0;
    byId('progress-box').hidden = !onPage;
    if (!onPage) return;
    const text = word('page_of', { page: at + 1, pages: pages.length });
    byId('progress').max = pages.length;
    byId('progress').value = at + 1;
    byId('progress').setAttribute('aria-valuetext', text);
    byId('progress-text').textContent = text;
  }

  function writeStep() {
    const section = currentSection();
    const pages = sections.filter(isStep);
    const at = pages.indexOf(section);
    const heading = section.querySelector('h2');
    const text = at < 0 ? '' : word('page_of', { page: at + 1, pages: pages.length });
    if (heading.classList.contains('numbered')) heading.textContent = word('page', { page: at + 1 });
    writeProgress(pages, at);
    document.title = SatmeterTexts.find(definition, 'title', state.language).text + (text ? ' · ' + text : '');
    byId('back').hidden = section === begin || section === end;
    byId('next').hidden = section === end;
    const label = section === begin ? 'begin' : at === pages.length - 1 ? 'finish' : 'next';
    byId('next').textContent = word(label);
    byId('restart').hidden = section === begin && state.started === '';
  }

  function showStep(focus) {
    allSteps().forEach((section) => { section.hidden = section !== currentSection(); });
    writeStep();
    if (!focus) return;
    window.scrollTo(0, 0);
    currentSection().querySelector('h2').focus({ preventScroll: true });
  }

  function goTo(step) {
    state.step = step;
    say(keeping ? null : 'not_kept');
    keep();
    showStep(true);
  }

  // ---- answers

  function showAsked() {
    cells = SatmeterRecord.cells(definition, state);
    asked = new Set(SatmeterExpressions.asked(definition, cells));
    boxes.forEach((box, id) => { box.hidden = !asked.has(id); });
    form.querySelectorAll('.run').forEach(function (run) {
      run.hidden = !Array.from(run.querySelectorAll('[data-entry]')).some((box) => asked.has(box.dataset.entry));
    });
  }

  // Seconds count only while the questionnaire is open, in view and not yet finished.
  function countTime() {
    const now = Date.now();
    if (counting) state.seconds += Math.max(0, now - lastTick) / 1000;
    lastTick = now;
    counting = !document.hidden && state.started !== '' && state.submitted === '';
  }

  function keep() {
    countTime();
    if (!released) keeping = SatmeterState.save(definition, state);
  }

  function take(event) {
    const box = event.target.closest('[data-entry]');
    if (!box) return;
    const variable = variables.get(box.dataset.entry);
    state.answers[variable.id] = SatmeterEntries.changed(variable, state.answers[variable.id], event.target);
    SatmeterEntries.show(box, state.answers[variable.id]);
    if (errors.has(variable.id)) setError(variable.id, problemOf(variable.id));
    showAsked();
    writePiped();
    writeMessages();
    writeStep();
    keep();
  }

  function problemOf(id) {
    return SatmeterAnswers.problem(variables.get(id), state.answers[id], SatmeterEntries.unfinished(boxes.get(id)));
  }

  function setError(id, problem) {
    if (problem) errors.set(id, problem);
    else errors.delete(id);
    SatmeterEntries.showError(boxes.get(id), problem ? word(problem.word, problem.fields) : '');
  }

  // Mark what is wrong on this page, in the order shown; the first of it gets the focus.
  function isPageSound() {
    const shown = Array.from(currentSection().querySelectorAll('[data-entry]'), (box) => box.dataset.entry);
    const wrong = [];
    for (const id of shown) {
      const problem = asked.has(id) ? problemOf(id) : null;
      setError(id, problem);
      if (problem) wrong.push(id);
    }
    if (wrong.length === 0) return true;
    say(wrong.length === 1 ? 'errors_one' : 'errors_many', { count: wrong.length }, true);
    const control = SatmeterEntries.firstControl(boxes.get(wrong[0]));
    control.focus({ preventScroll: true });
    boxes.get(wrong[0]).scrollIntoView({ block: 'center' });
    return false;
  }

  function next(event) {
    event.preventDefault();
    const section = currentSection();
    if (section === end) return;
    if (section === begin) {
      state.started = state.started || new Date().toISOString();
    } else if (!isPageSound()) {
      return;
    }
    const step = neighbour(1);
    if (allSteps()[step] === end) finish();
    goTo(step);
  }

  function finish() {
    countTime();
    state.submitted = new Date().toISOString();
  }

  // ---- the end

  function save(text, type, ending) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = definition.id + '-' + state.respondent + ending;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    released = true;
    SatmeterState.clear(definition);
    say('saved');
  }

  function askRestart() {
    if (byId('confirm').showModal) byId('confirm').showModal();
    else if (window.confirm(word('restart_question'))) restart();
  }

  function restart() {
    SatmeterState.clear(definition);
    if (byId('confirm').open) byId('confirm').close();
    released = false;
    counting = false;
    const language = state.language;
    Array.from(errors.keys()).forEach((id) => setError(id, null));
    start(language);
    showStep(true);
  }

  // ---- start

  // A mark before every entry keeps its place when entries change places.
  const places = new Map(Array.from(boxes, function (pair) {
    const place = document.createComment('');
    pair[1].before(place);
    return [pair[0], place];
  }));

  // Put the entries of every page into the order drawn for this respondent.
  function arrange() {
    for (const page of definition.pages) {
      const members = new Set(page.members);
      const drawn = state.order.filter((id) => members.has(id));
      page.members.forEach((id, i) => places.get(id).after(boxes.get(drawn[i])));
    }
  }

  function start(language) {
    state = SatmeterState.load(definition, language);
    if (!(state.step >= 0 && state.step < allSteps().length)) state.step = 0;
    arrange();
    boxes.forEach((box, id) => SatmeterEntries.show(box, state.answers[id]));
    showAsked();
    if (!isStep(currentSection())) state.step = 0;
    keep();
    const resumed = state.started !== '' && state.submitted === '';
    say(resumed ? 'resumed' : keeping ? null : 'not_kept');
    writeAll();
  }

  function speak(event) {
    state.language = event.currentTarget.dataset.language;
    writeAll();
    keep();
  }

  function listen() {
    form.addEventListener('input', take);
    form.addEventListener('submit', next);
    byId('back').addEventListener('click', () => goTo(neighbour(-1)));
    byId('save-csv').addEventListener('click', () => save(SatmeterRecord.csv(definition, state), 'text/csv;charset=utf-8', '.csv'));
    byId('save-json').addEventListener('click', () => save(SatmeterRecord.json(definition, state), 'application/json', '.json'));
    byId('restart').addEventListener('click', askRestart);
    byId('confirm-no').addEventListener('click', () => byId('confirm').close());
    byId('confirm-yes').addEventListener('click', restart);
    document.querySelectorAll('[data-language]').forEach((button) => button.addEventListener('click', speak));
    document.addEventListener('visibilitychange', keep);
  }

  function reveal() {
    byId('top').hidden = false;
    byId('main').hidden = false;
    byId('foot').hidden = false;
    showStep(false);
  }

  // Shown only once the page's own font is there: Chromium keeps what it has drawn in a font without the glyphs.
  function revealWithFont() {
    if (!document.fonts || !document.fonts.load) return reveal();
    const patience = new Promise((done) => { window.setTimeout(done, 1000); });
    return Promise.race([document.fonts.load('1em satmeter', '\u7b54'), patience]).then(reveal, reveal);
  }

  start(document.documentElement.lang);
  listen();
  revealWithFont();
}());
