/** The look of the HTML report, light and dark as the reader's system is. */
export const STYLESHEET = `
:root { color-scheme: light dark; --text: #1d2330; --dim: #667085; --line: #e3e6ec; --page: #fff; --card: #f7f8fa;
  --critical: #b42318; --high: #c4441c; --medium: #a15c07; --low: #1f5fae; --info: #667085; --good: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --dim: #98a2b3; --line: #2d3442; --page: #14181f; --card: #1b202a;
  --critical: #ff8a7a; --high: #ff9b6b; --medium: #f0b75a; --low: #7fb3f5; --info: #98a2b3; --good: #5ccf94; } }
* { box-sizing: border-box; }
body { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; color: var(--text); background: var(--page);
  font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.35rem; margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; }
header p, .dim { color: var(--dim); }
header p { margin: .4rem 0 0; }
code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.score { display: flex; flex-wrap: wrap; gap: 2rem; margin: 1.5rem 0; }
.score div { display: flex; flex-direction: column; color: var(--dim); }
.score b { font-size: 2.4rem; line-height: 1.1; color: var(--text); font-variant-numeric: tabular-nums; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); } .info { color: var(--info); }
.severity { font-weight: 600; }
article { margin: 1rem 0; padding: .9rem 1.1rem; background: var(--card); border-left: 3px solid currentColor; border-radius: 4px; }
article > * { color: var(--text); }
article p { margin: .35rem 0; }
article .dim { font-size: .9rem; color: var(--dim); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .6rem 0 0; }
dt { color: var(--dim); }
dd { margin: 0; }
ol { margin: 0; padding-left: 1.2rem; }
details { margin: .6rem 0; }
summary { cursor: pointer; }
li { margin: .15rem 0; }
@media print { details:not([open]) > * { display: block; } article { break-inside: avoid; } }
`;
