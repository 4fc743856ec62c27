-- Applies each change of the table to its shadow, in the same transaction.
--
-- The row comes from the table, by its key, and not from NEW: a trigger of a user may have changed
-- it again before this one is called, in any order of their names. A deletion leaves a row that such
-- a trigger has inserted again.
--
-- SECURITY DEFINER, because a writer needs no right to the shadow. An upsert, because the copy may
-- or may not have reached the row; a change of the key is a deletion and an insertion.
--
-- A session in REPEATABLE READ does not see a row that was copied after its snapshot, and would
-- delete nothing: the row would come back after the swap. The insertion before the deletion meets
-- such a row and raises the serialization failure (40001) that every session of that isolation
-- level must expect.
--
-- TRUNCATE of a partition deletes the rows that the partition takes. TRUNCATE of the table
-- cascades to nothing that the table's own TRUNCATE has not truncated already.

CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $sync$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'TRUNCATE' AND TG_RELID = {live_oid} THEN
        TRUNCATE {shadow} CASCADE;
        RETURN NULL;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        -- NULL, and nothing to do, if the partition has been detached.
        EXECUTE coalesce(
            $delete$
            DELETE FROM {shadow} AS s
            WHERE ({key_s}) IN (
                SELECT {key} FROM (SELECT {old_of_shadow} FROM {shadow} AS r) AS r ({old_names}) WHERE
            $delete$ || pg_get_partition_constraintdef(TG_RELID) || ')',
            'SELECT'
        );
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ({old_key}) IS DISTINCT FROM ({new_key}) THEN
        IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
            INSERT INTO {shadow} ({columns})
            SELECT {row_values} FROM (SELECT OLD.*) AS r
            ON CONFLICT ({key}) DO NOTHING;
        END IF;
        DELETE FROM {shadow} AS s
        WHERE ({key_s}) = ({old_key})
            AND NOT EXISTS (SELECT FROM {live} AS r WHERE ({key_r}) = ({old_key}));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {shadow} ({columns})
        SELECT {row_values}
        FROM {live} AS r
        WHERE ({key_r}) = ({new_key})
        ON CONFLICT ({key}) DO UPDATE SET {assignments};
    END IF;
    RETURN NULL;
END
$sync$
