/** Icons of one stroke on a grid of 16: paths only, so that they take the color of the text. */
const PATHS = {
  restart: 'M3.5 3v10M12.5 3.5v9L6 8z',
  back: 'M10.5 3.5v9L4 8zM13 3.5v9',
  play: 'M5 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  step: 'M5.5 3.5v9L12 8zM3 3.5v9',
  incident: 'M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.8v.4',
  closure: 'M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0M5 8h6',
  link: 'M6.5 9.5l3-3M7 4.8l1.6-1.6a2.6 2.6 0 0 1 3.7 3.7L10.800 8.500M9 11.200l-1.600 1.600a2.600 2.600 0 0 1-3.700-3.700l1.500-1.600',
  download: 'M8 2.500v7M5 7l3 3l3-3M3 13h10',
  theme: 'M8 2.500a5.500 5.500 0 1 0 5.500 5.500a4.500 4.500 0 0 1-5.500-5.500z',
  help: 'M5.700 6a2.300 2.300 0 1 1 3.400 2c-.8.5-1.100.9-1.100 1.800M8 12.300v.4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  close: 'M4 4l8 8M12 4l-8 8',
  seed: 'M3 6.500A5.300 5.300 0 0 1 13 6M13 3v3h-3M13 9.500A5.300 5.300 0 0 1 3 10M3 13v-3h3',
  swap: 'M3 5.500h9M9.500 3L12 5.500L9.500 8M13 10.500H4M6.500 8L4 10.500L6.500 13',
  search: 'M3 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0M10 10l3.500 3.500',
  follow: 'M3.500 8a4.500 4.500 0 1 0 9 0a4.500 4.500 0 1 0-9 0M8 1.500v3M8 11.500v3M1.500 8h3M11.500 8h3',
  down: 'M4 6l4 4l4-4',
  up: 'M4 10l4-4l4 4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  const isSolid = name === 'play' || name === 'restart' || name === 'back' || name === 'step';
  return (
    <svg
      class={isSolid ? 'icon icon-solid' : 'icon'}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
