    -- The polls of one feed in the nine days before its newest row; rows of one minute are one poll.
    SELECT '{table}' AS raw_table, max(collected_at) AS collected_at, max(ingested_at) AS ingested_at
    FROM raw_data.{table}
    WHERE collected_at <= now()
        AND collected_at > (SELECT max(collected_at) FROM raw_data.{table}) - interval '9 days'
    GROUP BY date_trunc('minute', collected_at)
