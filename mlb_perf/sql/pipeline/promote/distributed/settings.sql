-- Reference tables are read and written by turns in one transaction, which Citus refuses where it does
-- so on several connections; and what is temporary is of this node.
-- One connection to each node: the statements of a batch are small, and on its other connections a node
-- reads its catalog again for each partition of each shard. Sessions work side by side (--workers).
SET citus.max_adaptive_executor_pool_size = 1;
SET citus.multi_shard_modify_mode = 'sequential';
SET citus.enable_ddl_propagation = off
