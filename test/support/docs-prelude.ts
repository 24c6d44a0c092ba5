import type { EnhancedCache } from 'nestjs-enhanced-cache/core';

/** Names that fragments in the documents may take for granted; they are compiled, never run. */
export interface User {
  id: string;
  name: string;
  teamId: string;
}

export interface Users {
  find(id: string): Promise<User | null>;
  list(teamId: string): Promise<User[]>;
  save(user: User): Promise<User>;
}

export declare const cache: EnhancedCache;
export declare const users: Users;
export declare const user: User;
