export interface Fault {
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  readonly sliceBytes?: number;
  readonly drops?: boolean;
  readonly resetAfterBytes?: number;
}

export class FaultProxy {
  static start(target: number, random?: () => number): Promise<FaultProxy>;
  readonly port: number;
  readonly url: string;
  readonly connections: number;
  fault(up: Fault, down?: Fault): void;
  blackhole(): void;
  heal(): void;
  cut(): void;
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}
