/** The HTML report's only style sheet; its digest stands in the content security policy. System fonts, the PDF's palette. */
export const STYLESHEET = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: #1B2430; background: #fff; font: 1rem/1.55 "DejaVu Sans", "Segoe UI", system-ui, sans-serif; }
header, footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; color: #525E6B; font-size: .85rem; }
header { border-bottom: 1px solid #C9D1D9; }
footer { border-top: 1px solid #C9D1D9; margin-top: 2.5rem; }
h1, h2 { color: #1F3A5F; line-height: 1.25; }
h1 { font-size: 1.7rem; margin: 1.6rem 0 1rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
.verdict { border: 2px solid; padding: 1rem 1.2rem; display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; }
.verdict strong { font-size: 2rem; line-height: 1.1; }
.verdict span { color: #1B2430; }
.verdict .mark { font-size: 2rem; line-height: 1; color: inherit; }
.cleared { color: #1C6242; background: #E8F2EC; }
.held { color: #8F1D1D; background: #F8EAEA; }
.incomplete { color: #7A4E00; background: #FAF1DF; }
dl { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; }
dt { font-weight: bold; color: #525E6B; }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
code { font: .85em/1.5 "DejaVu Sans Mono", ui-monospace, monospace; overflow-wrap: anywhere; unicode-bidi: isolate; }
svg { width: 100%; height: 1.5rem; border: 1px solid #525E6B; display: block; margin: .5rem 0 1rem; }
.scroll { overflow-x: auto; margin: .6rem 0 1.2rem; }
.scroll:focus-visible { outline: 3px solid #1F3A5F; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #E1E6EB; overflow-wrap: break-word; }
thead th { color: #525E6B; border-bottom: 1px solid #C9D1D9; overflow-wrap: normal; }
tbody th { font-weight: normal; }
details { margin: .4rem 0; }
summary { cursor: pointer; }
summary:focus-visible { outline: 3px solid #1F3A5F; }
@media print { body { max-width: none; padding: 0; font-size: 9pt; } .scroll { overflow: visible; } tr, .verdict { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } @page { margin: 18mm; } }
`;
