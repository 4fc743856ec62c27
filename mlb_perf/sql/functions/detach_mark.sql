-- drop: FUNCTION performance_monitoring.detach_mark(text)
-- The mark that a command wrote into the comment of a partition on its way out, or a row of NULLs
-- where the comment cannot be read as one: any owner of a table may have written it.
CREATE FUNCTION performance_monitoring.detach_mark(
    description text,
    OUT parent_schema text, OUT parent_table text,
    OUT range_start timestamptz, OUT range_end timestamptz, OUT detached_at timestamptz,
    OUT former_comment text, OUT former_checks jsonb
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    mark jsonb;
BEGIN
    mark := substr(description, length('mlb_perf detached: ') + 1);
    range_start := mark ->> 'start';
    range_end := mark ->> 'end';
    detached_at := mark ->> 'detached_at';
    former_comment := mark ->> 'comment';
    former_checks := mark -> 'checks';
    -- Within the years that clients can read, and names alone.
    IF range_start NOT BETWEEN '0002-01-01' AND '9998-12-31'
        OR range_end NOT BETWEEN '0002-01-01' AND '9998-12-31'
        OR detached_at NOT BETWEEN '0002-01-01' AND '9998-12-31'
        OR jsonb_path_exists(former_checks, 'strict $.type() ? (@ != "array")')
        OR jsonb_path_exists(former_checks, '$[*].type() ? (@ != "string")')
    THEN
        RETURN;
    END IF;
    parent_schema := mark ->> 'schema';
    parent_table := mark ->> 'table';
EXCEPTION
    WHEN data_exception THEN
        parent_table := NULL;
END
$function$;

COMMENT ON FUNCTION performance_monitoring.detach_mark(text) IS
    'What the comment of a partition on its way out says; NULLs where it cannot be read';
REVOKE ALL ON FUNCTION performance_monitoring.detach_mark(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_monitoring.detach_mark(text) TO pg_monitor;
