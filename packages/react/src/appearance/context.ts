import { createContext } from 'react';
import type { Appearance } from './appearance.ts';

export const AppearanceContext = createContext<Appearance>({});
