import { Logger } from '@nestjs/common';

/** Most sentences remembered; past that nothing new is said, rather than the same again for ever. */
const MAX_SENTENCES = 1000;
const logger = new Logger('EnhancedCache');
const said = new Set<string>();

/** Logs `message` the first time that this process has reason to. */
export function warnOnce(message: string): void {
  if (said.has(message) || said.size >= MAX_SENTENCES) return;
  said.add(message);
  logger.warn(message);
}

/** Text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
