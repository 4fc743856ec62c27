-- What is done to the table is done to its shadow, in the same transaction.
--
-- SECURITY DEFINER, because who writes to the table needs no right to the shadow.
-- An upsert, because the copy may not have come to the row yet, or may just have
-- been there; a change of the key is a deletion and an insertion.
--
-- A session in REPEATABLE READ does not see a row that was copied after its
-- snapshot, and would delete nothing: the row would rise again after the swap.
-- The insertion before the deletion meets such a row, and is the serialization
-- failure (40001) that every session of that isolation level must expect.
-- TRUNCATE cascades to nothing but what the table's own has to cascade to.

CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $sync$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE {shadow} CASCADE;
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ({old_key}) IS DISTINCT FROM ({new_key}) THEN
        IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
            INSERT INTO {shadow} ({columns})
            VALUES ({old_columns})
            ON CONFLICT ({key}) DO NOTHING;
        END IF;
        DELETE FROM {shadow} WHERE ({key}) = ({old_key});
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {shadow} ({columns})
        VALUES ({new_columns})
        ON CONFLICT ({key}) DO UPDATE SET {assignments};
    END IF;
    RETURN NULL;
END
$sync$
