import { BelfryProvider, Inbox } from '@belfry/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import '@belfry/react/styles.css';

const token = () => fetch('/belfry-token').then((response) => response.text());

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <BelfryProvider url={import.meta.env.VITE_BELFRY_URL ?? 'http://127.0.0.1:4400'} token={token}>
      <header>
        <h1>Orders</h1>
        <Inbox />
      </header>
    </BelfryProvider>
  </StrictMode>,
);
