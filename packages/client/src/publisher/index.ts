export { RequestError } from '../request-error.ts';
export type { NotificationInput } from './input.ts';
export { createPublisher, type Publisher, type PublisherOptions, type PublishOptions } from './publisher.ts';
