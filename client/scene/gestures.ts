/** What hands on the canvas ask for; places and distances are CSS pixels of the canvas. */
export interface Gestures {
  /** Something touched the map that was moving. */
  held(): void;
  dragged(dx: number, dy: number): void;
  /** Let go while it moved, CSS pixels a second. */
  thrown(speedX: number, speedY: number): void;
  /** So that what is at the place stays there. */
  zoomed(factor: number, x: number, y: number): void;
  /** A double click or tap. */
  stepped(factor: number, x: number, y: number): void;
}

/** A hand that moved less has clicked. */
const CLICK_PX = 4;
const DOUBLE_MS = 320;
const DOUBLE_PX = 24;
const STEP = 2.2;
/** A throw is what moved within this time before it was let go. */
const THROW_MS = 90;
const THROW_LEAST = 120;
const LINE_PX = 18;
const WHEEL = 0.0016;
/** A pinch on a touchpad arrives as a wheel with the control key. */
const PINCH_WHEEL = 0.01;

interface Hand {
  x: number;
  y: number;
}

/** Watches mouse, pen and fingers on a canvas. @returns what ends that */
export function watchGestures(canvas: HTMLCanvasElement, gestures: Gestures): () => void {
  const hands = new Map<number, Hand>();
  let travelled = 0;
  let lastTap = { x: 0, y: 0, at: Number.NEGATIVE_INFINITY };
  let trail: { x: number; y: number; at: number }[] = [];

  const placeOf = (event: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  /** The click that a browser makes of a drag is none. */
  const swallow = (event: Event) => {
    event.stopImmediatePropagation();
    event.preventDefault();
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    canvas.removeEventListener('click', swallow, true);
    canvas.setPointerCapture(event.pointerId);
    hands.set(event.pointerId, placeOf(event));
    if (hands.size === 1) travelled = 0;
    trail = [];
    gestures.held();
  };
  const move = (event: PointerEvent) => {
    const hand = hands.get(event.pointerId);
    if (hand === undefined) return;
    const { x, y } = placeOf(event);
    const dx = x - hand.x;
    const dy = y - hand.y;
    travelled += Math.hypot(dx, dy);
    if (hands.size === 1) {
      if (travelled <= CLICK_PX) return;
      trail.push({ x, y, at: event.timeStamp });
      gestures.dragged(dx, dy);
    } else if (hands.size === 2) {
      pinch(event.pointerId, hand, { x, y });
    }
    hand.x = x;
    hand.y = y;
  };
  const pinch = (id: number, from: Hand, to: Hand) => {
    const other = [...hands].find(([key]) => key !== id)![1];
    const before = Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
    const after = Math.max(1, Math.hypot(to.x - other.x, to.y - other.y));
    gestures.dragged((to.x - from.x) / 2, (to.y - from.y) / 2);
    gestures.zoomed(after / before, (to.x + other.x) / 2, (to.y + other.y) / 2);
  };
  const up = (event: PointerEvent) => {
    if (!hands.delete(event.pointerId)) return;
    if (hands.size > 0) return;
    if (travelled > CLICK_PX) {
      canvas.addEventListener('click', swallow, { capture: true, once: true });
      throwOff(event.timeStamp);
      return;
    }
    tap(placeOf(event), event.timeStamp);
  };
  const throwOff = (now: number) => {
    const recent = trail.filter(({ at }) => now - at < THROW_MS);
    const first = recent[0];
    const last = recent[recent.length - 1];
    if (first === undefined || last === undefined || last.at - first.at < 8) return;
    const seconds = (last.at - first.at) / 1000;
    const speedX = (last.x - first.x) / seconds;
    const speedY = (last.y - first.y) / seconds;
    if (Math.hypot(speedX, speedY) > THROW_LEAST) gestures.thrown(speedX, speedY);
  };
  const tap = ({ x, y }: Hand, at: number) => {
    const isDouble = at - lastTap.at < DOUBLE_MS && Math.hypot(x - lastTap.x, y - lastTap.y) < DOUBLE_PX;
    if (isDouble) gestures.stepped(STEP, x, y);
    lastTap = { x, y, at: isDouble ? Number.NEGATIVE_INFINITY : at };
  };
  const cancel = (event: PointerEvent) => {
    hands.delete(event.pointerId);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = placeOf(event);
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PX;
    const bounded = Math.min(240, Math.max(-240, pixels));
    gestures.zoomed(Math.exp(-bounded * (event.ctrlKey ? PINCH_WHEEL : WHEEL)), x, y);
  };

  const { touchAction } = canvas.style;
  canvas.style.touchAction = 'none';
  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', cancel);
  canvas.addEventListener('wheel', wheel, { passive: false });
  return () => {
    canvas.style.touchAction = touchAction;
    canvas.removeEventListener('pointerdown', down);
    canvas.removeEventListener('pointermove', move);
    canvas.removeEventListener('pointerup', up);
    canvas.removeEventListener('pointercancel', cancel);
    canvas.removeEventListener('wheel', wheel);
    canvas.removeEventListener('click', swallow, true);
  };
}
