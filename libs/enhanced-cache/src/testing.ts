export { FakeClock } from './engine/ports/fake-clock.js';
export { FakeMemoryProbe } from './engine/ports/fake-memory-probe.js';
export { EnhancedCacheTestingModule } from './nest/testing/enhanced-cache-testing.module.js';
