import type { Signal } from '@preact/signals';

interface TabsProps<K extends string> {
  readonly label: string;
  /** Prefix of the elements' ids; the panel's is `{id}-body`. */
  readonly id: string;
  readonly all: readonly { readonly key: K; readonly name: string }[];
  readonly chosen: Signal<K>;
}

/** A row of tabs; arrows, Home and End go from one to another. */
export function Tabs<K extends string>({ label, id, all, chosen }: TabsProps<K>) {
  const move = (event: KeyboardEvent) => {
    const now = all.findIndex(({ key }) => key === chosen.value);
    const last = all.length - 1;
    const to = {
      ArrowLeft: now === 0 ? last : now - 1,
      ArrowRight: now === last ? 0 : now + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    chosen.value = all[to]!.key;
    document.getElementById(`${id}-tab-${chosen.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {all.map(({ key, name }) => (
        <button
          key={key}
          type="button"
          role="tab"
          id={`${id}-tab-${key}`}
          aria-selected={chosen.value === key}
          aria-controls={`${id}-body`}
          tabIndex={chosen.value === key ? 0 : -1}
          onClick={() => {
            chosen.value = key;
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
