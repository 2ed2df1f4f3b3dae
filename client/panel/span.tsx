import { type Signal, signal } from '@preact/signals';

/** How much of the past diagrams show, s. */
export const SPANS = [120, 300, 600, 1200] as const;
export const spanS = signal<number>(300);

export function SpanSelect({ of }: { readonly of: Signal<number> }) {
  return (
    <label class="field">
      <span class="field-name">The last</span>
      <select
        value={of.value}
        onChange={({ currentTarget }) => {
          of.value = Number(currentTarget.value);
        }}
      >
        {SPANS.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds / 60} min
          </option>
        ))}
      </select>
    </label>
  );
}
