-- Switches the lock timeout off; the value that it had, and the session's process.

WITH before AS MATERIALIZED (
    SELECT current_setting('lock_timeout') AS lock_timeout, pg_backend_pid() AS pid
)
SELECT b.lock_timeout, b.pid, set_config('lock_timeout', '0', false) FROM before AS b
