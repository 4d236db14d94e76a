export type { Json, ServiceNotification } from '@belfry/protocol';
export { BelfryError } from '@belfry/protocol';
export { RequestError } from '../request-error.ts';
export type { EventInput, NotificationInput } from './input.ts';
export { createPublisher, type Publisher, type PublisherOptions, type PublishOptions } from './publisher.ts';
