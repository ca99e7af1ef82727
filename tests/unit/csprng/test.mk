UNIT_TESTS          += csprng
csprng_test.modules :=
csprng_test.sources := tests/unit/csprng/test_csprng.c runtime/random/csprng.c
