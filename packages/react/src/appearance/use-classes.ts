import { useContext } from 'react';
import { AppearanceContext } from './context.ts';
import type { ElementName } from './elements.ts';

/** Classes of a part: ours, `belfry-` and its name, and those it was given. States are `data-` attributes. */
export type Classes = (...names: ElementName[]) => string;

export function useClasses(): Classes {
  const { elements = {} } = useContext(AppearanceContext);
  return (...names) => names.map((name) => `belfry-${kebab(name)} ${elements[name] ?? ''}`.trimEnd()).join(' ');
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
