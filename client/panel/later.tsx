import { useSignal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { DialogFrame } from './dialogFrame.tsx';

const fetches: (() => Promise<unknown>)[] = [];

/** Loads all such parts before they are shown. Where that fails nothing is told: it is tried again when they are. */
export function fetchLaterParts(): void {
  for (const fetch of fetches) fetch().catch(() => {});
}

/** A part of the page that is loaded when it is first shown. What is told while it is on its way, or does not come, is in words. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  name: string,
): ComponentType<P> {
  return laterWithin(load, name, ({ children }) => <>{children}</>);
}

/** The same of a dialog: it can be closed before it is there. */
export function laterDialog(load: () => Promise<ComponentType>, title: string): ComponentType {
  return laterWithin(load, title, ({ children }) => <DialogFrame title={title}>{children}</DialogFrame>);
}

function laterWithin<P extends object>(
  load: () => Promise<ComponentType<P>>,
  name: string,
  Frame: ComponentType<{ children: ComponentChildren }>,
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  const fetch = async () => {
    loaded ??= await load();
    return loaded;
  };
  fetches.push(fetch);
  return function Part(props: P) {
    const tries = useSignal(0);
    const part = useSignal<{ readonly shown: ComponentType<P> | null }>({ shown: loaded });
    const problem = useSignal(false);
    useEffect(() => {
      let isOver = false;
      if (part.value.shown !== null) return;
      problem.value = false;
      fetch().then(
        (component) => {
          if (!isOver) part.value = { shown: component };
        },
        () => {
          if (!isOver) problem.value = true;
        },
      );
      return () => {
        isOver = true;
      };
    }, [tries.value]);
    const { shown: Shown } = part.value;
    if (Shown !== null) return <Shown {...props} />;
    return (
      <Frame>
        {problem.value ? (
          <div class="fault" role="alert">
            <p>{name} could not be loaded.</p>
            <button type="button" class="button" onClick={() => tries.value++}>
              Try again
            </button>
          </div>
        ) : (
          <p class="quiet waiting">Loading {name} …</p>
        )}
      </Frame>
    );
  };
}
