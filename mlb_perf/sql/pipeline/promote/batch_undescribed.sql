-- Whether a row of the batch says of its game what is not stored: it came after the games were
-- described.
SELECT EXISTS (
    SELECT 1
    FROM told_change AS c
    {differs}
)
