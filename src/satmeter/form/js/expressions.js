// Conditions: the same trees and the same meaning as satmeter.questionnaire.evaluate. Pure: no page, no state.
// Answers are a Map of id -> number, text, array of codes or null.
'use strict';

const SatmeterExpressions = (function () {
  const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
  const BLANK = /^[ \t\r\n\u3000]*$/;
  const EDGES = /^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g;

  function isAnswered(answer) {
    if (answer === null || answer === undefined || Number.isNaN(answer)) return false;
    if (typeof answer === 'string') return !BLANK.test(answer);
    return !Array.isArray(answer) || answer.length > 0;
  }

  function toNumber(value) {
    if (typeof value === 'number') return value;
    return value.length <= 300 && NUMBER.test(value) ? Number(value) : null;
  }

  function equal(left, right) {
    if (typeof left === 'string' && typeof right === 'string') return left === right;
    const a = toNumber(left);
    return a !== null && a === toNumber(right);
  }

  function holds(op, left, right) {
    if (op === '<') return left < right;
    if (op === '<=') return left <= right;
    return op === '>' ? left > right : left >= right;
  }

  function ordered(op, left, right) {
    if (typeof left === 'string' && typeof right === 'string') return holds(op, left, right);
    const a = toNumber(left);
    const b = toNumber(right);
    return a !== null && b !== null && holds(op, a, b);
  }

  // The values on one side of a comparison; null for an unanswered name.
  function valuesOf(operand, answers) {
    if (operand.name === undefined) return { several: false, list: [operand.value] };
    const answer = answers.get(operand.name);
    if (!isAnswered(answer)) return null;
    return Array.isArray(answer) ? { several: true, list: answer } : { several: false, list: [answer] };
  }

  function compare(op, left, right) {
    if (op === '==' || op === '!=') {
      const meet = left.list.some((a) => right.list.some((b) => equal(a, b)));
      return meet === (op === '==');
    }
    return !left.several && !right.several && ordered(op, left.list[0], right.list[0]);
  }

  function isMember(tree, answers) {
    const chosen = valuesOf(tree, answers);
    return chosen !== null && chosen.list.some((a) => tree.values.some((b) => equal(a, b)));
  }

  function evaluate(tree, answers) {
    if (tree.op === 'and') return tree.parts.every((part) => evaluate(part, answers));
    if (tree.op === 'or') return tree.parts.some((part) => evaluate(part, answers));
    if (tree.op === 'not') return !evaluate(tree.part, answers);
    if (tree.op === 'answered') return isAnswered(answers.get(tree.name));
    if (tree.op === 'in') return isMember(tree, answers);
    const left = valuesOf(tree.left, answers);
    const right = valuesOf(tree.right, answers);
    return left !== null && right !== null && compare(tree.op, left, right);
  }

  function isMissingCode(variable, answer) {
    return Object.prototype.hasOwnProperty.call(variable.missing, String(answer).replace(EDGES, ''));
  }

  // The answer, or null where it is blank or a missing code of the variable.
  function substantive(variable, answer) {
    if (!isAnswered(answer)) return null;
    if (!Array.isArray(answer)) return isMissingCode(variable, answer) ? null : answer;
    const chosen = answer.filter((code) => !Object.prototype.hasOwnProperty.call(variable.missing, code));
    return chosen.length > 0 ? chosen : null;
  }

  // Ids of the variables that are asked. A condition sees only substantive answers of variables asked before it.
  function asked(definition, answers) {
    const variables = new Map(definition.variables.map((variable) => [variable.id, variable]));
    const seen = new Map();
    const found = [];
    for (const page of definition.pages) {
      if (page.when !== null && !evaluate(page.when, seen)) continue;
      for (const id of page.members) {
        const variable = variables.get(id);
        if (variable.when !== null && !evaluate(variable.when, seen)) continue;
        found.push(id);
        seen.set(id, substantive(variable, answers.get(id)));
      }
    }
    return found;
  }

  return { asked: asked, evaluate: evaluate, isAnswered: isAnswered, substantive: substantive };
}());
