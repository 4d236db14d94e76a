import type { Reader } from '@belfry/core';

/** Answers what several ask, each tenant's together, in the order in which it was asked. */
export async function byTenant<In extends { reader: Reader }, Out>(
  inputs: readonly In[],
  answer: (tenant: string, asked: readonly In[]) => Promise<Out[]>,
): Promise<Out[]> {
  const answers = new Map<In, Out>();
  for (const [tenant, asked] of Map.groupBy(inputs, ({ reader }) => reader.tenant)) {
    const given = await answer(tenant, asked);
    for (const [index, input] of asked.entries()) answers.set(input, given[index] as Out);
  }
  return inputs.map((input) => answers.get(input) as Out);
}
