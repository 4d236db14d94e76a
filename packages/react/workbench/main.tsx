import './fixed-clock.ts';
import '@belfry/react/styles.css';
import './workbench.css';
import { createRoot } from 'react-dom/client';
import { BellShelf } from './sections/bell.tsx';
import { OpenInbox } from './sections/inbox.tsx';
import { NotificationShelf } from './sections/notifications.tsx';
import { QuestionShelf } from './sections/questions.tsx';
import { LogShelf, RunShelf } from './sections/runs.tsx';

const asked = new URLSearchParams(location.search);
document.documentElement.dataset.scheme = asked.get('scheme') ?? 'light';
document.documentElement.dir = asked.get('dir') ?? 'ltr';

createRoot(document.querySelector('#states')!).render(
  asked.has('inbox') ? (
    <OpenInbox />
  ) : (
    <>
      <BellShelf />
      <NotificationShelf />
      <QuestionShelf />
      <RunShelf />
      <LogShelf />
    </>
  ),
);

// What a state does by itself, such as scrolling its log, is done soon after; pictures wait for this.
setTimeout(() => {
  document.documentElement.dataset.ready = '';
}, 400);
