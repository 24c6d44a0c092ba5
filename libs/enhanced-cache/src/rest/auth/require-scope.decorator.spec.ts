import { Reflector } from '@nestjs/core';
import { REQUIRED_SCOPE, RequireScope } from './require-scope.decorator.js';

describe('RequireScope', () => {
  it('leaves the scope where the guard finds it, on the one method', () => {
    class Routes {
      @RequireScope('cache:write')
      guarded() {}
      unguarded() {}
    }
    const reflector = new Reflector();
    expect(reflector.get(REQUIRED_SCOPE, Routes.prototype.guarded)).toBe('cache:write');
    expect(reflector.get(REQUIRED_SCOPE, Routes.prototype.unguarded)).toBeUndefined();
  });
});
