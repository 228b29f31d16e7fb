// Loads the page again when the questionnaire was saved.
'use strict';

(function () {
  const EVERY = 1000;
  let known = null;

  function look() {
    window.fetch('/preview/state', { cache: 'no-store' }).then((answer) => answer.json()).then(function (state) {
      if (known === null) known = state.edition;
      if (state.edition !== known) return window.location.replace(window.location.href.split('#')[0]);
      window.setTimeout(look, EVERY);
    }, function () {
      window.setTimeout(look, EVERY);
    });
  }

  look();
}());
