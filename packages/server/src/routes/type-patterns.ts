import { isTypePattern, LIMITS } from '@belfry/protocol';
import { later } from '@belfry/protocol/schemas';
import * as z from 'zod';

const MEND = 'must be a type, which may end in *';
const pattern = () => z.string(MEND).refine(isTypePattern, MEND);

/** In a body: a list of types, or one. Each may end in `*`. */
export const typePatterns = later(() =>
  z
    .union(
      [pattern().transform((one) => [one]), z.array(pattern())],
      'must be a type or a list of types, each may end in *',
    )
    .refine((list) => list.length > 0 && list.length <= LIMITS.filters, `must hold 1 to ${LIMITS.filters} types`),
);
