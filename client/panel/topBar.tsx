import { useSignal } from '@preact/signals';
import { SEED } from '../../server/protocol/bounds.ts';
import * as commands from '../commands.ts';
import { copyLink } from '../sharing.ts';
import { dialog, mayControl, session, tool, welcome } from '../state.ts';
import { theme, toggleTheme } from '../theme.ts';
import { Icon, type IconName } from './icon.tsx';
import { Transport } from './transport.tsx';

/** What is run, when, and what can be done about it. */
export function TopBar() {
  return (
    <header class="top">
      <a class="name" href="./" title="Open the page anew">
        <svg class="wave" viewBox="0 0 24 16" aria-hidden="true" focusable="false">
          <path d="M1 12C5 12 6 4 10 4s5 8 9 8" />
          <circle cx="20.500" cy="4" r="2.500" />
        </svg>
        <h1>Greenwave</h1>
      </a>
      <Scenario />
      <Seed />
      <Demand />
      <Transport />
      <div class="actions">
        <Tool
          name="incident"
          label="Incident"
          title="A vehicle breaks down: on the chosen lane, or click one (I)"
        />
        <Tool name="closure" label="Close lane" title="Close the chosen lane, or click one (K)" />
        <span class="rule" />
        <Action icon="link" label="Copy a link to this moment" letter="S" run={copyLink} />
        <Action icon="download" label="Export" letter="E" run={() => open('export')} />
        <Action
          icon="theme"
          label={theme.value === 'dark' ? 'Light theme' : 'Dark theme'}
          letter="T"
          run={toggleTheme}
        />
        <Action icon="help" label="Help" letter="H" run={() => open('help')} />
      </div>
    </header>
  );
}

function open(which: 'export' | 'help'): void {
  dialog.value = which;
}

function Scenario() {
  const catalogue = welcome.value?.catalogue ?? [];
  const setup = session.value?.setup;
  const now = catalogue.find(({ id }) => id === setup?.scenario);
  return (
    <label class="field scenario" title={now?.description.trim()}>
      <span class="unseen">Scenario</span>
      <select
        value={setup?.scenario ?? ''}
        disabled={!mayControl.value}
        onChange={({ currentTarget }) => commands.setScenario(currentTarget.value)}
      >
        {setup !== undefined && now === undefined && <option value={setup.scenario}>{setup.scenario}</option>}
        {catalogue.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Seed() {
  const seed = session.value?.setup.seed;
  const seedMatters = session.value?.seedMatters ?? true;
  return (
    <div class="field seed" title={seedMatters ? undefined : commands.NO_SEED}>
      <label>
        <span class="field-name">Seed</span>
        <input
          type="number"
          min={SEED.least}
          max={SEED.most}
          step="1"
          inputMode="numeric"
          value={seed ?? ''}
          disabled={!mayControl.value || !seedMatters}
          onChange={({ currentTarget }) => void takeSeed(currentTarget)}
        />
      </label>
      <button
        type="button"
        class="button quiet-button"
        title="The next seed: other arrivals (N)"
        aria-label="Next seed"
        disabled={!mayControl.value || !seedMatters}
        onClick={commands.newSeed}
      >
        <Icon name="seed" />
      </button>
    </div>
  );
}

/** Asks for what was typed; then the field shows the seed that is run, whatever has come of it. */
async function takeSeed(field: HTMLInputElement): Promise<void> {
  // What the browser cannot read as a number is empty.
  await commands.setSeed(field.value === '' ? Number.NaN : Number(field.value));
  field.value = String(session.value?.setup.seed ?? '');
}

/** It shows where it is dragged to, and asks when it is let go. */
function Demand() {
  const dragged = useSignal<number | null>(null);
  const scale = dragged.value ?? session.value?.setup.demandScale ?? 1;
  return (
    <label class="field demand" title="Vehicles for each one in the scenario">
      <span class="field-name">Demand</span>
      <input
        type="range"
        min="0.5"
        max="2"
        step="0.05"
        value={scale}
        disabled={!mayControl.value}
        aria-valuetext={`${scale.toFixed(2)} times the scenario's`}
        onInput={({ currentTarget }) => {
          dragged.value = Number(currentTarget.value);
        }}
        onChange={({ currentTarget }) => {
          dragged.value = null;
          commands.setDemand(Number(currentTarget.value));
        }}
      />
      <output>×{scale.toFixed(2)}</output>
    </label>
  );
}

function Tool({ name, label, title }: { name: 'incident' | 'closure'; label: string; title: string }) {
  const isOn = tool.value === name;
  return (
    <button
      type="button"
      class="button"
      title={title}
      aria-pressed={isOn}
      disabled={!mayControl.value}
      onClick={name === 'incident' ? commands.incidentHere : commands.closureHere}
    >
      <Icon name={name} />
      <span class="label">{label}</span>
    </button>
  );
}

function Action(props: { icon: IconName; label: string; letter: string; run: () => void }) {
  const { icon, label, letter, run } = props;
  return (
    <button
      type="button"
      class="button quiet-button"
      aria-label={label}
      title={`${label} (${letter})`}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}
