/** Of one run. */
export function pathOf(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}
