import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Which slide is on, and how one goes on by hand. */
export interface Turn {
  readonly index: number;
  readonly isPaused: boolean;
  readonly step: (by: number) => void;
  readonly pause: () => void;
}

/** Goes from slide to slide by itself, and starts the turn anew when somebody goes on by hand. */
export function useTurn(slides: number, turnSeconds: number): Turn {
  const at = useSignal(0);
  const isPaused = useSignal(false);
  const index = slides === 0 ? 0 : ((at.value % slides) + slides) % slides;
  const paused = isPaused.value;
  useEffect(() => {
    if (paused) return;
    const timer = setTimeout(() => {
      at.value = index + 1;
    }, turnSeconds * 1_000);
    return () => clearTimeout(timer);
  }, [index, paused, turnSeconds]);
  return {
    index,
    isPaused: paused,
    step: (by) => {
      at.value = index + by;
    },
    pause: () => {
      isPaused.value = !paused;
    },
  };
}
