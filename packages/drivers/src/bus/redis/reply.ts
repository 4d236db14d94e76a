/** Said by Redis itself, over a connection that is fine. */
export function isReply(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'ReplyError';
}
