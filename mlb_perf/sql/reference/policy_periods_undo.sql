-- Undo of policy_periods.sql: rows of weeks and days stay, and the constraint is NOT VALID if there are any.
-- squawk-ignore ban-drop-constraint
ALTER TABLE performance_monitoring.partition_policies DROP CONSTRAINT ck_partition_policies_strategy;
ALTER TABLE performance_monitoring.partition_policies
    ADD CONSTRAINT ck_partition_policies_strategy CHECK (strategy IN ('month', 'hash')) NOT VALID;
COMMENT ON COLUMN performance_monitoring.partition_policies.strategy IS
    'month: a range of one month UTC; or hash';
DO $validate$
BEGIN
    IF NOT EXISTS (
        SELECT FROM performance_monitoring.partition_policies AS p WHERE p.strategy IN ('week', 'day')
    ) THEN
        ALTER TABLE performance_monitoring.partition_policies VALIDATE CONSTRAINT ck_partition_policies_strategy;
    END IF;
END
$validate$;
