import { effect } from '@preact/signals';
import { render } from 'preact';
import { followMoment } from './address.ts';
import { connect, rememberSession } from './connection.ts';
import { followScene } from './frames.ts';
import { followKeys } from './keys.ts';
import { followMap } from './mapLoading.ts';
import { fetchDialogsAhead, Page } from './page.tsx';
import { readSight } from './sight.ts';
import * as state from './state.ts';
import './style/base.css';
import './style/layout.css';
import './style/view.css';
import './style/tiles.css';
import './style/panels.css';
import './style/charts.css';
import './style/dialogs.css';
import './style/screens.css';
import { followTheme } from './theme.ts';

const sight = readSight(new URLSearchParams(location.search));
state.side.value = sight.side;
state.layer.value = sight.layer;
state.colorBy.value = sight.colorBy;
state.panel.value = sight.panel;
state.chart.value = sight.chart;

effect(() => {
  const name = state.map.value?.name;
  document.title = name === undefined ? 'Greenwave' : `${name} – Greenwave`;
});
followTheme();
followMap();
followScene();
followKeys();
followMoment(rememberSession);
render(<Page />, document.getElementById('page')!);
connect();
fetchDialogsAhead();
