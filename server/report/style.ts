import { LEVEL_COLORS } from './charts/palette.ts';

const levels = Object.entries(LEVEL_COLORS)
  .map(([level, { fill, text }]) => `.level-${level} { background: ${fill}; color: ${text}; }`)
  .join('\n');

/** The page's one style sheet: light, dark and on paper, wide and narrow. Contrast is AA or better throughout. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --quiet: #57606a; --line: #d5dae0; --tint: #f5f7f9;
  --good: #00593f; --bad: #9a3412; --link: #0b57a4;
  --look-1: #0072b2; --look-2: #d55e00; --look-3: #009e73; --look-4: #cc79a7; --look-5: #e69f00; --look-6: #56b4e9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #e6e9ed; --quiet: #a3acb6; --line: #353c45; --tint: #1d2127;
    --good: #6fd3ae; --bad: #ffab85; --link: #8fc3ff;
    --look-1: #3f9fd6; --look-2: #f0803c; --look-3: #2bb98e;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, header, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 3rem; }
footer { padding-top: 1rem; padding-bottom: 4rem; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .4rem; }
h2 { font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; margin: 4rem 0 .8rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 2.4rem 0 .5rem; }
p, ul, ol, dl { margin: .6rem 0; }
p, li, figcaption, dd { max-width: 46rem; overflow-wrap: break-word; }
.subtitle, .quiet, figcaption, caption { color: var(--quiet); }
.subtitle { margin: 0; }
.verdict { font-size: 1.35rem; line-height: 1.45; margin: 1.6rem 0; max-width: 50rem; letter-spacing: -.005em; }
.note { border-left: .25rem solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1.4rem 0; }
.note.losses, .note.warnings { border-color: var(--bad); }
.note.partial { border: 2px solid var(--bad); padding: .4rem 1rem; }
th .range { display: block; font-size: .87em; font-weight: 400; color: var(--quiet); }
.note p, .note ul { margin: .3rem 0; }
.note ul { padding-left: 1.1rem; }
nav ol { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .92rem; max-width: none; }
nav { margin: 2.4rem 0 0; }
.scroll { overflow-x: auto; margin: 1.2rem 0; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; line-height: 1.4; min-width: 100%; }
caption { text-align: left; padding-bottom: .6rem; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(46rem, calc(100vw - 2rem)); }
th, td { text-align: left; vertical-align: top; padding: .5rem 1.2rem .5rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { vertical-align: bottom; border-bottom: 2px solid var(--ink); }
tbody th { font-weight: 500; min-width: 9.5rem; max-width: 17rem; }
tbody th.group { font-weight: 600; color: var(--quiet); padding-top: 1.5rem; }
td.number, th.number { text-align: right; white-space: nowrap; }
td .range, td .marks { font-size: .87em; white-space: nowrap; }
td .range { color: var(--quiet); }
td .marks { display: block; }
td .marks span + span::before { content: "· "; color: var(--quiet); font-weight: 400; }
td .marks span + span { margin-left: .35em; }
td strong { font-weight: 650; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
figure { margin: 1.8rem 0 2.6rem; }
figcaption { font-size: .92rem; margin-top: .6rem; }
.panels { display: grid; gap: 1.4rem 2rem; }
.panels.columns-2 { grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); }
.panel { min-width: 0; }
.panel > svg { display: block; width: 100%; height: auto; overflow: visible; }
.columns-1 > .panel { overflow-x: auto; }
.columns-1 > .panel:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.columns-1 > .panel > svg { min-width: 40rem; }
.panels h3 { margin-top: .6rem; }
.panel-title { font-weight: 600; font-size: .92rem; margin: 0 0 .3rem; }
.panel-title .quiet { font-weight: 400; margin-left: .4rem; }
svg.swatch { vertical-align: -1px; overflow: visible; }
svg text { font-variant-numeric: tabular-nums; }
.legend { list-style: none; padding: 0; margin: .4rem 0 1rem; display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.4rem; font-size: .9rem; max-width: none; }
.legend svg { vertical-align: -2px; }
.level { display: inline-block; min-width: 1.55em; padding: 0 .3em; text-align: center; font-weight: 700; border: 1px solid var(--ink); border-radius: .8em; line-height: 1.5; }
.level.none { border-color: var(--line); font-weight: 400; }
${levels}
details { margin: 1.2rem 0; }
summary { cursor: pointer; color: var(--link); }
dl.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.5rem; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: .3rem; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code, pre { font: .88rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 40rem) {
  main, header, footer { padding-left: 1rem; padding-right: 1rem; }
  header { padding-top: 1.6rem; }
  h1 { font-size: 1.6rem; }
  .verdict { font-size: 1.15rem; }
  h2 { margin-top: 2.8rem; }
  tbody th { position: sticky; left: 0; background: var(--paper); min-width: 7rem; max-width: 8rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .6rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --tint: #fff; --good: #00593f; --bad: #8a2c0d; --link: #000; --look-1: #0072b2; --look-2: #d55e00; --look-3: #009e73; }
  @page { margin: 16mm 15mm; }
  html { font-size: 9.5pt; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  nav, .skip { display: none; }
  h2 { margin-top: 2rem; }
  h2, h3, .panel-title, .legend { break-after: avoid; }
  .panel, tr, .note, figcaption { break-inside: avoid; }
  .columns-1 > .panel > svg { min-width: 0; }
  .panels.columns-2 { grid-template-columns: 1fr 1fr; }
  .scroll, .columns-1 > .panel { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding: .25rem .7rem .25rem 0; }
  a { text-decoration: none; }
  details::details-content { content-visibility: visible; height: auto; }
  .level, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
