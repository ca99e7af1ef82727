UNIT_TESTS          += csprng
csprng_test.modules :=
csprng_test.sources := tests/unit/csprng/test_csprng.c runtime/random/csprng.c
# The generator of boards of little memory.
UNIT_TESTS                += csprng_short
csprng_short_test.modules :=
csprng_short_test.sources := tests/unit/csprng/test_csprng_short.c runtime/random/csprng_short.c base/siphash.c
csprng_short_test.flags   := -DBOARD_IS_SMALL
