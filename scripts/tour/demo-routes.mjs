/** The public part of the server; fields as in entry-routes.mjs. */
const VIENNA = 2761369;

export const demoSteps = [
  { title: 'The probe of a load balancer', path: '/health' },
  { title: 'A slow question: 100 kilometres around Vienna', path: `/cities/${VIENNA}/nearby?radius=100&limit=2` },
  { title: 'The same again, from the cache', path: `/cities/${VIENNA}/nearby?radius=100&limit=2` },
  { title: 'One city', path: `/cities/${VIENNA}` },
  { title: 'A search', path: '/cities?search=burg&country=AT&limit=2' },
  { title: 'Figures of a country, cached by a service method', path: '/countries/AT/statistics' },
  { title: 'A write needs a token', method: 'PATCH', path: `/cities/${VIENNA}`, body: { name: 'Wien' }, expect: 401 },
  {
    title: 'and the scope cache:write',
    method: 'PATCH',
    path: `/cities/${VIENNA}`,
    body: { name: 'Wien' },
    as: 'read',
    expect: 403,
  },
  { title: 'The write', method: 'PATCH', path: `/cities/${VIENNA}`, body: { name: 'Wien' }, as: 'write' },
  { title: 'What the cache knew of the city is gone, and the new name is there', path: `/cities/${VIENNA}` },
  {
    title: 'Bad input: a field that cannot be changed',
    method: 'PATCH',
    path: `/cities/${VIENNA}`,
    body: { country: 'DE' },
    as: 'write',
    expect: 400,
  },
  { title: 'Bad input: a radius that is none', path: `/cities/${VIENNA}/nearby?radius=-1`, expect: 400 },
  { title: 'A city that does not exist', path: '/cities/1', expect: 404 },
];
