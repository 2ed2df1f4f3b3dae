import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INPUT_COUNT } from '../../server/environment/observer.ts';
import { parsePolicy, policyText, scorerOf } from '../../server/policy/policyFile.ts';
import { formatProblems } from '../../server/scenario/problem.ts';
import { madeUpPolicy, madeUpScorer } from './madeUp.ts';

/** A policy's file: read back to the last bit, and refused, with reasons, when it is anything but what was written. */

const policy = madeUpPolicy();
const text = policyText(policy);

test('a policy is read back to the last bit', () => {
  const parsed = parsePolicy(text);
  expect(parsed).toEqual({ ok: true, policy });
  expect(scorerOf(policy)).toEqual(madeUpScorer([8, 4, 1]));
  expect(parsed.ok && policyText(parsed.policy)).toBe(text);
});

test('any finite weights are read back to the last bit', () => {
  const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
    minLength: INPUT_COUNT,
    maxLength: INPUT_COUNT,
  });
  fc.assert(
    fc.property(doubles, (linear) => {
      const own = { ...policy, weights: { ...policy.weights, linear } };
      const parsed = parsePolicy(policyText(own));
      const read = parsed.ok ? parsed.policy.weights.linear : [];
      expect(read).toEqual(linear.map((weight) => weight + 0)); // −0 and 0 weigh the same
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('the text has a line for each row of weights and a hash that stands for the content, not for its layout', () => {
  expect(text.split('\n').length).toBeLessThan(80);
  expect(text).toMatch(/^{\n {2}"format": "greenwave-policy",\n {2}"version": 1,\n {2}"name": "made-up",\n/);
  const reordered = Object.fromEntries(Object.entries(JSON.parse(text)).reverse());
  expect(parsePolicy(JSON.stringify(reordered))).toEqual({ ok: true, policy });
  expect(madeUpPolicy({ name: 'other' }).hash).not.toBe(policy.hash);
});

test('a policy with weights that are not finite is refused when it is written', () => {
  const { weights } = policy;
  for (const bad of [NaN, Infinity, -Infinity]) {
    const linear = [...weights.linear.slice(1), bad];
    expect(() => policyText({ ...policy, weights: { ...weights, linear } })).toThrow(
      `weights.linear[${INPUT_COUNT - 1}]: found ${bad}, expected a finite number.`,
    );
  }
  expect(() => policyText({ ...policy, weights: { ...weights, linear: [1] } })).toThrow(
    `weights.linear: found 1 weights, expected ${INPUT_COUNT}`,
  );
});

describe('is refused:', () => {
  /** The file with something changed, hash and all. */
  const told = (change: (file: ReturnType<typeof JSON.parse>) => void) => {
    const file = JSON.parse(text);
    change(file);
    return refusal(JSON.stringify(file));
  };
  const refusal = (changed: string) => {
    const parsed = parsePolicy(changed);
    return parsed.ok ? 'accepted' : formatProblems('p.json', parsed.problems);
  };

  test('what is no JSON, or ends in the middle', () => {
    expect(refusal('weights: 1')).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        line 1, column 1: this is not JSON: the text begins with weights.
          Give a JSON file."
    `);
    expect(refusal('')).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        line 1, column 1: the file ends in the middle.
          Check that the file is whole: download or save it again."
    `);
    expect(refusal(text.slice(0, text.indexOf('"sight"') + 12))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        line 11, column 12: the file ends in the middle of the text in quotes that begins here.
          Check that the file is whole: download or save it again."
    `);
    expect(refusal(text.replace('"stages"', '"name"'))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        line 13, column 3: the key "name" is given twice.
          Keep one of them."
    `);
  });

  test('another format, a newer version, an older one', () => {
    expect(refusal('{"name": "isolated", "demand": {}}')).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        This is not a policy: it names no format, not "greenwave-policy".
          Give a policy.json, as greenwave train writes it."
    `);
    expect(refusal('[1, 2]')).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        This is not a policy: it names no format, not "greenwave-policy".
          Give a policy.json, as greenwave train writes it."
    `);
    expect(told((file) => (file.format = 'onnx'))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        This is not a policy: its format is "onnx", not "greenwave-policy".
          Give a policy.json, as greenwave train writes it."
    `);
    expect(told((file) => (file.version = 2))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        version: the policy is of version 2; this Greenwave reads version 1.
          Run it with a newer Greenwave."
    `);
    expect(told((file) => (file.version = 'one'))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        version: the policy is of version "one"; this Greenwave reads version 1.
          Train it anew with this Greenwave."
    `);
  });

  test('other features, with both layouts named', () => {
    expect(
      told((file) => {
        file.features.lane = ['queue', 'speed'];
        file.weights.linear = [1, 2, 3];
      }),
    ).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        features: the policy sees of a lane 2 numbers (queue, speed), of a phase 6 (present, changeTime, age, interval, longWait, commitment), with groups at 5, 10, 15, 25 s and permitted lefts at 0.4; this version shows of a lane 10 numbers (queue, within5, within10, within15, within25, beyond, exitQueue, exitFull, wait, served), of a phase 6 (present, changeTime, age, interval, longWait, commitment), with groups at 5, 10, 15, 25 s and permitted lefts at 0.4.
          Train it anew with this version, or run it with the version that it was trained with."
    `);
    expect(told((file) => (file.features.permittedLeft = 0.5))).toContain('permitted lefts at 0.5; this');
    expect(told((file) => (file.features.reachS = [5]))).toContain('with groups at 5 s and');
  });

  test('wrong shapes, with what was found and what was expected', () => {
    expect(told((file) => file.weights.linear.pop())).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        weights.linear: found 25 weights, expected 26: one for each input.
          The file is damaged, or was written by something else than training. Take the original."
    `);
    expect(
      told((file) => {
        file.weights.layers[0].weights[2].pop();
        file.weights.layers[1].biases.push(1);
        file.weights.layers[2].weights.push([0, 0, 0, 0]);
      }),
    ).toMatchInlineSnapshot(`
      "p.json has 3 problems:
        weights.layers[0].weights[2]: found 51 weights, expected 52: one for each input of the layer.
          The file is damaged, or was written by something else than training. Take the original.
        weights.layers[1].biases: found 5 biases, expected 4: one for each output.
          The file is damaged, or was written by something else than training. Take the original.
        weights.layers[2].weights: found 2 rows, expected 1: one for each output.
          The file is damaged, or was written by something else than training. Take the original."
    `);
    expect(told((file) => file.weights.layers.pop())).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        weights.layers: found 2 layers, expected 3: as the architecture says.
          The file is damaged, or was written by something else than training. Take the original."
    `);
    expect(
      told((file) => {
        file.architecture.layers = [2];
        file.weights.layers = [file.weights.layers[0]];
      }),
    ).toMatchInlineSnapshot(`
      "p.json has 3 problems:
        architecture.layers: found 2 outputs at the end, expected 1: the score of a phase.
          The file is damaged, or was written by something else than training. Take the original.
        weights.layers[0].weights: found 8 rows, expected 2: one for each output.
          The file is damaged, or was written by something else than training. Take the original.
        weights.layers[0].biases: found 8 biases, expected 2: one for each output.
          The file is damaged, or was written by something else than training. Take the original."
    `);
  });

  test('weights that are no numbers', () => {
    expect(
      told((file) => {
        file.weights.linear[3] = null;
        file.weights.layers[0].weights[1][7] = 'NaN';
      }),
    ).toMatchInlineSnapshot(`
      "p.json has 2 problems:
        weights.linear[3]: found null, which stands for NaN or Infinity, expected a finite number.
          A training that ends so has gone astray. Take an earlier checkpoint, or train anew.
        weights.layers[0].weights[1][7]: found "NaN", expected a finite number.
          A training that ends so has gone astray. Take an earlier checkpoint, or train anew."
    `);
    expect(refusal(text.replace(/"linear": \[[^,]+,/, '"linear": [1e999,'))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        weights.linear[0]: found Infinity, expected a finite number.
          A training that ends so has gone astray. Take an earlier checkpoint, or train anew."
    `);
    expect(refusal(text.replace(/"linear": \[[^,]+,/, '"linear": [NaN,'))).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        line 19: found NaN, expected a finite number.
          A training that ends so has gone astray. Take an earlier checkpoint, or train anew."
    `);
    const many = told((file) => {
      for (const row of file.weights.layers[0].weights) row.fill(null);
    });
    expect(many.split('\n').length).toBeLessThan(50);
    expect(many).toMatch(/more problems are not listed\.$/);
  });

  test('missing and unknown keys', () => {
    expect(
      told((file) => {
        delete file.decisionS;
        file.sight = 'radar';
        file.wieghts = 1;
        delete file.training.seeds;
      }),
    ).toMatchInlineSnapshot(`
      "p.json has 4 problems:
        sight: "radar" is not allowed.
          Known: vehicles, detectors.
        decisionS: is missing.
          Use a number, 0.01 to 3,600 s.
        training.seeds: is missing.
          Use a list.
        wieghts: "wieghts" is not a key here.
          Did you mean "weights"?"
    `);
  });

  test('a content that is not the hash’s', () => {
    expect(
      told((file) => (file.weights.linear[0] += 1e-9)).replace(/[0-9a-f]{12}…/g, '0123…'),
    ).toMatchInlineSnapshot(`
      "p.json has 1 problem:
        hash: the file says 0123…, its content comes to 0123…
          It was changed after it was written. Take the original, or train anew."
    `);
    expect(told((file) => (file.scores[0].policy = 1))).toContain('hash: the file says');
    expect(told((file) => (file.training.episodes = 1e6))).toContain('hash: the file says');
    expect(told((file) => (file.hash = 'x'.repeat(64)))).toContain('hash: the file says');
  });

  test('whatever was done to it: it is read as it was, or refused', () => {
    const spot = fc.nat(text.length - 1);
    const cut = fc.tuple(spot, fc.nat(40), fc.string({ maxLength: 6 })).map(([at, count, by]) => {
      return text.slice(0, at) + by + text.slice(at + count);
    });
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(null), fc.constant('__proto__'));
    const swapped = fc
      .tuple(fc.nat(), fc.nat(6), value)
      .map(([pick, depth, by]) => replaced(pick, depth, by));
    fc.assert(
      fc.property(fc.oneof(cut, swapped, fc.string(), fc.json()), (changed) => {
        const parsed = parsePolicy(changed);
        if (parsed.ok) expect(parsed.policy).toEqual(policy);
        else expect(formatProblems('p.json', parsed.problems).length).toBeLessThan(20_000);
      }),
      { seed: 2, numRuns: 2000 },
    );
    expect(
      refusal(`{"format":"greenwave-policy","version":1,"name":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    ).toContain('name:');
  });
});

/** The file with a value somewhere in it replaced. */
function replaced(pick: number, depth: number, by: unknown): string {
  const file = JSON.parse(text);
  let place = file;
  let rest = pick;
  for (let k = 0; ; k++) {
    const keys = Object.keys(place);
    const key = keys[rest % keys.length];
    rest = Math.floor(rest / keys.length);
    const child = place[key];
    if (k === depth || child === null || typeof child !== 'object' || Object.keys(child).length === 0) {
      place[key] = by;
      return JSON.stringify(file);
    }
    place = child;
  }
}
