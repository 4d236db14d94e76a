import { createContext } from 'react';
import type { Localization } from './localization.ts';

export const LocalizationContext = createContext<Partial<Localization>>({});
