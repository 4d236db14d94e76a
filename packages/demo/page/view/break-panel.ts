import type { Control } from '../control.ts';
import type { World } from '../world.ts';
import { el } from './dom.ts';
import { type Lever, lever } from './lever.ts';
import { panelProblem, type Tell } from './panel-problem.ts';

const CUT_SECONDS = 8;

/** The buttons that break things. Answers what to call as time passes. */
export function breakPanel(section: HTMLElement, control: Control, world: World): () => void {
  const problem = panelProblem();
  const levers = [killLever, cutLever, trafficLever].map((make) => make(control, world, problem.tell));
  section.append(
    el('h2', { id: 'break-title' }, 'Break something'),
    ...levers.map(({ element }) => element),
    problem.element,
  );
  return () => {
    for (const { render } of levers) render();
  };
}

function killLever(control: Control, world: World, tell: Tell): Lever {
  return lever('kill', control.kill, tell, () => ({
    label: world.server.up || !world.watching ? 'Kill the server' : 'Starting again …',
    hint: 'A real kill -9. News goes on, and it is started again on the same file.',
    danger: true,
    disabled: !world.watching || !world.server.up,
  }));
}

function cutLever(control: Control, world: World, tell: Tell): Lever {
  const isCut = (): boolean => world.network.cutUntil !== null;
  const pull = (): Promise<unknown> => (isCut() ? control.restore() : control.cut(CUT_SECONDS));
  return lever('cut', pull, tell, () =>
    isCut()
      ? {
          label: `Restore now (${secondsTo(world.network.cutUntil)}\u00a0s)`,
          hint: 'Both of Ben’s streams are cut. What he is sent now waits for him, or does not.',
          disabled: !world.watching,
        }
      : {
          label: 'Cut Ben’s network',
          hint: `Both of Ben’s streams break for ${CUT_SECONDS}\u00a0s, while news for him goes on.`,
          danger: true,
          disabled: !world.watching,
        },
  );
}

function trafficLever(control: Control, world: World, tell: Tell): Lever {
  const isOn = (): boolean => world.traffic.until !== null;
  return lever(
    'traffic',
    () => control.traffic(!isOn()),
    tell,
    () => {
      const { perSecond, until } = world.traffic;
      const left = `for ${secondsTo(until)}\u00a0s more`;
      return {
        label: isOn() ? 'Stop the traffic' : 'Start traffic',
        hint: `${perSecond} messages a second, ${isOn() ? left : 'to Ada, to Ben and to both'}.`,
        pressed: isOn(),
        disabled: !world.watching,
      };
    },
  );
}

function secondsTo(until: number | null): number {
  return until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1_000));
}
