// The page that the browser tests look at. What it shows is chosen by its address.
import { createBelfry } from '@belfry/client';
import { BelfryProvider, Inbox, Notifications, Questions, RunLog, RunProgress, type Tab } from '@belfry/react';
import { ar } from '@belfry/react/locales/ar';
import { de } from '@belfry/react/locales/de';
import '@belfry/react/styles.css';
import './page.css';
import { StrictMode, useState, version } from 'react';
import { createRoot } from 'react-dom/client';

const query = new URLSearchParams(location.search);
const localization = { ar, de }[query.get('lang') ?? ''];
const client = createBelfry({ url: '', token: query.get('user') ?? 'ada' });
const tabs: Tab[] = [
  { label: 'All' },
  { label: 'Builds', filter: { types: ['build.*'] } },
  { label: 'Comments', filter: { types: ['comment'] } },
];

document.documentElement.dataset.scheme = query.get('scheme') ?? 'light';
document.documentElement.dir = localization?.direction ?? 'ltr';
document.documentElement.lang = localization?.locale ?? 'en';
Object.assign(globalThis, { belfry: client, reactVersion: version, clicked: [] });

const options = {
  ...(query.has('tabs') ? { tabs } : {}),
  routerPush: (path: string) => history.pushState({}, '', path),
  onActionClick: (_: unknown, { id }: { id: string }) =>
    (globalThis as unknown as { clicked: string[] }).clicked.push(id),
};

function App() {
  const [{ view, run }, show] = useState<{ view?: string | null; run?: string | null }>({
    view: query.get('view'),
    run: query.get('run'),
  });
  Object.assign(globalThis, { show });
  return (
    <BelfryProvider client={client} localization={localization} appearance={{ variables: { badgeNudge: '1px' } }}>
      <header>
        <strong>Acme</strong>
        <a href="#elsewhere">Elsewhere</a>
        {view !== 'list' && <Inbox {...options} />}
      </header>
      <main id="elsewhere">
        <h1>The page</h1>
        {view === 'list' && (
          <div className="frame">
            <Notifications {...options} />
          </div>
        )}
        {view === 'questions' && <Questions />}
        {run && <RunProgress id={run} />}
        {run && <RunLog id={run} />}
      </main>
    </BelfryProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
