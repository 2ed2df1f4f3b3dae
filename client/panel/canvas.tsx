import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../theme.ts';

export interface Pen {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

interface CanvasProps {
  /** In words, for who does not see it. */
  readonly label: string;
  /** Drawn anew whenever this is another function, the theme or the size changes. */
  readonly draw: (pen: Pen) => void;
  readonly onPick?: (x: number, y: number) => void;
}

/** A sharp 2D canvas as large as its place. */
export function Canvas({ label, draw, onPick }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { value: colors } = theme;
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const paint = () => {
      const { clientWidth: width, clientHeight: height } = current;
      const context = current.getContext('2d');
      if (context === null || width === 0 || height === 0) return;
      const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
      if (current.width !== w || current.height !== h) {
        current.width = w;
        current.height = h;
      }
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, width, height);
      draw({ context, width, height });
    };
    const sized = new ResizeObserver(paint);
    sized.observe(current);
    paint();
    return () => sized.disconnect();
  }, [draw, colors]);
  return (
    <canvas
      class="drawing"
      ref={canvas}
      role="img"
      aria-label={label}
      onClick={({ offsetX, offsetY }) => onPick?.(offsetX, offsetY)}
    />
  );
}

/** A text that is cut off with an ellipsis where there is no room, or left out. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  for (let length = text.length - 1; length >= 3; length--) {
    const cut = `${text.slice(0, length).trimEnd()}…`;
    if (context.measureText(cut).width <= width) return cut;
  }
  return '';
}

/** Ticks of a time axis between two times, s, about as many as fit. */
export function timeTicks(fromS: number, toS: number, width: number): number[] {
  const most = Math.max(2, width / 80);
  const every =
    [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => (toS - fromS) / one <= most) ?? 7200;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromS / every) * every; at <= toS; at += every) ticks.push(at);
  return ticks;
}
