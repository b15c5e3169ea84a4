/** How a report looks: on screens, in the dark and on paper. */
export const STYLE = `
:root{--bg:#fff;--ink:#1c2024;--dim:#60686f;--rule:#d9dde1;--soft:#f3f5f7;--ok:#18794e;--fail:#c62a2f;--maybe:#946800;--accent:#0b68cb;
--e0:#4e79c4;--e1:#d9822b;--e2:#2f9e6e;--e3:#a65bb5;--e4:#b8952a;--e5:#c4535f;--e6:#3a9dad;--e7:#7d7f45;--down:#c9ced3;--shade:#c62a2f22}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--ink:#e6e9ec;--dim:#98a1a9;--rule:#333a40;--soft:#1d2226;--ok:#4cc38a;--fail:#ff6369;--maybe:#f1a10d;--accent:#70b8ff;
--e0:#5c8be0;--e1:#dd8d3c;--e2:#3aae7c;--e3:#b86fc7;--e4:#c5a437;--e5:#d5636f;--e6:#46adbd;--e7:#8f9155;--down:#3a4046;--shade:#ff636933}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"DejaVu Sans",sans-serif}
h1{margin:.2rem 0;font-size:1.7rem}h2{margin:2rem 0 .6rem;font-size:1.2rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}
.verdict{display:inline-block;margin:0;padding:.1rem .7rem;border-radius:.3rem;color:var(--bg);font-weight:700;letter-spacing:.05em}
.verdict.pass{background:var(--ok)}.verdict.fail{background:var(--fail)}.verdict.inconclusive{background:var(--maybe)}
.teaches,.dim,figcaption,.legend{color:var(--dim)}figcaption,.legend{font-size:.85rem}
code,pre,kbd{font:13px/1.45 ui-monospace,"DejaVu Sans Mono",monospace}
pre{background:var(--soft);padding:.7rem;overflow:auto;border-radius:.3rem;white-space:pre-wrap}
kbd{border:1px solid var(--rule);border-radius:.2rem;padding:0 .25rem;background:var(--soft)}
.command code{background:var(--soft);padding:.25rem .5rem;border-radius:.3rem}
nav{position:sticky;top:0;z-index:2;background:var(--bg);padding:.4rem 0;border-bottom:1px solid var(--rule)}nav a{margin-right:1rem}
a{color:var(--accent)}button{font:inherit;padding:.1rem .6rem;border:1px solid var(--rule);border-radius:.3rem;background:var(--soft);color:inherit;cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem}th{text-align:left;color:var(--dim);font-weight:600}
th,td{padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--rule);vertical-align:top}td.number{text-align:right;font-variant-numeric:tabular-nums}
.badge{font-weight:700}.badge.pass{color:var(--ok)}.badge.fail,strong.fail{color:var(--fail)}.badge.inconclusive{color:var(--maybe)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:1rem}figure{margin:0 0 1rem}
svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font:11px system-ui,"DejaVu Sans",sans-serif}
.tick,.label{fill:var(--dim)!important}.grid{stroke:var(--rule)}.line{fill:none;stroke:var(--e0);stroke-width:1.6}
.rule{stroke:var(--fail);stroke-dasharray:4 3}.shade{fill:var(--shade)}
.key{display:inline-block;width:.8em;height:.8em;margin-right:.3em;border-radius:2px}
.part0{fill:var(--e0);background:var(--e0)}.part1{fill:var(--e1);background:var(--e1)}.part2{fill:var(--e2);background:var(--e2)}.part3{fill:var(--e3);background:var(--e3)}.part4{fill:var(--e6);background:var(--e6)}
.series0{stroke:var(--e0)}.series1{stroke:var(--e1)}.series2{stroke:var(--e2)}.series3{stroke:var(--e3)}.series4{stroke:var(--e4)}.series5{stroke:var(--e5)}.series6{stroke:var(--e6)}.series7{stroke:var(--e7)}
i.series0{background:var(--e0)}i.series1{background:var(--e1)}i.series2{background:var(--e2)}i.series3{background:var(--e3)}i.series4{background:var(--e4)}i.series5{background:var(--e5)}i.series6{background:var(--e6)}i.series7{background:var(--e7)}
.diagram{border:1px solid var(--rule);border-radius:.4rem;padding:.6rem}.diagram .canvas{touch-action:none;cursor:grab;user-select:none}.diagram .canvas svg{height:auto}
.diagram .details{min-height:5.5rem;font-size:.88rem;border-top:1px solid var(--rule);padding-top:.4rem;overflow-wrap:anywhere}
.lane{stroke:var(--rule)}.segment{stroke:var(--bg);stroke-width:.6}.epoch0{fill:var(--e0)}.epoch1{fill:var(--e1)}.epoch2{fill:var(--e2)}.epoch3{fill:var(--e3)}.epoch4{fill:var(--e4)}.epoch5{fill:var(--e5)}.epoch6{fill:var(--e6)}.epoch7{fill:var(--e7)}
.segment.down{fill:var(--down)}.segment.follower,.segment.learner{opacity:.45}.segment.precandidate{opacity:.7}
.role{font-weight:700!important;pointer-events:none}.band{fill:var(--shade);stroke:var(--fail);stroke-width:.5}
.arrow{fill:none;stroke:var(--dim);stroke-width:.9;opacity:.75}.arrow.vote{stroke:var(--e1)}.arrow.reply{stroke-dasharray:3 2}.arrow.dropped{stroke:var(--fail);opacity:1}.arrow.heartbeat{opacity:.3}
.mark{fill:var(--ink)}.mark.win{fill:var(--ok)}.mark.violation,.mark.fault{fill:var(--fail)}.evidence{stroke:var(--fail);stroke-width:2.5}
.faded{opacity:.08!important}.cause{stroke:var(--accent)!important;opacity:1!important;stroke-width:2!important}.mark.cause{fill:var(--accent)}
.hit{stroke:transparent;stroke-width:9;fill:none;cursor:pointer}
@media print{nav,button,.diagram .details,.dim kbd{display:none}body{max-width:none;padding:0}section{break-inside:avoid}details{display:block}}
`;
