import { areKeysOn, KEY_GROUPS, switchKeys } from '../keys.ts';
import { welcome } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';

/** Every key, what the page shows, and what words mean. */
export function HelpDialog() {
  return (
    <DialogFrame title="Help">
      <p>
        The same traffic runs on every side at the same time, and only the controllers of its signals differ.
        Each vehicle has the same number on all sides. Click a signal to see why it shows what it shows, a
        vehicle to see its trip on all sides, a lane to close it or to let somebody break down there.
      </p>
      <div class="key-groups">
        {KEY_GROUPS.map(({ name, bindings }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl class="key-list">
              {bindings.map(({ shown, words }) => (
                <div key={shown}>
                  <dt>
                    <kbd>{shown}</kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
        />
        Single keys act wherever the focus is. Switch this off for speech input: then they act on the map
        only.
      </label>
      <h3>Words</h3>
      <dl class="glossary">
        <div>
          <dt>Delay</dt>
          <dd>Time that a trip takes longer than on an empty road; waiting to enter the network counts.</dd>
        </div>
        <div>
          <dt>Phase</dt>
          <dd>Movements that have green together; each ends with a yellow change and a red clearance.</dd>
        </div>
        <div>
          <dt>Queue</dt>
          <dd>Vehicles that stand on an approach to a signal.</dd>
        </div>
        <div>
          <dt>Spillback</dt>
          <dd>A queue that reaches back to the intersection before, and holds it up.</dd>
        </div>
        <div>
          <dt>Seed</dt>
          <dd>The number that arrivals are drawn from: the same seed is the same traffic, to the second.</dd>
        </div>
      </dl>
      <p class="quiet small">Greenwave {welcome.value?.greenwave}</p>
    </DialogFrame>
  );
}
