UNIT_TESTS              += tree_start
tree_start_test.modules :=
tree_start_test.sources := tests/unit/tree_start/test_tree_start.c boards/tree/start.c
