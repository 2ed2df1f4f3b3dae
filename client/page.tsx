import { effect } from '@preact/signals';
import { frameSecond } from './frames.ts';
import { Banner, Notices } from './panel/banner.tsx';
import { Boundary } from './panel/boundary.tsx';
import { ChartPanel } from './panel/chartPanel.tsx';
import { GoToDialog } from './panel/goToDialog.tsx';
import { fetchLaterParts, laterDialog } from './panel/later.tsx';
import { LookBar } from './panel/lookBar.tsx';
import { Picture } from './panel/picture.tsx';
import { Scrubber } from './panel/scrubber.tsx';
import { SideHeaders } from './panel/sideHeaders.tsx';
import { SidePanel } from './panel/sidePanel.tsx';
import { Tiles } from './panel/tiles.tsx';
import { TopBar } from './panel/topBar.tsx';
import { VerdictStrip } from './panel/verdictStrip.tsx';
import { type Dialog, dialog } from './state.ts';

const DIALOGS = {
  help: laterDialog(() => import('./panel/helpDialog.tsx').then((part) => part.HelpDialog), 'Help'),
  export: laterDialog(() => import('./panel/exportDialog.tsx').then((part) => part.ExportDialog), 'Export'),
  report: laterDialog(
    () => import('./panel/reportDialog.tsx').then((part) => part.ReportDialog),
    'Over several seeds',
  ),
  // Loaded from the beginning: who presses G goes on typing.
  'go-to': GoToDialog,
  token: laterDialog(() => import('./panel/tokenDialog.tsx').then((part) => part.TokenDialog), 'Token'),
} satisfies Record<Dialog, unknown>;

/** So long after the first frame the page has all that it begins with, ms. */
const AHEAD_MS = 10_000;

/** So that everything opens when there is no server to load it from: once the page has begun, and has nothing else to do. */
export function fetchTheRest(): void {
  // Safari has no idle time.
  const whenIdle = () =>
    'requestIdleCallback' in globalThis ? requestIdleCallback(fetchLaterParts) : fetchLaterParts();
  const stop = effect(() => {
    if (frameSecond.value === 0) return;
    stop();
    setTimeout(whenIdle, AHEAD_MS);
  });
}

/** All of the page. A fault in one part leaves the others. */
export function Page() {
  return (
    <>
      <a class="skip" href="#chart-body">
        To the charts and tables
      </a>
      <Boundary name="The bar on top">
        <TopBar />
      </Boundary>
      <div class="strip">
        <Boundary name="The verdict">
          <VerdictStrip />
        </Boundary>
        <Banner />
      </div>
      <main class="desk">
        <section class="view" aria-label="Map">
          <Boundary name="The map">
            <SideHeaders />
            <Picture />
            <LookBar />
          </Boundary>
        </section>
        <Boundary name="The side panel">
          <SidePanel />
        </Boundary>
        <Boundary name="The figures">
          <Tiles />
        </Boundary>
        <Boundary name="The charts">
          <ChartPanel />
        </Boundary>
      </main>
      <Boundary name="The line of time">
        <Scrubber />
      </Boundary>
      <Notices />
      <Dialogs />
    </>
  );
}

function Dialogs() {
  if (dialog.value === null) return null;
  const Shown = DIALOGS[dialog.value];
  return (
    <Boundary key={dialog.value} name="The dialog" isDialog>
      <Shown />
    </Boundary>
  );
}
