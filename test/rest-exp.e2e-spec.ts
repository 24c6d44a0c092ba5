import { Controller, Get, Module, Req, Delete, Post } from '@nestjs/common';
import { request } from 'node:http';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { PLATFORMS, startApp } from './support/platforms.js';

@Controller('api/v1/ec')
class C {
  @Get(['get/:key','get/*']) g(@Req() r: any) { return { params: r.params, url: r.originalUrl ?? r.url, q: r.query }; }
  @Get('get') g2(@Req() r: any) { return { q: r.query }; }
  @Delete(['delete/:key','delete/*']) d(@Req() r: any) { return { params: r.params }; }
  @Post('import') i(@Req() r: any) { return { body: typeof r.body, ro: r.routeOptions?.url }; }
}
@Module({ controllers: [C] }) class M {}
function raw(port: number, path: string, method = 'GET', headers: any = {}, body?: string): Promise<string> {
  return new Promise((res, rej) => {
    const q = request({ port, host: '127.0.0.1', path, method, headers }, (r) => { let s = ''; r.on('data', (d) => (s += d)); r.on('end', () => res(r.statusCode + ' ' + s.slice(0, 300))); });
    q.on('error', rej); q.end(body);
  });
}
describe.each(['fastify' as const])('%s', (p) => {
  it('x', async () => {
    const t = await startApp(p, { imports: [M] });
    const port = Number(new URL(await t.app.getUrl()).port);
    const out: string[] = [];
    for (const k of ['abc','a%2Fb','a/b','%2e%2e','..','.','%2e%2e%2fclear','%00','%E0%A4','%ED%A0%80','%25','%2541','a%20b','a+b','abc/','/abc','a//b','%2F','%2F%2F','a%3Fb','a%23b','a;b','a%3Bb','%E2%82%AC','a:b','*', 'a%5Cb','x'.repeat(1500),'', '%C3%28', 'a%', '?key=..','?key=a%2Fb&x=1', '%2520', 'a%252Fb'])
      out.push(`${k.slice(0,20)} -> ${(await raw(port, '/api/v1/ec/get/' + k)).slice(0, 260)}`);
    out.push(await raw(port, '/api/v1/ec/get?key=..'));
    out.push(await raw(port, '/API/v1/ec/GET/abc'));
    out.push(await raw(port, '/api/v1/ec/%67et/abc'));
    out.push(await raw(port, '//api/v1/ec/get/abc'));
    out.push(await raw(port, '/api/v1/ec/get/abc', 'HEAD'));
    out.push(await raw(port, '/api/v1/ec/get/abc', 'OPTIONS'));
    out.push(await raw(port, '/api/v1/ec/import', 'POST', { 'content-type': 'application/x-ndjson' }, '{}\n{}\n'));
    out.push(await raw(port, '/api/v1/ec/import', 'POST', { 'content-type': 'application/json' }, '{'));
    out.push(await raw(port, '/api/v1/ec/import', 'POST', { 'content-type': 'application/json' }, '"' + 'x'.repeat(2e6) + '"'));
    out.push(await raw(port, '/api/v1/ec/import', 'POST', { 'content-type': 'text/plain' }, 'x'));
    out.push(await raw(port, '/api/v1/ec/import', 'POST', { 'content-type': 'application/json; charset=utf-7' }, '{}'));
    const doc = SwaggerModule.createDocument(t.app, new DocumentBuilder().build());
    out.push(JSON.stringify(Object.entries(doc.paths).map(([k,v]) => [k, JSON.stringify(v).slice(0,400)])));
    console.log(out.join('\n'));
    await t.close();
  });
});
