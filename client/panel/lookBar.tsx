import { COLOR_WORDS, LAYER_WORDS, laneSubject } from '../legend.ts';
import { COLORS, LAYERS } from '../sight.ts';
import { colorBy, layer } from '../state.ts';
import { Legend } from './legend.tsx';

/** How the picture is colored, and what the colors mean. */
export function LookBar() {
  return (
    <div class="look">
      <label class="field">
        <span class="field-name">Vehicles by</span>
        <select
          title="C"
          value={colorBy.value}
          onChange={({ currentTarget }) => {
            colorBy.value = COLORS.find((one) => one === currentTarget.value) ?? 'delay';
          }}
        >
          {COLORS.map((one) => (
            <option key={one} value={one}>
              {COLOR_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      <Legend subject={{ colorBy: colorBy.value }} />
      <label class="field">
        <span class="field-name">Lanes by</span>
        <select
          title="L"
          value={layer.value}
          onChange={({ currentTarget }) => {
            layer.value = LAYERS.find((one) => one === currentTarget.value) ?? 'none';
          }}
        >
          {LAYERS.map((one) => (
            <option key={one} value={one}>
              {LAYER_WORDS[one]}
            </option>
          ))}
        </select>
      </label>
      {layer.value !== 'none' && <Legend subject={laneSubject(layer.value)} />}
    </div>
  );
}
