"""``op.rebuild_table``: a table gets a new shape while others read and write it.

The way: a shadow table of the new shape, a trigger that keeps it in step, a
copy in small batches, its indexes and foreign keys, verification, and a swap
under a lock of some milliseconds. Each phase is kept in
the journal, so that a run that was cut off goes on.
"""
