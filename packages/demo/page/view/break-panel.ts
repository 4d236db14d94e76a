import type { Control } from '../control.ts';
import type { World } from '../world.ts';
import { button, el, setText } from './dom.ts';

const CUT_SECONDS = 8;

/** The buttons that break things. Answers what to call as time passes. */
export function breakPanel(section: HTMLElement, control: Control, world: World) {
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const press = (call: () => Promise<unknown>) => (): void => {
    problem.hidden = true;
    call().catch((error: Error) => {
      setText(problem, error.message);
      problem.hidden = false;
    });
  };
  const kill = button('Kill the server', press(control.kill), { class: 'danger', id: 'kill' });
  const isCut = (): boolean => world.network.cutUntil !== null;
  const cut = button(
    '',
    press(() => (isCut() ? control.restore() : control.cut(CUT_SECONDS))),
    { class: 'danger', id: 'cut' },
  );
  const isOn = (): boolean => world.traffic.until !== null;
  const traffic = button(
    '',
    press(() => control.traffic(!isOn())),
    { id: 'traffic' },
  );
  const killed = el('p', { class: 'hint' });
  const cutOff = el('p', { class: 'hint' });
  const flowing = el('p', { class: 'hint' });
  section.append(
    el('h2', { id: 'break-title' }, 'Break something'),
    el('div', { class: 'control' }, kill, killed),
    el('div', { class: 'control' }, cut, cutOff),
    el('div', { class: 'control' }, traffic, flowing),
    problem,
  );

  return (): void => {
    const { server, traffic: flow } = world;
    kill.disabled = !server.up;
    setText(kill, server.up ? 'Kill the server' : 'Starting again …');
    setText(killed, 'A real kill -9. News goes on, and it is started again on the same file.');
    setText(cut, isCut() ? `Restore it now (${secondsTo(world.network.cutUntil)} s)` : 'Cut Ben’s network');
    cut.classList.toggle('danger', !isCut());
    setText(
      cutOff,
      isCut()
        ? 'Both of Ben’s streams are cut. What he is sent meanwhile waits for him, or does not.'
        : `Both of Ben’s streams break for ${CUT_SECONDS} s, while news for him goes on.`,
    );
    setText(traffic, isOn() ? 'Stop the traffic' : 'Start traffic');
    traffic.setAttribute('aria-pressed', String(isOn()));
    setText(
      flowing,
      isOn()
        ? `${flow.perSecond} messages a second, for ${secondsTo(flow.until)} s more.`
        : `${flow.perSecond} messages a second, to Ada, to Ben and to both.`,
    );
  };
}

function secondsTo(until: number | null): number {
  return until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1_000));
}
