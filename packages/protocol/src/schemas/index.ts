export { channel, notificationType, to } from './address.ts';
export { data } from './data.ts';
export { type NewEvent, newEvent } from './event.ts';
export { later, made } from './later.ts';
export { memberChannel, membership, userName, wholeChannel } from './membership.ts';
export {
  marks,
  type NewNotification,
  newNotification,
  notificationBatch,
  notificationPatch,
  type PatchNotification,
  subject,
} from './notification.ts';
export { parseWith } from './parse.ts';
export {
  type NewAnswer,
  type NewQuestion,
  newAnswer,
  newQuestion,
  type PatchQuestion,
  questionPatch,
  schemaOf,
} from './question.ts';
export {
  type LogLines,
  logLines,
  type NewRun,
  newRun,
  type RunEvent,
  type RunPatch,
  runEvent,
  runPatch,
} from './run.ts';
export {
  apiKeyShape,
  countsShape,
  deliveriesShape,
  inboxPageShape,
  meShape,
  notificationShape,
  pageShape,
  problemShape,
  questionShape,
  runLineShape,
  runShape,
  serviceNotificationShape,
  ticketShape,
  webhookDeliveryShape,
  webhookShape,
} from './shapes.ts';
export { sqlPerson } from './sql.ts';
export { absentOr, isSafeLink, link, optionalText, text, time } from './text.ts';
export { type NewWebhook, newWebhook, type WebhookRotation, webhookRotation } from './webhook.ts';
