// Writes a policy with some of its linear weights multiplied, and notes that in the file:
//
//     node scenarios/policies/calibrate.mjs FROM longWait=1.5 TO
//
// Training trades delay against the longest wait by the weights it is given. This moves a trained policy along that trade
// without training it anew. A phase feature has one weight, a lane feature two (for the phase that is green, and others).

import { writeFileSync } from 'node:fs';
import { loadPolicy, policyOf, policyText } from '../../dist/server/index.js';

const [from, ...rest] = process.argv.slice(2);
const to = rest.pop();
if (to === undefined || rest.length === 0) {
  console.error('Usage: node scenarios/policies/calibrate.mjs FROM FEATURE=FACTOR… TO');
  process.exit(2);
}
const policy = loadPolicy(from);
const { lane, phase } = policy.features;
const names = [...lane, ...lane, ...phase]; // as the inputs of a phase are laid out
const linear = Float64Array.from(policy.weights.linear);
const calibration = { ...policy.training.calibration }; // of an earlier time; a feature is moved once
for (const given of rest) {
  const [name, text] = given.split('=');
  const factor = Number(text);
  if (name in calibration) {
    console.error(
      `${name} was multiplied by ${calibration[name]} before. Start from the policy as it was trained.`,
    );
    process.exit(2);
  }
  if (!names.includes(name) || !(factor >= 0)) {
    console.error(`${given} is not FEATURE=FACTOR. Features: ${[...new Set(names)].join(', ')}.`);
    process.exit(2);
  }
  names.forEach((other, k) => {
    if (other === name) linear[k] *= factor;
  });
  calibration[name] = factor;
}
const layers = policy.weights.layers.map(({ weights, biases }) => ({
  weights: Float64Array.from(weights.flat()),
  biases: Float64Array.from(biases),
}));
const { name, sight, decisionS, stages, training, scores } = policy;
const about = { name, sight, decisionS, stages, training: { ...training, calibration }, scores };
writeFileSync(to, policyText(policyOf({ linear, layers }, about)));
