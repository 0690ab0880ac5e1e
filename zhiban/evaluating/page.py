"""The report as one HTML page: nothing is fetched, light and dark, readable on a phone."""

from __future__ import annotations

from html import escape

from zhiban.evaluating.report import Plot, Report, Section, Table

_CSS = """
:root{color-scheme:light dark;--ink:#1f2933;--page:#fff;--soft:#5b6875;--line:#d5dbe1;--shade:#f4f6f8}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaee;--page:#14181c;--soft:#a4b0bc;--line:#38424c;--shade:#1d242a}}
body{margin:0 auto;padding:1rem;max-width:62rem;color:var(--ink);background:var(--page);line-height:1.5;
font-family:system-ui,"Noto Sans CJK SC","WenQuanYi Micro Hei","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
.wide{overflow-x:auto;margin:.8rem 0}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.3rem 0}td,th{padding:.25rem .6rem;border-bottom:1px solid var(--line);
text-align:left;white-space:nowrap}thead th{background:var(--shade)}tbody th{font-weight:500}
.words td,.words th{white-space:normal;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--shade);padding:.6rem;border-radius:.4rem;font-size:.85rem}
figure{margin:1rem 0}svg{width:100%;max-width:36rem;height:auto;color:var(--ink)}
figcaption{color:var(--soft);font-size:.9rem}
"""


def page(report: Report) -> str:
    """A whole document."""
    facts = _table(Table(("", ""), report.facts), "words")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        # No script runs and nothing is fetched, whatever the texts of a user's file hold.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(report.title)}</title><style>{_CSS}</style></head><body><main><h1>{escape(report.title)}</h1>"
        f"{facts}{''.join(map(_section, report.sections))}</main></body></html>\n"
    )


def _section(section: Section) -> str:
    parts = [f"<section><h2>{escape(section.title)}</h2>"]
    parts += [f"<p>{escape(words)}</p>" for words in section.text.split("\n\n") if words]
    parts += [f"<pre>{escape(section.command)}</pre>"] if section.command else []
    parts += [_table(table) for table in section.tables]
    parts += [_figure(plot) for plot in section.plots]
    return "".join(parts) + "</section>"


def _table(table: Table, kind: str = "") -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    head = f"<thead><tr>{head}</tr></thead>" if any(table.head) else ""
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in table.rows
    )
    return f'<div class="wide"><table class="{kind}">{caption}{head}<tbody>{rows}</tbody></table></div>'


def _figure(plot: Plot) -> str:
    return f"<figure>{plot.svg}<figcaption>{escape(plot.caption)}</figcaption></figure>"
