import type { PageConfig } from '../src/wire.ts';
import { fetchConfig } from './config.ts';
import { Control } from './control.ts';
import { countFromNow, countOnceOpen } from './counting.ts';
import { BelfryLane } from './lanes/belfry-lane.ts';
import { ByHandLane } from './lanes/by-hand-lane.ts';
import { followSupervisor } from './supervision.ts';
import { banner, STOPPED } from './view/banner.ts';
import { breakPanel } from './view/break-panel.ts';
import { byHandView } from './view/by-hand-view.ts';
import { callsPanel } from './view/calls-panel.ts';
import { place } from './view/dom.ts';
import { framesDrawer } from './view/frames-drawer.ts';
import { inboxView } from './view/inbox-view.ts';
import { scoreStrip } from './view/score-strip.ts';
import { scoreboard } from './view/scoreboard.ts';
import { sendPanel } from './view/send-panel.ts';
import { serverChip } from './view/server-chip.ts';
import { servicePanel } from './view/service-panel.ts';
import { ShownTimes } from './view/shown-times.ts';
import { World } from './world.ts';

const TICK_MS = 500;

const showBanner = banner(place('banner'));

function build(config: PageConfig): void {
  const { run, people } = config;
  const world = new World();
  const control = new Control(config.control);
  const shown = new ShownTimes();
  const belfry = people.map((person) => new BelfryLane(person, run));
  const byHand = people.map((person) => new ByHandLane(person));

  const send = sendPanel(place('send'), control, world, shown);
  callsPanel(place('calls'), send.form, config.apiKey);
  framesDrawer(place('frames'), belfry, byHand);
  const renderers = [
    send.render,
    serverChip(place('server'), world),
    breakPanel(place('break'), control, world),
    servicePanel(place('service'), control, world, belfry[0]!),
    scoreboard(place('score'), belfry, byHand, world, () => void countFromNow(world, control).catch(() => {})),
    ...belfry.map((lane) => inboxView(place(lane.person.user), lane, world, run, shown)),
    byHandView(place('by-hand'), byHand, world, config.byHandSource),
    scoreStrip(place('strip'), belfry, byHand, world),
    () => showBanner(world.watching ? null : STOPPED),
  ];
  const render = (): void => {
    for (const one of renderers) one();
  };
  world.watching = true;
  world.watch(render);
  for (const lane of [...belfry, ...byHand]) lane.watch(render);
  countOnceOpen([...belfry, ...byHand], world, control);
  // Times grow older, and what was on its way is lost in the end.
  setInterval(render, TICK_MS);
  followSupervisor(control, world, run);
}

fetchConfig().then(build, (error: Error) =>
  showBanner([`The demo could not start: ${error.message} Reload to try again.`]),
);
