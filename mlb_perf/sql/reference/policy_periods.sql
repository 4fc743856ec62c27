-- Policies of tables by week and by day. The wider rule takes the place of the narrower one: no row
-- that a client may write is refused.
-- squawk-ignore ban-drop-constraint
ALTER TABLE performance_monitoring.partition_policies DROP CONSTRAINT ck_partition_policies_strategy;
ALTER TABLE performance_monitoring.partition_policies
    ADD CONSTRAINT ck_partition_policies_strategy CHECK (strategy IN ('month', 'week', 'day', 'hash')) NOT VALID;
-- A table of some rows is validated in a moment.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE performance_monitoring.partition_policies VALIDATE CONSTRAINT ck_partition_policies_strategy;
COMMENT ON COLUMN performance_monitoring.partition_policies.strategy IS
    'month, week or day: a range of that length UTC; or hash';
