## Sections and their pieces, from the values of section.py.
<%def name="section(it)">
<section id="${it.name}">
<h2>${it.title}</h2>
% for words in (it.text, it.result):
% if words:
${prose(words)}
% endif
% endfor
% if it.legend:
<div class="legend">
% for kind, words in it.legend.items():
<span><i class="${kind}"></i>${words}</span>
% endfor
</div>
% endif
<div class="${'panels' if it.in_panels else 'plots'}">
% for figure in it.figures:
<figure>
% if figure.title:
<h3>${figure.title}</h3>
% endif
% for kind, plot in figure.plots.items():
<%include file="svg.html.mako" args="plot=plot, kind=kind"/>
% endfor
</figure>
% endfor
</div>
% for each in it.tables:
${table(each)}
% endfor
% if it.lines:
<pre>
% for line in it.lines:
${line}
% endfor
</pre>
% endif
</section>
</%def>

## A paragraph; what stands between backticks is code.
<%def name="prose(text)">
<p>\
% for number, part in enumerate(text.split("`")):
% if number % 2:
<code>${part}</code>\
% else:
${part}\
% endif
% endfor
</p>
</%def>

## A table that scrolls sideways where it is wider than the screen.
<%def name="table(it)">
% if it.rows:
<div class="table" tabindex="0">
<table class="${'words' if it.words == len(it.columns) else ''}">
<thead><tr>
% for number, column in enumerate(it.columns):
<th class="${'word' if number < it.words else ''}">${column}</th>
% endfor
</tr></thead>
<tbody>
% for row in it.rows:
<tr>
% for number, value in enumerate(row):
<td class="${cell_class(number, value, it.words)}">${value}</td>
% endfor
</tr>
% endfor
</tbody>
</table>
</div>
% endif
</%def>
<%!
LONG = 60
VERDICTS = {"yes": "yes", "met": "yes", "no": "no", "not met": "no"}

def cell_class(number, value, words):
    kinds = ["word" if number < words else "", "long" if len(value) > LONG else ""]
    return " ".join(filter(None, [*kinds, VERDICTS.get(value)]))
%>
