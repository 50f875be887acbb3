/** What a page says as a number: the fillers of numbers as people write them do not count; in a name such as `anna.maria` they do. */
export function plainNumber(text: string | null): string {
  const trimmed = (text ?? '').trim();
  const bare = trimmed.replace(/[\s().\/-]/g, '');
  return /^\+?[0-9*#]+$/.test(bare) ? bare : trimmed;
}
