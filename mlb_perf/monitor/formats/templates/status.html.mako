## The state of a database: findings, then plots, then the checks that found nothing.
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
<%include file="style.css"/>\
</style>
</head>
<body>
<header>
<h1>${heading}</h1>
<p class="soft">${about}</p>
</header>
<main>
% for finding in wrong:
<section class="finding ${finding.severity}">
<p><b>${finding.severity}</b> ${finding.object} <span class="soft">${finding.probe}</span> ${finding.figure}</p>
<p>${finding.meaning}</p>
% if finding.remedy:
<code>${finding.remedy}</code>
% endif
</section>
% endfor
<div class="plots">
% for plot in plots:
<figure>
<figcaption>${plot.title}</figcaption>
% if plot.note:
<p class="soft">${plot.note}</p>
% else:
<div class="plot">
<div class="y">
% for label in plot.levels:
<span>${label}</span>
% endfor
</div>
<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${plot.title}">
% for y in (0, 50, 100):
<line class="grid" x1="0" y1="${y}" x2="100" y2="${y}"/>
% endfor
% for line in plot.lines:
<polyline class="${line.kind}" points="${line.points}"><title>${line.name}</title></polyline>
% endfor
</svg>
<div class="x">
% for label in plot.moments:
<span>${label}</span>
% endfor
</div>
</div>
<ul>
% for line in plot.legend:
<li><i class="${line.kind}"></i>${line.name}: ${line.latest}</li>
% endfor
</ul>
% endif
</figure>
% endfor
</div>
<h2>${checks}</h2>
<table>
% for finding in well:
<tr><td>${finding.probe}</td><td>${finding.figure}</td><td>${finding.meaning}</td></tr>
% endfor
</table>
</main>
</body>
</html>
