/** The `data` of created and updated. The content comes last and ends the text in `}}`: frames are spliced there. */
export function notificationData(contentJson: string): string {
  return `{"notification":${contentJson}}`;
}

/** How much longer it is than the content. */
export const AROUND_CONTENT = notificationData('').length;
