import { InvalidOptionsError } from '../engine/errors.js';
import { type JwtAuthOptions, type JwtVerification, judgeAuth } from './auth/jwt-auth-options.js';

/** The built-in REST controller. */
export interface CacheControllerOptions {
  /**
   * Where its routes begin, after the app's global prefix and without regard to its versioning. Part of the module
   * graph: an async factory cannot return it.
   * @default 'api/v1/enhanced-cache'
   */
  path?: string;
  /**
   * Whose tokens it accepts. `false` leaves it open to everybody who can reach it. Without it the boot fails.
   * {@link EnhancedCacheModule.forRootAsync} takes it from here or from what the factory returns.
   */
  auth?: JwtAuthOptions | false;
  /**
   * Longest NDJSON body of `POST /import`, in MiB, > 0; more is answered with 413. It is read as a stream, so this
   * bounds the time of an import, not memory. JSON bodies have the limit of the app's own body parser.
   * @default 1024
   */
  importLimitMb?: number;
}

/** What an async factory may return of {@link CacheControllerOptions}. */
export type CacheControllerValues = Omit<CacheControllerOptions, 'path'>;

/** {@link CacheControllerOptions}, judged. */
export interface ControllerSettings {
  /** `null`: open. */
  readonly verification: JwtVerification | null;
  readonly importLimitBytes: number;
}

const DEFAULT_PATH = 'api/v1/enhanced-cache';
const DEFAULT_IMPORT_LIMIT_MB = 1024;
const BYTES_PER_MIB = 1024 * 1024;
const PATH = /^[\w.~-]+(?:\/[\w.~-]+)*$/;
const KNOWN: readonly string[] = ['path', 'auth', 'importLimitMb'] satisfies (keyof CacheControllerOptions)[];
const KNOWN_VALUES = KNOWN.filter((name) => name !== 'path');

/** Where the routes are declared. An impossible path is not judged here but at boot, by {@link judgeController}. */
export function controllerPath(controller: CacheControllerOptions | undefined): string {
  const path = controller?.path;
  return typeof path === 'string' ? withoutSlashes(path) : DEFAULT_PATH;
}

/**
 * @param given what stands beside the options of the cache.
 * @param returned what the factory of `forRootAsync` returned with them.
 * @throws {InvalidOptionsError} naming the first option that is unknown, given twice, or cannot work.
 */
export function judgeController(given: unknown, returned?: unknown): ControllerSettings {
  const fixed = judgeShape(given, 'false or { path, auth }', KNOWN);
  const values = judgeShape(returned, '{ auth }; path and controller: false stand beside useFactory', KNOWN_VALUES);
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(fixed, name)) {
      throw new InvalidOptionsError(`controller.${name}`, 'it beside useFactory or in what that returns', 'both');
    }
  }
  const { path, auth, importLimitMb = DEFAULT_IMPORT_LIMIT_MB } = { ...fixed, ...values };
  if (path !== undefined && (typeof path !== 'string' || !PATH.test(withoutSlashes(path)))) {
    throw new InvalidOptionsError('controller.path', `a path such as '${DEFAULT_PATH}', without parameters`, path);
  }
  if (typeof importLimitMb !== 'number' || !(importLimitMb > 0 && importLimitMb < Infinity)) {
    throw new InvalidOptionsError('controller.importLimitMb', 'a number of MiB > 0', importLimitMb);
  }
  return { verification: judgeAuth(auth), importLimitBytes: Math.floor(importLimitMb * BYTES_PER_MIB) };
}

function judgeShape(controller: unknown, expected: string, known: readonly string[]): CacheControllerOptions {
  if (controller === undefined) return {};
  if (typeof controller !== 'object' || controller === null || Array.isArray(controller)) {
    throw new InvalidOptionsError('controller', expected, controller);
  }
  for (const [name, value] of Object.entries(controller)) {
    if (!known.includes(name)) {
      const shown = typeof value === 'string' ? 'a string' : value;
      throw new InvalidOptionsError(`controller.${name}`, `no option of that name (known: ${known.join(', ')})`, shown);
    }
  }
  return Object.fromEntries(Object.entries(controller).filter(([, value]) => value !== undefined));
}

function withoutSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
