export function findRedis(): string | undefined;
export function requireRedis(): string;
export function freePort(below?: number): Promise<number>;
export function command(port: number, words: readonly string[]): Promise<string>;

export interface RedisServerOptions {
  readonly port?: number;
  readonly args?: readonly string[];
  readonly sentinel?: readonly string[];
}

export class RedisServer {
  static start(options?: RedisServerOptions): Promise<RedisServer>;
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly pid: number | undefined;
  launch(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
  command(...words: string[]): Promise<string>;
}
