let runs = 0;

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
    return { run: ++runs };
  }

  @Post()
  create(): object {
    return { run: ++runs };
  }

  @Get('cached')
  @Cacheable({ key: 'cached' })
  async cached() {
    return { run: ++runs };
  }

  @NoCache()
  @Get('not')
  not(): object {
    return { run: ++runs };
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
    return { run: ++runs };
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
    return { q, run: ++runs };
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
    return { run: ++runs };
  }

  @Post('wrong')
  @CacheEvict({ keys: ['a:{missing}'] })
  async wrong() {
    return { run: ++runs };
  }
}

