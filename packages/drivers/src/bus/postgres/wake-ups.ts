/** Postgres refuses 8,000 bytes. */
const MOST_BYTES = 7_900;

/** The furthest number of each log, as few payloads: `<origin>{"tenant":n,"tenant/run":n,…}`. */
export function encodeWakeUps(origin: string, furthest: ReadonlyMap<string, number>): string[] {
  const payloads: string[] = [];
  let members: string[] = [];
  let bytes = 0;
  const cut = () => {
    if (members.length > 0) payloads.push(`${origin}{${members.join(',')}}`);
    members = [];
    bytes = origin.length + 2;
  };
  cut();
  for (const [log, n] of furthest) {
    const member = `${JSON.stringify(log)}:${n}`;
    const size = Buffer.byteLength(member) + 1;
    if (bytes + size > MOST_BYTES) cut();
    members.push(member);
    bytes += size;
  }
  cut();
  return payloads;
}

/** Empty for one's own, and for whatever Belfry can't have written. */
export function decodeWakeUps(origin: string, payload: string): [log: string, n: number][] {
  if (payload.startsWith(origin)) return [];
  try {
    const furthest = JSON.parse(payload.slice(origin.length)) as Record<string, number>;
    return Object.entries(furthest).filter(([, n]) => Number.isSafeInteger(n) && n > 0);
  } catch {
    return [];
  }
}
