## A plot as SVG; kind is the CSS class that shows it on a wide or on a narrow screen.
<%page args="plot, kind"/>\
<svg class="${kind}" viewBox="0 0 ${f'{plot.width:g} {plot.height:g}'}" \
width="${f'{plot.width:g}'}" height="${f'{plot.height:g}'}" role="img" aria-label="${plot.label}">
% for mark in plot.marks:
<${mark.tag} class="${mark.kind}"\
% for name, value in mark.attributes.items():
 ${name}="${value}"\
% endfor
>${mark.words}\
% if mark.says:
<title>${mark.says}</title>\
% endif
</${mark.tag}>
% endfor
</svg>
