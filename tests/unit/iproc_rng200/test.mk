UNIT_TESTS                += iproc_rng200
iproc_rng200_test.modules :=
iproc_rng200_test.sources := tests/unit/iproc_rng200/test_iproc_rng200.c
