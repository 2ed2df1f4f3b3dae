import { useSignal } from '@preact/signals';
import { useToken } from '../connection.ts';
import { link } from '../state.ts';
import { DialogFrame } from './dialogFrame.tsx';

/** Asks for the word that lets one control the run. */
export function TokenDialog() {
  const typed = useSignal('');
  const { value: now } = link;
  return (
    <DialogFrame title="Token">
      <p>
        {now.kind === 'token'
          ? now.message
          : 'Who knows the token of this server may control runs. It was told where the server was started.'}
      </p>
      <form
        class="ask-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.value !== '') useToken(typed.value);
        }}
      >
        <input
          type="password"
          aria-label="Token"
          autocomplete="off"
          // biome-ignore lint/a11y/noAutofocus: the dialog is this one field.
          autoFocus
          value={typed.value}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value;
          }}
        />
        <button type="submit" class="button">
          Use it
        </button>
        <button type="button" class="button" onClick={() => useToken(null)}>
          Watch without
        </button>
      </form>
      <p class="quiet small">It is kept in this tab only, until the tab is closed.</p>
    </DialogFrame>
  );
}
