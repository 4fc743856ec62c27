-- A query on a node, whose session has the usual search_path: another role may have placed functions
-- there that fit better. So the path is pinned before query_to_xml() parses the query.
SELECT pg_catalog.convert_from(pg_catalog.decode(
    ((pg_catalog.xpath('/table/row/digits/text()', pg_catalog.query_to_xml({query}, false, false, '')))[1])
    ::pg_catalog.text, 'hex'), 'UTF8')
FROM (SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) AS path) AS pinned
WHERE pinned.path IS NOT NULL
