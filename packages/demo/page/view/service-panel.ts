import type { Control } from '../control.ts';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { RunFollower } from '../lanes/run-follower.ts';
import type { World } from '../world.ts';
import { el } from './dom.ts';
import { type Lever, lever } from './lever.ts';
import { panelProblem, type Tell } from './panel-problem.ts';
import { runLog } from './run-log.ts';

/** The buttons for all that is not a notification to a person, and the run that one of them starts. */
export function servicePanel(section: HTMLElement, control: Control, world: World, ada: BelfryLane): () => void {
  const problem = panelProblem();
  const levers = [askLever, topicLever, revokeLever, jobLever].map((make) => make(control, world, problem.tell));
  const follower = new RunFollower(ada.calls);
  ada.held.watch(() => {
    const [newest] = ada.held.runs;
    if (newest !== undefined) follower.follow(newest.id);
  });
  section.append(
    el('h2', { id: 'service-title' }, 'Ask, share, run'),
    el('div', { class: 'levers' }, ...levers.map(({ element }) => element)),
    problem.element,
    runLog(follower),
  );
  return () => {
    for (const { render } of levers) render();
  };
}

function askLever(control: Control, world: World, tell: Tell): Lever {
  return lever('ask', control.ask, tell, () => ({
    label: 'Ask both',
    hint: 'One question to Ada and Ben. The first answer wins, and the other one sees who gave it.',
    disabled: !world.watching,
  }));
}

function topicLever(control: Control, world: World, tell: Tell): Lever {
  return lever('topic-send', control.sendToTopic, tell, () => ({
    label: 'Send to the topic',
    hint: `To the members of ${world.topic.channel}: ${world.topic.ben ? 'Ada and Ben' : 'only Ada now'}.`,
    disabled: !world.watching,
  }));
}

function revokeLever(control: Control, world: World, tell: Tell): Lever {
  const pull = (): Promise<unknown> => control.letBenIn(!world.topic.ben);
  return lever('revoke', pull, tell, () =>
    world.topic.ben
      ? {
          label: 'Revoke Ben',
          hint: 'Takes the topic from Ben. Its items leave his inbox within a second, on the stream that is open.',
          danger: true,
          disabled: !world.watching,
        }
      : {
          label: 'Let Ben in again',
          hint: 'Gives the topic back to Ben, with what was sent there meanwhile.',
          disabled: !world.watching,
        },
  );
}

function jobLever(control: Control, world: World, tell: Tell): Lever {
  return lever('job', control.startJob, tell, () => ({
    label: world.job.underWay ? 'Running …' : 'Start a run',
    hint: 'A job of 12 seconds with a line a page. Reload midway: no line is missing, and it ends with done.',
    disabled: !world.watching || world.job.underWay,
  }));
}
