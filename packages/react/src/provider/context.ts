import type { Belfry } from '@belfry/client';
import { createContext } from 'react';

export const ClientContext = createContext<Belfry | null>(null);
