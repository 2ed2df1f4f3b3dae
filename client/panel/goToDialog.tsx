import { useSignal } from '@preact/signals';
import { chooseIntersection, chooseLane } from '../choosing.ts';
import { findPlaces, type Place } from '../places.ts';
import { dialog, follow, map, scene } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';

/** A place by its name. */
export function GoToDialog() {
  const typed = useSignal('');
  const at = useSignal(0);
  const found = map.value === null ? [] : findPlaces(map.value, typed.value);
  const chosen = Math.min(at.value, found.length - 1);
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') at.value = Math.min(found.length - 1, chosen + 1);
    else if (event.key === 'ArrowUp') at.value = Math.max(0, chosen - 1);
    else if (event.key === 'Enter' && found[chosen] !== undefined) go(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <DialogFrame title="Go to">
      <input
        class="go-to"
        type="text"
        role="combobox"
        aria-label="Name of an intersection or lane"
        aria-expanded="true"
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant={found[chosen] === undefined ? undefined : `found-${chosen}`}
        autocomplete="off"
        spellcheck={false}
        // biome-ignore lint/a11y/noAutofocus: the dialog is this one field.
        autoFocus
        value={typed.value}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={keys}
      />
      <div class="found" id="found" role="listbox" aria-label="Places found">
        {found.map((place, k) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field above.
          <div
            key={`${place.kind}.${place.index}`}
            id={`found-${k}`}
            role="option"
            tabIndex={-1}
            aria-selected={k === chosen}
            onClick={() => go(place)}
          >
            <b>{place.name}</b> <span class="quiet">{place.words}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="quiet">No place has a name like this.</p>}
    </DialogFrame>
  );
}

function go({ kind, index }: Place): void {
  dialog.value = null;
  if (kind === 'intersection') {
    chooseIntersection(index, true);
    return;
  }
  const { value: roads } = map;
  if (roads === null) return;
  const positionM = roads.lanes.length[index]! / 2;
  chooseLane(index, positionM);
  const shape = roads.lanes.shape[index]!;
  const middle = (shape.length >> 2) * 2;
  follow.value = false;
  scene.value?.goTo(shape[middle]!, shape[middle + 1]!);
}
