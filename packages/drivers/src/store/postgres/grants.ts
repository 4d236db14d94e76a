/** All that an account needs on a schema that another one owns, for the owner to run. */
export function grantsFor(account: string): string {
  const who = quoted(account);
  return (
    `grant usage, create on schema belfry to ${who}; grant all on all tables in schema belfry to ${who}; ` +
    `grant all on all sequences in schema belfry to ${who}; grant execute on all functions in schema belfry to ${who};`
  );
}

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
