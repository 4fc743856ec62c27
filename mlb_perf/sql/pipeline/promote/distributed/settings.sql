-- Reference tables are read and written by turns in one transaction, which Citus refuses where it does
-- so on several connections; and what is temporary is of this node.
SET citus.multi_shard_modify_mode = 'sequential';
SET citus.enable_ddl_propagation = off
