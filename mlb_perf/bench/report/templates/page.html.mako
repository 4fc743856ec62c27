<%namespace name="parts" file="section.html.mako"/>\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>mlb_perf: benchmark</title>
<style>
<%include file="style.css"/>\
</style>
</head>
<body>
<header>
<h1>mlb_perf: ${overview.title}</h1>
% if overview.warning:
<div class="warning" role="note">${parts.prose(overview.warning)}</div>
% endif
% if overview.sentences:
<p class="lead">${" ".join(overview.sentences)}</p>
% endif
${parts.table(overview.table)}
${parts.table(overview.against)}
<p class="muted">${overview.dateline}</p>
<nav>
% for each in sections:
<a href="#${each.name}">${each.title}</a>
% endfor
</nav>
</header>
% for each in sections:
${parts.section(each)}
% endfor
% if missing:
<p class="muted">Not measured in this run: ${", ".join(missing)}.</p>
% endif
</body>
</html>
