export { FakeClock } from './engine/ports/fake-clock.js';
export { EnhancedCacheTestingModule } from './nest/testing/enhanced-cache-testing.module.js';
