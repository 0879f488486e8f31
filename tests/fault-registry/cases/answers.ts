import type { Answer } from '../http'
import { answer } from '../http'
import type { Fault } from '../registry'
import { flap, status } from '../toxics'
import { at, EACH_SORT, LISTINGS, type Place, type Scenario } from './case'
import { strikes, type World } from './world'

/** The request is answered with a redirect to wherever this says. */
const leads =
  (to: (world: World, path: string) => string) =>
  (world: World): Fault => ({
    strikes: strikes(world),
    lie: (_sound, { path }) => answer(302, '', { location: to(world, path) }),
  })

/** Answers as this says, for what is struck. */
const lies =
  (lie: NonNullable<Fault['lie']>) =>
  (world: World): Fault => ({ strikes: strikes(world), lie })

/** In whatever form a program may read them, and a careless one take them for names. */
const INSIDE = [
  ...['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/latest/', 'http://[fe80::1]/'],
  ...[
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://0xa9fea9fe/',
    'http://[::ffff:169.254.169.254]/',
  ],
  ...['http://0.0.0.0:22/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[2002:a9fe:a9fe::]/'],
]
/** The console's own networks: closed to a registry that is outside of them. */
const AT_HOME = (port: string) => [
  ...[`http://127.0.0.1:${port}/at-home`, `http://localhost:${port}/at-home`, `http://[::1]:${port}/at-home`],
  ...[`http://[::ffff:127.0.0.1]:${port}/at-home`, `http://2130706433:${port}/at-home`],
  ...[
    `http://0177.0.0.1:${port}/at-home`,
    `http://127.1:${port}/at-home`,
    'http://10.0.0.1/',
    'http://192.168.0.1/',
  ],
]

const IN_TURN: readonly Place[] = ['pack:catalog', 'oci:content', 'helm:content']
const turn = (i: number): Place[] => [IN_TURN[i % IN_TURN.length] as Place]

/** Redirects. Cases 17 to 23. */
export const redirects: Scenario[] = [
  ...at(EACH_SORT, 17, 'a redirect to itself', {
    says: /redirects more than/,
    fault: leads((_, path) => path),
  }).map(noQuestionIsRedirected),
  ...at(EACH_SORT, 18, 'a chain of redirects', {
    says: /redirects more than/,
    fault: (world) => {
      let hop = 0
      return leads((_, path) => `${path}?hop=${hop++ % 50}`)(world)
    },
  }).map(noQuestionIsRedirected),
  ...INSIDE.flatMap((url, i) =>
    at(turn(i), 19, `a redirect to ${url}`, { says: /not allowed/, fault: leads(() => url) }),
  ),
  ...Array.from({ length: AT_HOME('').length }, (_, i) =>
    at(turn(i), 19, `a redirect from outside to ${AT_HOME('PORT')[i]}`, {
      isPublic: true,
      says: /not allowed|redirects to/,
      fault: leads(({ evil }) => AT_HOME(new URL(evil).port)[i] as string),
    }),
  ).flat(),
  ...at(
    ['pack:catalog', 'distribution:catalog', 'oci:catalog', 'helm:catalog'],
    20,
    'a name that leads inside',
    {
      host: 'registry.example',
      isPublic: true,
      says: /not allowed/,
      fault: (world) => ({ strikes: strikes(world) }),
    },
  ),
  ...at(EACH_SORT, 21, 'a redirect from https to http', {
    isSecure: true,
    says: /from https to http/,
    fault: leads(({ evil }) => `${evil}/plain`),
  }).map(noQuestionIsRedirected),
  ...at(EACH_SORT, 22, 'a redirect to another server', {
    fault: leads(({ evil }) => `${evil}/elsewhere`),
  }).map(noQuestionIsRedirected),
  ...[
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/_HELO',
    'data:application/json,{}',
    'ftp://127.0.0.1/',
  ].flatMap((url) =>
    at(['pack:catalog', 'distribution:manifest', 'oci:content', 'helm:content'], 23, `a redirect to ${url}`, {
      says: /Only http and https/,
      fault: leads(() => url),
    }),
  ),
  ...at(['pack:catalog', 'oci:content', 'helm:content'], 39, 'a redirect with a user name and password', {
    says: /no user name/,
    fault: leads(({ evil }) => evil.replace('://', '://admin:secret@')),
  }),
]

/** A POST is not sent elsewhere: that answer is no answer, and what it would have brought is asked for one by one. */
function noQuestionIsRedirected({ says, ...scenario }: Scenario): Scenario {
  return scenario.endpoint === 'contents' ? scenario : { ...scenario, ...(says && { says }) }
}

const ABSURD = ['-1', '315360000', 'NaN', 'Thu, 31 Dec 9999 23:59:59 GMT', '1e999']

/** Statuses that are none, or come at the wrong time. Cases 25 to 27. */
export const statuses: Scenario[] = [
  ...at(['distribution:catalog', 'oci:catalog'], 25, '401 after the first page', {
    says: /401/,
    fault: (world) => ({
      strikes: strikes(world),
      lie: (sound, { query }) =>
        query.has('last')
          ? status(401)(sound, noRequest, noServed)
          : { ...sound, headers: withNext(sound, '?n=2&last=a') },
    }),
  }),
  ...at(['distribution:content', 'oci:content', 'helm:content'], 25, '401 in the midst of it', {
    ...{ needsPerson: true, ending: ['kept', 'begun'], says: /401/ },
    fault: lies(status(401)),
  }),
  ...at(['distribution:manifest', 'oci:manifest'], 26, '403 with an absurd time to wait', {
    ...{ needsPerson: true, ending: ['kept', 'begun'], says: /403/ },
    fault: lies(status(403, { 'retry-after': '-1' })),
  }),
  ...at(['helm:content'], 26, '403 with an absurd time to wait', {
    says: /403/,
    fault: lies(status(403, { 'retry-after': '-1' })),
  }),
  ...[404, 410, 418].flatMap((code) =>
    at(
      [...LISTINGS, 'distribution:manifest', 'oci:content', 'helm:content'],
      26,
      `${code} with an absurd time to wait`,
      {
        // Our server's listing is not there at servers of others: they are read name by name, and so is it.
        ...(code === 404 && { ending: ['kept', 'aside', 'sound', 'held'] as const }),
        fault: lies(status(code, { 'retry-after': '315360000' }, 'I am not there')),
      },
    ),
  ),
  ...ABSURD.flatMap((wait, i) =>
    at([LISTINGS[i % LISTINGS.length] as Place], 26, `429 that asks to wait ${wait}`, {
      says: /asks to wait/,
      fault: lies(status(429, { 'retry-after': wait })),
    }),
  ),
  ...ABSURD.flatMap((wait) =>
    at(['distribution:content', 'oci:manifest', 'helm:content'], 26, `503 that asks to wait ${wait}`, {
      ending: ['kept', 'begun', 'aside'],
      fault: lies(status(503, { 'retry-after': wait })),
    }),
  ).filter((_, i) => i % 2 === 0),
  ...at([...LISTINGS, 'oci:catalog'], 26, 'a page that says it is down for maintenance', {
    says: /\S/,
    fault: lies(() => answer(200, '<!doctype html><h1>Back soon</h1>', { 'content-type': 'text/html' })),
    // A page in the place of our listing: whether there is another listing is asked, and that one is sound.
    ending: ['kept', 'sound'],
  }),
  ...at(EACH_SORT, 27, '500 on one item', { fault: lies(status(500)) }),
  ...at(['distribution:manifest', 'oci:content', 'helm:content'], 27, '500 on every other item', {
    fault: ({ endpoint }) => {
      const every = flap(2)
      return {
        ...every,
        strikes: (served, request) => served.endpoint === endpoint && !!every.strikes?.(served, request),
      }
    },
  }),
]

// An OCI registry that accepted the credentials a moment before keeps its list of repositories closed: no account is at risk.
for (const one of statuses) if (one.number === 25 && one.kind === 'distribution') one.needsPerson = true

const noRequest = {} as Parameters<NonNullable<Fault['lie']>>[1]
const noServed = {} as Parameters<NonNullable<Fault['lie']>>[2]
export const withNext = ({ headers }: Answer, query: string): Answer['headers'] => ({
  ...headers,
  link: `<${query}>; rel="next"`,
})
