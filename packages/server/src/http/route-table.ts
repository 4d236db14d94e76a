import type { Route } from './route.ts';

export interface Found {
  route: Route;
  params: Record<string, string>;
}

interface Pattern {
  route: Route;
  regExp: RegExp;
}

interface OfMethod {
  fixed: Map<string, Found>;
  patterns: Pattern[];
}

/** Finds the route of a plain path, one without `%`. A fixed path goes before one with parts, as in the table itself. */
export class RouteTable {
  readonly #methods = new Map<string, OfMethod>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const { fixed, patterns } = this.#ofMethod(route.method);
      if (route.path.includes('{')) patterns.push({ route, regExp: regExpOf(route.path) });
      else fixed.set(route.path, { route, params: {} });
    }
  }

  find(method: string, path: string): Found | null {
    const { fixed, patterns } = this.#methods.get(method) ?? NONE;
    const found = fixed.get(path);
    if (found !== undefined) return found;
    for (const { route, regExp } of patterns) {
      const match = regExp.exec(path);
      if (match !== null) return { route, params: match.groups as Record<string, string> };
    }
    return null;
  }

  #ofMethod(method: string): OfMethod {
    const known = this.#methods.get(method) ?? { fixed: new Map(), patterns: [] };
    this.#methods.set(method, known);
    return known;
  }
}

const NONE: OfMethod = { fixed: new Map(), patterns: [] };

/** Paths of ours hold letters, digits, `-`, `/` and `{name}`. */
function regExpOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
