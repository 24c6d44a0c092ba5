export { FakeClock } from './engine/ports/fake-clock.js';
