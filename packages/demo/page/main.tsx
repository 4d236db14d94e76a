import { createRoot } from 'react-dom/client';
import { fetchConfig } from './config.ts';
import { openDemo } from './demo.ts';
import { App } from './view/app.tsx';
import { Banner } from './view/banner.tsx';
// First: it says which layer is above which.
import './styles/index.css';
import '@belfry/react/styles.css';

const root = createRoot(document.getElementById('page')!);

fetchConfig().then(
  (config) => root.render(<App demo={openDemo(config)} />),
  (error: Error) => root.render(<Banner>The demo could not start: {error.message} Reload to try again.</Banner>),
);
