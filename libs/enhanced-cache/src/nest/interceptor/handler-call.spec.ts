import {
  Body,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  Headers,
  HostParam,
  Ip,
  Param,
  Query,
  Req,
} from '@nestjs/common';
import { HandlerCall, httpArguments } from './handler-call.js';
import { handlerFacts } from './handler-facts.js';

const Later = createParamDecorator(async (data: string) => `later ${data}`);

@Controller()
class Handlers {
  @Get()
  all(
    @Req() _request: unknown,
    @Param('id') _id: string,
    @Query() _query: unknown,
    @Body('name') _name: string,
    @Headers('X-Tenant') _tenant: string,
    @HostParam('account') _account: string,
    @Ip() _ip: string,
    @Later('x') _later: string,
  ) {}
}

describe('httpArguments', () => {
  it('are those that Nest takes from the request, and the context', async () => {
    const request = {
      method: 'GET',
      originalUrl: '/all?q=1',
      headers: { 'x-tenant': 'ten' },
      params: { id: '7' },
      query: { q: '1' },
      body: { name: 'Ulm' },
      hosts: { account: 'acc' },
      ip: '::1',
    };
    const context = {
      getClass: () => Handlers,
      getHandler: () => Handlers.prototype.all,
    } as unknown as ExecutionContext;
    const args = await httpArguments(handlerFacts(context), context, request);
    expect(args).toEqual([request, '7', { q: '1' }, 'Ulm', 'ten', 'acc', '::1', 'later x', context]);
  });
});

describe('HandlerCall', () => {
  const call = new HandlerCall('A.b', [1], [undefined, { id: 'route' }, { id: 'query', q: 'x' }], () => 'default');

  it('looks for names in its sources, the first one first', () => {
    expect([call.named('id'), call.named('q'), call.named('none'), call.named('toString')]).toEqual([
      'route',
      'x',
      undefined,
      undefined,
    ]);
  });

  it('is the same call after it returned', () => {
    const done = call.returned(5);
    expect([done.label, done.args, done.named('q'), done.defaultKey(), done.result]).toEqual([
      'A.b',
      [1],
      'x',
      'default',
      { value: 5 },
    ]);
    expect(call.result).toBeUndefined();
  });
});
