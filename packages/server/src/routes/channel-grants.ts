import { isChannel, isGrant, LIMITS } from '@belfry/protocol';
import { later } from '@belfry/protocol/schemas';
import * as z from 'zod';

const grant = () =>
  z.string().refine((one) => isChannel(one) || isGrant(one), 'must be a channel, or a topic: prefix that ends in *');

/** In a body: a list of channels and prefixes of topics. */
export const channelGrants = later(() =>
  z
    .array(grant(), 'must be a list of channels')
    .refine(
      (list) => list.length > 0 && list.length <= LIMITS.replayChannels,
      `must hold 1 to ${LIMITS.replayChannels} channels`,
    ),
);
