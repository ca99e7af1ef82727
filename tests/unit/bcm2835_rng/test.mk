UNIT_TESTS               += bcm2835_rng
bcm2835_rng_test.modules :=
bcm2835_rng_test.sources := tests/unit/bcm2835_rng/test_bcm2835_rng.c
