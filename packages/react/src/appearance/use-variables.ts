import { type RefObject, useContext } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';
import { AppearanceContext } from './context.ts';
import { kebab } from './use-classes.ts';

/** Sets the variables by script: a `style` attribute would be refused by a strict content security policy. */
export function useVariables(element: RefObject<HTMLElement | null>): void {
  const { variables } = useContext(AppearanceContext);
  const written = JSON.stringify(variables ?? {});
  useBeforePaint(() => {
    const { style } = element.current!;
    const names = Object.entries(JSON.parse(written) as Record<string, string>).map(([name, value]) => {
      const property = `--belfry-${kebab(name)}`;
      style.setProperty(property, value);
      return property;
    });
    return () => {
      for (const name of names) style.removeProperty(name);
    };
  }, [element, written]);
}
