import {
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  HostParam,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Sse,
  Version,
} from '@nestjs/common';
import { Exclude } from 'class-transformer';
import { Cacheable, CacheEvict, NoCache } from 'nestjs-enhanced-cache/lean';
import { from, type Observable } from 'rxjs';

/** How many handlers of this file ran. */
export const Runs = { count: 0 };

export class User {
  @Exclude() readonly password = 'secret';
  constructor(readonly name: string) {}
}

const Tenant = createParamDecorator((field: string, context: ExecutionContext) => {
  return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers[field];
});

@Controller('plain')
export class PlainController {
  @Get()
  find(): object {
    return { run: ++Runs.count };
  }

  @Post()
  create(): object {
    return { run: ++Runs.count };
  }

  @Get('cached')
  @Cacheable({ key: 'cached' })
  async cached() {
    return { run: ++Runs.count };
  }

  @NoCache()
  @Get('not')
  not(): object {
    return { run: ++Runs.count };
  }

  @Sse('events')
  events(): Observable<{ data: number }> {
    return from([{ data: 1 }, { data: 2 }]);
  }
}

@NoCache()
@Controller('off')
export class OffController {
  @Get()
  @Cacheable()
  async find() {
    return { run: ++Runs.count };
  }
}

@Controller({ path: 'tenants', host: ':account.example.com' })
export class HostController {
  @Get()
  @Cacheable()
  async find(@HostParam('account') account: string) {
    return { account };
  }
}

@Controller('versions')
export class VersionedController {
  @Version('1')
  @Get()
  @Cacheable()
  async first() {
    return { version: 1 };
  }

  @Version('2')
  @Get()
  @Cacheable()
  async second() {
    return { version: 2 };
  }
}

@Controller('more')
export class MoreController {
  @Get('search')
  @Cacheable({ key: 'search:{q}', tags: ['search'] })
  async search(@Query('q', ParseIntPipe) q: number) {
    return { q, run: ++Runs.count };
  }

  @Get('tenant/:id')
  @Cacheable({ key: (tenant: string, id: string) => `tenant:${tenant}:${id}` })
  async tenant(@Tenant('x-tenant') tenant: string, @Param('id') id: string) {
    return { tenant, id };
  }

  @Get('users')
  @Cacheable()
  async users() {
    return [new User('bob')];
  }

  @Post('cached')
  @Cacheable()
  async post() {
    return { run: ++Runs.count };
  }

  @Post('wrong')
  @CacheEvict({ keys: ['a:{missing}'] })
  async wrong() {
    return { run: ++Runs.count };
  }
}
