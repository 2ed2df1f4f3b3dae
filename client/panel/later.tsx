import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** A part of the page that is loaded when it is first shown. What is told while it is on its way, or does not come, is in words. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  name: string,
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P) {
    const tries = useSignal(0);
    const part = useSignal<{ readonly shown: ComponentType<P> | null }>({ shown: loaded });
    const problem = useSignal(false);
    useEffect(() => {
      let isOver = false;
      if (loaded !== null) return;
      problem.value = false;
      load().then(
        (component) => {
          loaded = component;
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
    if (!problem.value) return <p class="quiet waiting">Loading {name} …</p>;
    return (
      <div class="fault" role="alert">
        <p>{name} could not be loaded.</p>
        <button type="button" class="button" onClick={() => tries.value++}>
          Try again
        </button>
      </div>
    );
  };
}
